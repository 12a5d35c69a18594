// The product kernel: C = A B for a B that stands in one panel, with what follows it (bias,
// activation, mask) done while the result is in registers or in cache.
#pragma once

#include <cstdint>

namespace sinapse {

/// What happens to a finished element c of the product.
enum class Epilogue : uint8_t {
  none,        // c
  relu,        // c > 0 ? c : 0
  relu_mask,   // saved > 0 ? c : 0, the gradient of relu
};

/// C[r, n] = start + sum_d A[r, d] B[d, n] for one panel of columns.
struct Product {
  const float* a = nullptr;
  int64_t a_row_stride = 0;    // one of the two strides of A is 1
  int64_t a_depth_stride = 1;
  int64_t rows = 0;
  int64_t depth = 0;
  const float* b = nullptr;
  int64_t b_stride = 0;        // from one d to the next
  int64_t columns = 0;         // of the panel: a multiple of 16, at most 64
  const float* bias = nullptr;  // start of the sums; null: zero
  bool accumulate = false;     // start from what C holds instead
  float* c = nullptr;
  int64_t c_stride = 0;
  Epilogue epilogue = Epilogue::none;
  const float* saved = nullptr;
  int64_t saved_stride = 0;
};

/// The kernel for the instruction set of the running CPU.
using ProductFunction = void (*)(const Product& product);
ProductFunction product_function();

/// sums[n] = sum_d B[d, n]: the product with a row of ones, which is the gradient of a bias.
using ColumnSumFunction = void (*)(const float* b, int64_t b_stride, int64_t depth,
                                   int64_t columns, float* sums);
ColumnSumFunction column_sum_function();

}  // namespace sinapse
