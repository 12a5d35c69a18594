// What follows the sums of a convolution, for one block of 16 channels that has left the registers.
#pragma once

#include <cstdint>

#include "cpu/product.h"

namespace sinapse {

/// What happens to a finished sum, in this order; null: nothing. The addend and what the mask is
/// made of are laid out as y.
struct BlockFinish {
  const float *factor = nullptr, *shift = nullptr;  // of 16 channels
  const float* addend = nullptr;
  Epilogue epilogue = Epilogue::none;
  const float* saved = nullptr;
};

/// Of `places` places of y. The function for the instruction set of the running CPU.
using FinishBlockFunction = void (*)(float* y, int64_t places, const BlockFinish& finish);
FinishBlockFunction finish_block_function();

}  // namespace sinapse
