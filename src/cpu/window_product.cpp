// Register-tiled products over windows. A tile of results, up to 14 places of up to 2 vectors,
// stays in registers while the kernel walks the steps of the window and the inputs of each: it
// loads the weights of one input and broadcasts that input at each place.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/window_product.cpp"
#include "cpu/window_product.h"

#include <utility>

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
constexpr int kBlockFloats = 16;

// 32 registers hold 14 x 2 sums of 16 floats (AVX-512) or 6 x 4 of 4 (NEON), 16 registers 6 x 2.
constexpr int kVectorsWide = HWY_TARGET == HWY_NEON ? 4 : 2;
#if HWY_TARGET == HWY_AVX3
using Heights = std::integer_sequence<int, 1, 2, 4, 6, 7, 8, 11, 14>;
#else
using Heights = std::integer_sequence<int, 1, 2, 3, 4, 6>;
#endif

template <int kInputs, int kRows, int kVectors>
HWY_NOINLINE void multiply_tile(const LineProduct& p, const float* x, int64_t first,
                                int64_t column) {
  V sums[kRows][kVectors];
  float* y[kVectors];
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const int64_t c = column + v * kLanes;
    y[v] = p.y + c / kBlockFloats * p.y_block + c % kBlockFloats + first * p.y_step;
  }
  const int64_t count = p.positions - first;
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = p.bias ? hn::LoadU(d, p.bias + column + v * kLanes) : hn::Zero(d);
      if (p.accumulate && r < count) sums[r][v] = hn::LoadU(d, y[v] + r * p.y_step);
    }
  }
  const float* weight = p.weight + column;
  for (int64_t s = 0; s < p.num_steps; ++s) {
    const float* a = x + p.x_steps[s];
    const float* b = weight + p.w_steps[s] * p.weight_stride;
#pragma GCC unroll 4
    for (int i = 0; i < kInputs; ++i) {
      V row[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) {
        const V element = hn::Set(d, a[r * kInputs + i]);
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(element, row[v], sums[r][v]);
      }
      b += p.weight_stride;
    }
  }
  const V zero = hn::Zero(d);
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
    if (r >= count) break;
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      V sum = sums[r][v];
      float* to = y[v] + r * p.y_step;
      if (p.factor) {
        const int64_t c = column + v * kLanes;
        sum = hn::MulAdd(sum, hn::LoadU(d, p.factor + c), hn::LoadU(d, p.shift + c));
      }
      if (p.addend) sum = hn::Add(sum, hn::LoadU(d, p.addend + (to - p.y)));
      if (p.epilogue == Epilogue::relu) {
        sum = hn::IfThenZeroElse(hn::Le(sum, zero), sum);
      } else if (p.epilogue == Epilogue::relu_mask) {
        sum = hn::IfThenZeroElse(hn::Le(hn::LoadU(d, p.saved + (to - p.y)), zero), sum);
      }
      hn::StoreU(sum, d, to);
    }
  }
}

template <int kInputs, int kVectors, int... kHeights>
HWY_INLINE void multiply_rows(const LineProduct& p, const float* x, int64_t first, int64_t column,
                              std::integer_sequence<int, kHeights...>) {
  static_cast<void>(((p.height == kHeights &&
                      (multiply_tile<kInputs, kHeights, kVectors>(p, x, first, column), true)) ||
                     ...));
}

template <int kInputs>
void multiply_line(const LineProduct& p) {
  constexpr int kWide = kVectorsWide * kLanes;
  const int64_t columns = p.blocks * kBlockFloats;
  for (int64_t first = 0; first < p.positions; first += p.height) {
    const float* x = p.x + first * kInputs;
    int64_t column = 0;
    for (; column + kWide <= columns; column += kWide) {
      multiply_rows<kInputs, kVectorsWide>(p, x, first, column, Heights());
    }
    if (column < columns) multiply_rows<kInputs, 1>(p, x, first, column, Heights());
  }
}

