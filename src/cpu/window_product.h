// The product kernels of convolutions: results of a line of places, 16 or 32 channels at a time,
// and the gradient of the weights between them.
#pragma once

#include <cstdint>

#include "cpu/product.h"

namespace sinapse {

/// y[p, n] = start + sum over steps and inputs c of x[x_steps + p, c] weight[(w_steps, c), n].
struct LineProduct {
  const float* x = nullptr;  // of place 0; a place holds the inputs of one block, or one input
  const float* weight = nullptr;
  int64_t weight_stride = 0;         // from one input to the next
  const int32_t* x_steps = nullptr;  // floats
  const int32_t* w_steps = nullptr;  // rows of the weight
  int64_t num_steps = 0;
  int64_t positions = 0;
  int64_t height = 0;  // positions whose sums stay in registers together: tile_height's answer
  int64_t blocks = 1;  // of 16 results: 1 or 2
  float* y = nullptr;
  int64_t y_step = 0, y_block = 0;  // floats to the next position, to the other block
  const float* bias = nullptr;      // start of the sums; null: zero
  bool accumulate = false;          // start from what y holds instead
  // What happens to a finished sum, in this order; null: nothing. The addend and what the mask is
  // made of are laid out as y.
  const float *factor = nullptr, *shift = nullptr;  // by channel
  const float* addend = nullptr;
  Epilogue epilogue = Epilogue::none;
  const float* saved = nullptr;
};

/// dweight[row, n] += sum over p of x[row + p] dy[p, n], over some segments of neighbouring p.
struct LineGradient {
  struct Segment {
    int32_t x, dy, count;  // floats to the first place of each; places
  };
  const float* x = nullptr;
  int64_t x_step = 0;                    // floats to the next place
  const int32_t* row_offsets = nullptr;  // floats from x to each row; null: rows are neighbours
  int64_t rows = 0;
  const float* dy = nullptr;
  int64_t dy_block = 0;
  int64_t blocks = 1;
  const Segment* segments = nullptr;
  int64_t num_segments = 0;
  float* dweight = nullptr;
  int64_t dweight_stride = 0;
};

struct WindowFunctions {
  int64_t (*tile_height)(int64_t positions);
  void (*line)(const LineProduct& line);         // x in blocks of 16 inputs
  void (*line_of_few)(const LineProduct& line);  // one input a step
  void (*gradient)(const LineGradient& gradient);
  /// sums[n] += sum over p of dy[p, n] for the 16 channels of a block.
  void (*block_sums)(const float* dy, int64_t positions, float* sums);
};

/// The functions for the instruction set of the running CPU.
const WindowFunctions& window_functions();

/// Places that `line` may read behind the last one.
inline constexpr int64_t kPlacesReadAhead = 16;

}  // namespace sinapse
