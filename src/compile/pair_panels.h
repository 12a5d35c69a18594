// Panels of pairs: the layout of a weight rounded to bf16. Instructions for bf16 multiply two
// inputs at once, so a panel holds its columns for inputs 0 and 1, then for inputs 2 and 3, ... A
// step is 32 inputs, and inputs are padded with zeros to whole steps.
#pragma once

#include "compile/panels.h"

namespace sinapse {

inline constexpr int64_t kRoundedStep = 32;  // inputs of a step

/// A matrix of `depth` rows, whole steps, and `columns` columns. Places count pairs, each as large
/// as a float.
struct PairPanels {
  Panels panels;

  int64_t count() const { return panels.count(); }
  int64_t width(int64_t panel) const { return panels.width(panel); }
  int64_t num_steps() const { return panels.depth / kRoundedStep; }
  int64_t size() const { return panels.size() / 2; }
  int64_t offset(int64_t panel) const { return panels.offset(panel) / 2; }
  /// Of the pair whose first one stands in an even row.
  int64_t index(int64_t row, int64_t column) const {
    const int64_t panel = column / kPanelWidth;
    return offset(panel) + row / 2 * width(panel) + column % kPanelWidth;
  }
};

/// The order of a weight [outputs, inputs, window...]: by step, place in the window, input.
inline WeightOrder rounded_order_of(const Shape& weight) {
  WeightOrder order = order_of(weight);
  order.block = kRoundedStep;
  return order;
}
inline WeightOrder rounded_transposed_order_of(const Shape& weight) {
  WeightOrder order = transposed_order_of(weight);
  order.block = kRoundedStep;
  return order;
}

inline PairPanels pair_panels_of(const Shape& weight) {
  return {{.depth = rounded_order_of(weight).depth(), .columns = weight[0]}};
}
inline PairPanels transposed_pair_panels_of(const Shape& weight) {
  return {{.depth = rounded_transposed_order_of(weight).depth(), .columns = weight[1]}};
}

}  // namespace sinapse
