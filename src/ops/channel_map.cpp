#include "ops/channel_map.h"

namespace sinapse {

std::vector<MapTerm> combined(const AxisTerms& axes, std::span<const int64_t> input_sizes,
                              std::span<const int64_t> output_sizes) {
  std::vector<MapTerm> all{{0, 0, 1}};
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    std::vector<MapTerm> longer;
    longer.reserve(all.size() * axes[axis].size());
    for (const MapTerm& before : all) {
      for (const MapTerm& term : axes[axis]) {
        longer.push_back({before.output * output_sizes[axis] + term.output,
                          before.input * input_sizes[axis] + term.input,
                          before.weight * term.weight});
      }
    }
    all = std::move(longer);
  }
  return all;
}

Bin bin_of(int64_t o, int64_t inputs, int64_t outputs) {
  return {o * inputs / outputs, ((o + 1) * inputs + outputs - 1) / outputs};
}

Shape with_spatial_sizes(const Shape& x, std::span<const int64_t> sizes) {
  Shape shape{x[0], x[1]};
  shape.insert(shape.end(), sizes.begin(), sizes.end());
  return shape;
}

std::span<const int64_t> spatial(const Shape& x) {
  return std::span(x).subspan(2);
}

}  // namespace sinapse
