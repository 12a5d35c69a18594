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

/// Distance between the rows of a batched value: padded to whole vectors, and for wide rows an odd
/// number of cache lines so that a column of rows does not fall into few cache sets.
constexpr int64_t padded_stride(int64_t columns) {
  const int64_t stride = round_up(std::max<int64_t>(columns, 1), kLaneMultiple);
  return stride > kPanelWidth && (stride / kLaneMultiple) % 2 == 0 ? stride + kLaneMultiple
                                                                   : stride;
}

}  // namespace sinapse