// As few tiles as the highest one allows, and of those the lowest that suffices: little is wasted.
template <int... kHeights>
HWY_INLINE int64_t fitting_height(int64_t positions, std::integer_sequence<int, kHeights...>) {
  int64_t best = 1, least_work = positions * 64;
  for (const int64_t height : {kHeights...}) {
    const int64_t tiles = (positions + height - 1) / height;
    const int64_t work = tiles * (height + 1);  // a tile has its own costs
    if (work <= least_work) best = height, least_work = work;
  }
  return best;
}

int64_t tile_height(int64_t positions) {
  return fitting_height(positions, Heights());
}

// kNeighbours: row r of x is r floats away.
template <int kRows, int kVectors, bool kNeighbours>
HWY_NOINLINE void gradient_tile(const LineGradient& p, int64_t first, int64_t column) {
  V sums[kRows][kVectors];
  const int64_t rows = p.rows - first;
  float* to = p.dweight + first * p.dweight_stride + column;
  const float* dy[kVectors];
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const int64_t c = column + v * kLanes;
    dy[v] = p.dy + c / kBlockFloats * p.dy_block + c % kBlockFloats;
  }
  const float* x[kRows];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
    const int64_t row = kNeighbours || r < rows ? first + r : p.rows - 1;
    x[r] = p.x + (kNeighbours ? row : p.row_offsets[row]);
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = kNeighbours || r < rows ? hn::LoadU(d, to + r * p.dweight_stride + v * kLanes)
                                           : hn::Zero(d);
    }
  }
  for (int64_t s = 0; s < p.num_segments; ++s) {
    const LineGradient::Segment& segment = p.segments[s];
    int64_t a = segment.x, b = segment.dy;
    for (int64_t i = segment.count; i > 0; --i) {
      V slope[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) slope[v] = hn::LoadU(d, dy[v] + b);
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) {
        const V element = hn::Set(d, kNeighbours ? x[0][a + r] : x[r][a]);
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(element, slope[v], sums[r][v]);
      }
      a += p.x_step;
      b += kBlockFloats;
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
    if (!kNeighbours && r >= rows) break;
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sums[r][v], d, to + r * p.dweight_stride + v * kLanes);
    }
  }
}

template <int kVectors, int kRows, int kFewRows>
HWY_INLINE void gradient_rows(const LineGradient& p, int64_t column) {
  if (p.row_offsets == nullptr) {  // 16 of them
    for (int64_t row = 0; row < kBlockFloats; row += kRows) {
      gradient_tile<kRows, kVectors, true>(p, row, column);
    }
  } else {
    for (int64_t row = 0; row < p.rows; row += kFewRows) {
      gradient_tile<kFewRows, kVectors, false>(p, row, column);
    }
  }
}

void gradient(const LineGradient& p) {
  constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3;
  constexpr int kWide = kVectorsWide * kLanes;
  const int64_t columns = p.blocks * kBlockFloats;
  int64_t column = 0;
  for (; column + kWide <= columns; column += kWide) {
    gradient_rows<kVectorsWide, kManyRegisters ? 8 : 4, kManyRegisters ? 9 : 3>(p, column);
  }
  if (column < columns) {
    gradient_rows<1, kManyRegisters ? 16 : 8, kManyRegisters ? 9 : 3>(p, column);
  }
}

void block_sums(const float* dy, int64_t positions, float* sums) {
  for (int lane = 0; lane < kBlockFloats; lane += kLanes) {
    V part[4] = {hn::LoadU(d, sums + lane), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    const auto add = [&](int64_t p, V sum) {
      return hn::Add(sum, hn::LoadU(d, dy + p * kBlockFloats + lane));
    };
    int64_t p = 0;
    for (; p + 4 <= positions; p += 4) {  // an addition need not wait for the last
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) part[k] = add(p + k, part[k]);
    }
    for (; p < positions; ++p) part[0] = add(p, part[0]);
    hn::StoreU(hn::Add(hn::Add(part[0], part[1]), hn::Add(part[2], part[3])), d, sums + lane);
  }
}

const WindowFunctions* get_windows() {
  static const WindowFunctions functions{tile_height, multiply_line<kBlockFloats>, multiply_line<1>,
                                         gradient, block_sums};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_windows);

const WindowFunctions& window_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_windows)();
}

}  // namespace sinapse
#endif
