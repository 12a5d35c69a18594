// A register-tiled product. A tile of C, 6 rows of 4 vectors or 12 of 2, stays in registers while
// the kernel walks the panel of B from front to back: each step loads one row of the panel and
// broadcasts one element of A for each row of the tile.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/product.cpp"
#include "cpu/product.h"

#include <algorithm>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));

// With 32 registers a tile is up to 4 vectors wide, with 16 only 2; a narrower one is higher.
constexpr int kVectorsWide = (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON) ? 4 : 2;
constexpr int kTileRows = 6;
constexpr int kMaxTileRows = 12;
constexpr int tile_rows(int vectors) {
  return std::min(kTileRows * kVectorsWide / vectors, kMaxTileRows);
}

// What is left of a product for some tiles below each other: pointers moved to the corner of the
// first.
struct Corner {
  const float* a;
  const float* b;
  const float* bias;
  float* c;
  const float* saved;
};

template <int kRows, int kVectors>
using Sums = V[kRows][kVectors];

template <int kRows, int kVectors>
HWY_INLINE void start_sums(const Product& p, const Corner& t, Sums<kRows, kVectors>& sums) {
#pragma GCC unroll 12
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = p.accumulate ? hn::LoadU(d, t.c + r * p.c_stride + v * kLanes)
                   : t.bias     ? hn::LoadU(d, t.bias + v * kLanes)
                                : hn::Zero(d);
    }
  }
}

// NaN stays NaN.
HWY_INLINE V at_least_zero(V x) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_SSE4
  return hn::Max(hn::Zero(d), x);  // x86 returns the second operand if one is NaN
#else
  return hn::IfThenZeroElse(hn::Le(x, hn::Zero(d)), x);
#endif
}

template <int kRows, int kVectors>
HWY_INLINE void keep_positive(Sums<kRows, kVectors>& sums) {
#pragma GCC unroll 12
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = at_least_zero(sums[r][v]);
    }
  }
}

template <int kRows, int kVectors>
HWY_INLINE void keep_where_positive(const float* saved, int64_t stride,
                                    Sums<kRows, kVectors>& sums) {
#pragma GCC unroll 12
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      const V sign = hn::LoadU(d, saved + r * stride + v * kLanes);
      sums[r][v] = hn::IfThenZeroElse(hn::Le(sign, hn::Zero(d)), sums[r][v]);
    }
  }
}

template <int kRows, int kVectors>
HWY_INLINE void store_sums(const Sums<kRows, kVectors>& sums, float* c, int64_t stride) {
#pragma GCC unroll 12
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, c + r * stride + v * kLanes);
  }
}

// kUnit: the rows of A are neighbours (A is read transposed), else they are a_row_stride apart.
template <int kRows, int kVectors, bool kUnit>
HWY_INLINE void multiply_tile(const Product& p, const Corner& t) {
  Sums<kRows, kVectors> sums;
  start_sums<kRows, kVectors>(p, t, sums);
  const int64_t row_stride = kUnit ? 1 : p.a_row_stride;
  const int64_t a_step = kUnit ? p.a_depth_stride : 1;
  const int64_t b_step = p.b_stride;
  const float* a = t.a;
  const float* b = t.b;
  for (int64_t depth = p.depth; depth > 0; --depth) {
    V row[kVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * kLanes);
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
      const V element = hn::Set(d, a[r * row_stride]);
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(element, row[v], sums[r][v]);
    }
    a += a_step;
    b += b_step;
  }
  if (p.epilogue == Epilogue::relu) keep_positive<kRows, kVectors>(sums);
  if (p.epilogue == Epilogue::relu_mask) {
    keep_where_positive<kRows, kVectors>(t.saved, p.saved_stride, sums);
  }
  store_sums<kRows, kVectors>(sums, t.c, p.c_stride);
}

