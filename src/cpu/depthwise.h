// Depthwise convolution of one block of 16 channels: each channel has a window of its own.
#pragma once

#include <cstdint>

namespace sinapse {

/// y[p] = bias + sum over the steps of x[step + p] weight[place of the step], all 16 floats wide.
struct DepthwiseLine {
  const float* x = nullptr;          // first place
  const int32_t* x_steps = nullptr;  // floats from x
  const int32_t* w_steps = nullptr;  // floats from weight
  int64_t num_steps = 0;
  const float* weight = nullptr;  // [places of the window, 16]
  const float* bias = nullptr;    // 16; null: zero
  int64_t positions = 0;
  float* y = nullptr;
  int64_t y_step = 0;  // floats to the next position
};

struct DepthwiseFunctions {
  void (*line)(const DepthwiseLine& line);
  /// sums += sum over n places of x dy, 16 floats wide; places of x lie x_step floats apart.
  void (*products)(const float* x, int64_t x_step, const float* dy, int64_t n, float* sums);
};

/// The functions for the instruction set of the running CPU.
const DepthwiseFunctions& depthwise_functions();

}  // namespace sinapse
