#include "explain/changed_rows.h"

#include <algorithm>

namespace sinapse {

size_t input_of(const Features& features, const ColumnInputs& column) {
  if (column.own < 0) return 0;
  return (features.width() > 0 ? 1 : 0) + static_cast<size_t>(column.own);
}

void ChangedRows::copy(const ColumnInputs& column, const Dataset& from, int64_t from_row,
                       int64_t to_row) {
  const int64_t width = features_.width();
  for (const int64_t input : column.dense)
    changed_.inputs[0].numbers[to_row * width + input] =
        from.inputs[0].numbers[from_row * width + input];
  if (column.own < 0) return;
  const size_t input = input_of(features_, column);
  const int64_t columns = changed_.inputs[input].columns;
  std::copy_n(from.inputs[input].numbers.begin() + from_row * columns, columns,
              changed_.inputs[input].numbers.begin() + to_row * columns);
}

void ChangedRows::multiply() {
  if (features_.products().empty()) return;
  float* row = changed_.inputs[0].numbers.data();
  for (int64_t r = 0; r < changed_.rows; ++r, row += features_.width()) {
    float* out = row + features_.first_product();
    for (const auto& [left, right] : features_.products()) *out++ = row[left] * row[right];
  }
}

void ChangedRows::shuffle(const ColumnInputs& column, std::span<const int64_t> order) {
  take(column, original_, order);
}

void ChangedRows::take(const ColumnInputs& column, const Dataset& from,
                       std::span<const int64_t> order) {
  for (int64_t r = 0; r < changed_.rows; ++r) copy(column, from, order[r], r);
  multiply();
}

void ChangedRows::set(const ColumnInputs& column, const Dataset& from, int64_t row) {
  for (int64_t r = 0; r < changed_.rows; ++r) copy(column, from, row, r);
  multiply();
}

void ChangedRows::restore(const ColumnInputs& column) {
  for (int64_t r = 0; r < changed_.rows; ++r) copy(column, original_, r, r);
  multiply();
}

}  // namespace sinapse
