// A register-tiled product. A tile of C, up to 6 rows of up to 4 vectors, stays in registers while
// the kernel walks the panel of B from front to back: each step loads one row of the panel and
// broadcasts one element of A for each row of the tile.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "cpu/product.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));

// With 32 registers a tile is 4 vectors wide, with 16 only 2.
constexpr int kVectorsWide = (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON) ? 4 : 2;
constexpr int kTileRows = 6;

// What is left of a product for one tile: pointers moved to its corner.
struct Tile {
  const float* a;
  const float* b;
  const float* bias;
  float* c;
  const float* saved;
};

template <int kRows, int kVectors>
HWY_INLINE void finish_tile(const Product& p, const Tile& t, V (&sums)[kRows][kVectors]) {
  const V zero = hn::Zero(d);
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      V sum = sums[r][v];
      if (p.epilogue == Epilogue::relu) {
        sum = hn::IfThenZeroElse(hn::Le(sum, zero), sum);
      } else if (p.epilogue == Epilogue::relu_mask) {
        const V saved = hn::LoadU(d, t.saved + r * p.saved_stride + v * kLanes);
        sum = hn::IfThenZeroElse(hn::Le(saved, zero), sum);
      }
      hn::StoreU(sum, d, t.c + r * p.c_stride + v * kLanes);
    }
  }
}

// kUnit: the rows of A are neighbours (A is read transposed), else they are a_row_stride apart.
template <int kRows, int kVectors, bool kUnit>
HWY_NOINLINE void multiply_tile(const Product& p, const Tile& t) {
  V sums[kRows][kVectors];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = p.accumulate ? hn::LoadU(d, t.c + r * p.c_stride + v * kLanes)
                   : t.bias     ? hn::LoadU(d, t.bias + v * kLanes)
                                : hn::Zero(d);
    }
  }
  const int64_t row_stride = kUnit ? 1 : p.a_row_stride;
  const int64_t a_step = kUnit ? p.a_depth_stride : 1;
  const float* a = t.a;
  const float* b = t.b;
  for (int64_t depth = p.depth; depth > 0; --depth) {
    V row[kVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const V element = hn::Set(d, a[r * row_stride]);
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(element, row[v], sums[r][v]);
    }
    a += a_step;
    b += p.b_stride;
  }
  finish_tile<kRows, kVectors>(p, t, sums);
}

template <int kVectors, bool kUnit>
void multiply_rows(const Product& p, const Tile& t, int64_t rows) {
  switch (rows) {
    case 1: return multiply_tile<1, kVectors, kUnit>(p, t);
    case 2: return multiply_tile<2, kVectors, kUnit>(p, t);
    case 3: return multiply_tile<3, kVectors, kUnit>(p, t);
    case 4: return multiply_tile<4, kVectors, kUnit>(p, t);
    case 5: return multiply_tile<5, kVectors, kUnit>(p, t);
    default: return multiply_tile<6, kVectors, kUnit>(p, t);
  }
}

template <int kVectors>
void multiply_block(const Product& p, int64_t column) {
  const bool unit = p.a_row_stride == 1 && p.a_depth_stride != 1;
  const int64_t num_tiles = (p.rows + kTileRows - 1) / kTileRows;
  // Rows are shared out evenly: 8 become 4 + 4, not 6 + 2.
  for (int64_t tile = 0; tile < num_tiles; ++tile) {
    const int64_t row = tile * p.rows / num_tiles, end = (tile + 1) * p.rows / num_tiles;
    const Tile t{p.a + row * p.a_row_stride, p.b + column, p.bias ? p.bias + column : nullptr,
                 p.c + row * p.c_stride + column,
                 p.saved ? p.saved + row * p.saved_stride + column : nullptr};
    if (unit) {
      multiply_rows<kVectors, true>(p, t, end - row);
    } else {
      multiply_rows<kVectors, false>(p, t, end - row);
    }
  }
}

void multiply(const Product& p) {
  constexpr int64_t kWide = kVectorsWide * kLanes;
  int64_t column = 0;
  for (; column + kWide <= p.columns; column += kWide) multiply_block<kVectorsWide>(p, column);
  if constexpr (kVectorsWide > 2) {
    switch ((p.columns - column) / kLanes) {
      case 3: return multiply_block<3>(p, column);
      case 2: return multiply_block<2>(p, column);
      case 1: return multiply_block<1>(p, column);
    }
  } else if (column < p.columns) {
    multiply_block<1>(p, column);
  }
}

void sum_columns(const float* b, int64_t b_stride, int64_t depth, int64_t columns, float* sums) {
  for (int64_t column = 0; column < columns; column += kLanes) {
    V sum = hn::Zero(d);
    for (int64_t i = 0; i < depth; ++i) sum = hn::Add(sum, hn::LoadU(d, b + i * b_stride + column));
    hn::StoreU(sum, d, sums + column);
  }
}

// Plain pointers, fetched once: no dispatch in the hot loop.
ProductFunction get_multiply() { return multiply; }
ColumnSumFunction get_sum_columns() { return sum_columns; }

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_multiply);
HWY_EXPORT(get_sum_columns);

ProductFunction product_function() { return HWY_DYNAMIC_DISPATCH(get_multiply)(); }
ColumnSumFunction column_sum_function() { return HWY_DYNAMIC_DISPATCH(get_sum_columns)(); }

}  // namespace sinapse
#endif
