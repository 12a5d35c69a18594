// Pooling and batch normalisation of one block of 16 channels: places of 16 neighbouring floats.
#pragma once

#include <cstdint>

namespace sinapse {

/// Which places each result is made of, those of result o being [begin[o], begin[o + 1]).
struct PoolWindows {
  const int32_t* begin = nullptr;
  const int32_t* inputs = nullptr;  // floats from the block's first place
  int64_t outputs = 0;
};

/// What 16 channels are normalised by.
struct ChannelBlock {
  const float* mean = nullptr;
  const float* inverse_deviation = nullptr;
  const float* scale = nullptr;
  const float* bias = nullptr;
};

struct BlockFunctions {
  /// The largest place of each window; NaN counts as largest. 0 for an empty window.
  void (*max_pool)(const float* x, const PoolWindows& windows, float* y);
  /// dx += dy at the first of the largest places.
  void (*max_pool_gradient)(const float* x, const float* dy, const PoolWindows& windows, float* dx);
  /// y = shares[o] times the sum of each window.
  void (*average_pool)(const float* x, const PoolWindows& windows, const float* shares, float* y);
  /// dx += shares[o] dy.
  void (*average_pool_gradient)(const float* dy, const PoolWindows& windows, const float* shares,
                                float* dx);

  /// The mean of n places, and the sum of squared differences from it.
  void (*moments)(const float* x, int64_t n, float* mean, float* squares);
  /// y = (x - mean) inverse_deviation scale + bias.
  void (*normalize)(const float* x, int64_t n, const ChannelBlock& by, float* y);
  /// The same + addend, but not below 0; the addend may be null.
  void (*normalize_relu)(const float* x, int64_t n, const ChannelBlock& by, const float* addend,
                         float* y);
  /// dscale = sum of dy (x - mean) inverse_deviation, dbias = sum of dy.
  void (*slope_sums)(const float* x, const float* dy, int64_t n, const ChannelBlock& by,
                     float* dscale, float* dbias);
  /// dx = scale inverse_deviation (dy - dbias / m - u dscale / m), u = (x - mean)
  /// inverse_deviation.
  void (*input_gradient)(const float* x, const float* dy, int64_t n, float m,
                         const ChannelBlock& by, const float* dscale, const float* dbias,
                         float* dx);
};

/// The functions for the instruction set of the running CPU.
const BlockFunctions& block_functions();

}  // namespace sinapse
