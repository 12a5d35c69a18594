#include "features/column_inputs.h"

#include <stdexcept>

namespace sinapse {

namespace {

class Inputs {
 public:
  ColumnInputs& of(const std::string& column) {
    const auto same = [&](const ColumnInputs& inputs) { return inputs.column == column; };
    const auto found = std::find_if(columns_.begin(), columns_.end(), same);
    if (found != columns_.end()) return *found;
    return columns_.emplace_back(ColumnInputs{.column = column});
  }
  void append(const std::string& column, int64_t count) {
    ColumnInputs& inputs = of(column);
    for (int64_t i = 0; i < count; ++i) inputs.dense.push_back(width_++);
  }
  int64_t width() const { return width_; }
  std::vector<ColumnInputs> take() { return std::move(columns_); }

 private:
  std::vector<ColumnInputs> columns_;
  int64_t width_ = 0;
};

}  // namespace

// The order is that of Features::lay_out.
std::vector<ColumnInputs> column_inputs(const Features& features) {
  Inputs inputs;
  int64_t own = 0;
  for (const NumberGroup& group : kNumberGroups) {
    for (const NumberFeature& f : features.numbers())
      if (group.holds(f)) inputs.append(f.column, f.varies);
    for (const NumberFeature& f : features.numbers())
      if (group.holds(f)) inputs.append(f.column, f.marks_missing);
  }
  for (const CategoryFeature& f : features.categories()) {
    if (f.embedded())
      inputs.of(f.column).own = own++;
    else
      inputs.append(f.column, f.num_places());
  }
  for (const DateFeature& f : features.dates()) inputs.append(f.column, f.width());
  for (const TextFeature& f : features.texts()) inputs.append(f.column, f.width());
  for (const TokenFeature& f : features.tokens()) inputs.of(f.column).own = own++;
  if (inputs.width() != features.first_product())
    throw std::logic_error("column_inputs: the layout of features has changed");
  return inputs.take();
}

}  // namespace sinapse