// As many tiles below each other, all of one height. Moves the corner behind the last.
template <int kRows, int kVectors, bool kUnit>
HWY_NOINLINE void multiply_tiles(const Product& p, Corner& t, int64_t count) {
  for (; count > 0; --count) {
    multiply_tile<kRows, kVectors, kUnit>(p, t);
    t.a += kRows * p.a_row_stride;
    t.c += kRows * p.c_stride;
    if (t.saved) t.saved += kRows * p.saved_stride;
  }
}

// `height` is one of 1 to kRows.
template <int kRows, int kVectors, bool kUnit>
HWY_INLINE void multiply_tiles_of(int64_t height, const Product& p, Corner& t, int64_t count) {
  if constexpr (kRows > 1) {
    if (height != kRows) return multiply_tiles_of<kRows - 1, kVectors, kUnit>(height, p, t, count);
  }
  multiply_tiles<kRows, kVectors, kUnit>(p, t, count);
}

// Rows are shared out evenly: 8 become 4 + 4, not 6 + 2.
template <int kVectors, bool kUnit>
HWY_INLINE void multiply_rows(const Product& p, Corner t) {
  constexpr int kMaxRows = tile_rows(kVectors);
  const int64_t num_tiles = (p.rows + kMaxRows - 1) / kMaxRows;
  const int64_t height = p.rows / num_tiles, num_higher = p.rows % num_tiles;
  if (num_higher > 0) multiply_tiles_of<kMaxRows, kVectors, kUnit>(height + 1, p, t, num_higher);
  multiply_tiles_of<kMaxRows, kVectors, kUnit>(height, p, t, num_tiles - num_higher);
}

template <int kVectors>
void multiply_block(const Product& p, int64_t column) {
  const Corner corner{p.a, p.b + column, p.bias ? p.bias + column : nullptr, p.c + column,
                      p.saved ? p.saved + column : nullptr};
  if (p.a_row_stride == 1 && p.a_depth_stride != 1) {
    multiply_rows<kVectors, true>(p, corner);
  } else {
    multiply_rows<kVectors, false>(p, corner);
  }
}

void multiply(const Product& p) {
  if (p.rows <= 0) return;
  constexpr int64_t kWide = kVectorsWide * kLanes;
  int64_t column = 0;
  for (; column + kWide <= p.columns; column += kWide) multiply_block<kVectorsWide>(p, column);
  if constexpr (kVectorsWide > 2) {
    switch ((p.columns - column) / kLanes) {
      case 3:
        return multiply_block<3>(p, column);
      case 2:
        return multiply_block<2>(p, column);
      case 1:
        return multiply_block<1>(p, column);
    }
  } else if (column < p.columns) {
    multiply_block<1>(p, column);
  }
}

// Several vectors side by side, so that no sum waits for the one before.
template <int kVectors>
HWY_INLINE void sum_vectors(const float* b, int64_t b_stride, int64_t depth, float* sums) {
  V sum[kVectors];
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) sum[v] = hn::Zero(d);
  for (int64_t i = 0; i < depth; ++i) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v)
      sum[v] = hn::Add(sum[v], hn::LoadU(d, b + i * b_stride + v * kLanes));
  }
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[v], d, sums + v * kLanes);
}

void sum_columns(const float* b, int64_t b_stride, int64_t depth, int64_t columns, float* sums) {
  int64_t column = 0;
  for (; column + 4 * kLanes <= columns; column += 4 * kLanes)
    sum_vectors<4>(b + column, b_stride, depth, sums + column);
  for (; column + 2 * kLanes <= columns; column += 2 * kLanes)
    sum_vectors<2>(b + column, b_stride, depth, sums + column);
  if (column < columns) sum_vectors<1>(b + column, b_stride, depth, sums + column);
}

// Plain pointers, fetched once: no dispatch in the hot loop.
ProductFunction get_multiply() {
  return multiply;
}
ColumnSumFunction get_sum_columns() {
  return sum_columns;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_multiply);
HWY_EXPORT(get_sum_columns);

ProductFunction product_function() {
  return HWY_DYNAMIC_DISPATCH(get_multiply)();
}
ColumnSumFunction column_sum_function() {
  return HWY_DYNAMIC_DISPATCH(get_sum_columns)();
}

}  // namespace sinapse
#endif
