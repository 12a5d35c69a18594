#include "explain/rows.h"

#include <algorithm>

#include "data/philox.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

constexpr int64_t kRowsAtOnce = 512;

void copy_inputs_of(const Dataset& data, std::span<const int64_t> rows, Dataset& copy) {
  std::vector<View<float>> views;
  for (const InputColumns& input : data.inputs) {
    copy.inputs.push_back({.columns = input.columns});
    std::vector<float>& numbers = copy.inputs.back().numbers;
    numbers.resize(rows.size() * input.columns);
    views.push_back({numbers.data(), copy.rows, input.columns, input.columns});
  }
  RowWindow window(data.source.get());
  for (int64_t first = 0; first < copy.rows; first += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, copy.rows - first);
    const float* gathered = window.take(rows, first, count).numbers;
    const int64_t columns = gathered == nullptr ? 0 : data.source->num_columns();
    for (int64_t r = 0; r < count; ++r) {
      copy_inputs(data, rows[first + r], gathered == nullptr ? nullptr : gathered + r * columns,
                  views, first + r);
    }
  }
}

}  // namespace

std::vector<int64_t> draw_rows(std::vector<int64_t> rows, int64_t most, uint64_t seed) {
  const auto count = static_cast<int64_t>(rows.size());
  if (most <= 0 || count <= most) return rows;
  std::vector<int64_t> places =
      RandomStream(seed, purpose_of("rows to explain"), 0).permutation(count);
  places.resize(most);
  std::sort(places.begin(), places.end());
  std::vector<int64_t> drawn;
  for (const int64_t place : places) drawn.push_back(rows[place]);
  return drawn;
}

Dataset copy_rows(const Dataset& data, std::span<const int64_t> rows) {
  Dataset copy{.rows = static_cast<int64_t>(rows.size()), .target_width = data.target_width};
  copy_inputs_of(data, rows, copy);
  if (!data.has_target()) return copy;
  AnswerReader answers(data);
  for (const int64_t row : rows) {
    const Answer answer = answers.at(row);
    copy.target.insert(copy.target.end(), answer.target.begin(), answer.target.end());
    if (data.has_weights()) copy.weights.push_back(answer.weight);
    if (data.has_loss_weights()) copy.loss_weights.push_back(answer.loss_weight);
  }
  return copy;
}

}  // namespace sinapse
