// Panels: the layout of a weight matrix that the product kernels read. The n output columns are cut
// into panels of 64; a panel holds its columns for input 0, then for input 1, ... so that a kernel
// walks it from front to back. The last panel is as narrow as 16 allows; its padding is zero.
#pragma once

#include <algorithm>
#include <cstdint>

#include <sinapse/shape.h>

namespace sinapse {

inline constexpr int64_t kPanelWidth = 64;
inline constexpr int64_t kLaneMultiple = 16;  // floats: one cache line, one AVX-512 vector

constexpr int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// Few outputs: their weights stay in plain order, because vectors run along the inputs.
inline constexpr int64_t kMostNarrowOutputs = 4;
inline bool is_narrow(const Shape& weight) {
  return weight.size() == 2 && weight[0] <= kMostNarrowOutputs;
}

/// A matrix of `depth` rows (what is summed over) and `columns` columns, stored in panels.
struct Panels {
  int64_t depth = 0;
  int64_t columns = 0;

  int64_t count() const { return (columns + kPanelWidth - 1) / kPanelWidth; }
  int64_t width(int64_t panel) const {
    return std::min(kPanelWidth, round_up(columns - panel * kPanelWidth, kLaneMultiple));
  }
  int64_t offset(int64_t panel) const { return panel * kPanelWidth * depth; }
  int64_t size() const { return depth * round_up(columns, kLaneMultiple); }
  int64_t index(int64_t row, int64_t column) const {
    const int64_t panel = column / kPanelWidth;
    return offset(panel) + row * width(panel) + column % kPanelWidth;
  }
  bool operator==(const Panels&) const = default;
};

/// The order in which the weights of one output stand in a panel. Those of a matrix keep theirs.
/// Those of a convolution's filter stand by block of 16 inputs, place in the window, input in its
/// block: a window is then read in whole cache lines. Few inputs, as an image has, make no blocks.
struct WeightOrder {
  int64_t inputs = 0, places = 1, block = 1;

  int64_t depth() const { return round_up(inputs, block) * places; }
  int64_t row(int64_t input, int64_t place) const {
    return (input / block * places + place) * block + input % block;
  }
};

/// Convolutions with at most as many inputs read them in plain order.
inline constexpr int64_t kFewInputs = 4;

/// The order for a weight [outputs, inputs, window...], and for its transposed copy.
inline WeightOrder order_of(const Shape& weight) {
  if (weight.size() < 3) return {.inputs = weight.size() == 2 ? weight[1] : 1};
  return {.inputs = weight[1],
          .places = row_size(weight) / (weight[0] * weight[1]),
          .block = weight[1] <= kFewInputs ? 1 : kLaneMultiple};
}
inline WeightOrder transposed_order_of(const Shape& weight) {
  WeightOrder order = order_of(weight);
  order.inputs = weight[0];
  if (weight.size() > 2) order.block = kLaneMultiple;
  return order;
}

inline Panels panels_of(const Shape& weight) {
  return {.depth = order_of(weight).depth(), .columns = weight[0]};
}
inline Panels transposed_panels_of(const Shape& weight) {
  return {.depth = transposed_order_of(weight).depth(), .columns = weight[1]};
}

/// Calls f(number in plain order, number in panels) for every weight: each output is a column.
template <class F>
void for_each_weight(const Shape& shape, F f) {
  const Panels panels = panels_of(shape);
  const WeightOrder order = order_of(shape);
  int64_t plain = 0;
  for (int64_t output = 0; output < shape[0]; ++output) {
    for (int64_t input = 0; input < order.inputs; ++input) {
      for (int64_t place = 0; place < order.places; ++place) {
        f(plain++, panels.index(order.row(input, place), output));
      }
    }
  }
}

/// Distance between the rows of a batched value: padded to whole vectors, and for wide rows an odd
/// number of cache lines so that a column of rows does not fall into few cache sets.
constexpr int64_t padded_stride(int64_t columns) {
  const int64_t stride = round_up(std::max<int64_t>(columns, 1), kLaneMultiple);
  return stride > kPanelWidth && (stride / kLaneMultiple) % 2 == 0 ? stride + kLaneMultiple
                                                                   : stride;
}

}  // namespace sinapse
