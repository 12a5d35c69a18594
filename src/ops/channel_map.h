// Linear maps of the spatial axes of [batch, channels, ...], the same for every channel: padding,
// up-sampling, averaging. Such a map is a product of maps of single axes.
#pragma once

#include "graph/operator.h"

namespace sinapse {

/// y[output] += weight x[input]; elements of one axis, or of a whole channel.
struct MapTerm {
  int64_t output, input;
  double weight;
};

/// The terms of one axis for each spatial axis.
using AxisTerms = std::vector<std::vector<MapTerm>>;

/// The terms of a whole channel: every combination of terms of the axes.
std::vector<MapTerm> combined(const AxisTerms& axes, std::span<const int64_t> input_sizes,
                              std::span<const int64_t> output_sizes);

/// The elements of axis `input` that are pooled into element `o` of `outputs`, as PyTorch's
/// adaptive pooling has them: [floor(o inputs / outputs), ceil((o + 1) inputs / outputs)).
struct Bin {
  int64_t begin, end;
};
Bin bin_of(int64_t o, int64_t inputs, int64_t outputs);

/// y = map x for every row and channel; the other way round for gradients.
template <class T>
void apply_map(const std::vector<MapTerm>& terms, int64_t channels, const View<T>& x,
               const View<T>& y, bool transposed = false) {
  const int64_t from = x.columns / channels, to = y.columns / channels;
  for (int64_t r = 0; r < y.rows; ++r) {
    std::fill_n(y.row(r), y.columns, T{0});
    for (int64_t c = 0; c < channels; ++c) {
      const T* source = x.row(r) + c * from;
      T* target = y.row(r) + c * to;
      for (const MapTerm& term : terms) {
        const int64_t i = transposed ? term.output : term.input;
        const int64_t o = transposed ? term.input : term.output;
        target[o] += static_cast<T>(term.weight) * source[i];
      }
    }
  }
}

/// [batch, channels of x, sizes...]
Shape with_spatial_sizes(const Shape& x, std::span<const int64_t> sizes);

/// The spatial axes of the shape.
std::span<const int64_t> spatial(const Shape& x);

}  // namespace sinapse
