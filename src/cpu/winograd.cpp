#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/winograd.cpp"
#include "cpu/winograd.h"

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

// B^T, along one axis of four places.
HWY_INLINE void to_tile(const V (&x)[4], V (&v)[4]) {
  v[0] = hn::Sub(x[0], x[2]);
  v[1] = hn::Add(x[1], x[2]);
  v[2] = hn::Sub(x[2], x[1]);
  v[3] = hn::Sub(x[1], x[3]);
}

HWY_INLINE void load_column(const TilesOfInputs& p, const float* x, V (&column)[4]) {
  V lines[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) lines[i] = hn::LoadU(d, x + i * p.x_line);
  to_tile(lines, column);
}

// Two columns of a tile are those of the next one, too.
void inputs(const TilesOfInputs& p) {
  for (int lane = 0; lane < kBlockFloats; lane += kLanes) {
    const float* x = p.x + lane;
    V columns[4][4];
    load_column(p, x, columns[0]);
    load_column(p, x + kBlockFloats, columns[1]);
    float* v = p.v + lane;
    for (int64_t tile = 0; tile < p.count; ++tile) {
      load_column(p, x + 2 * kBlockFloats, columns[2]);
      load_column(p, x + 3 * kBlockFloats, columns[3]);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const V line[4] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
        V transformed[4];
        to_tile(line, transformed);
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) hn::StoreU(transformed[j], d, v + (4 * i + j) * p.v_plane);
        columns[0][i] = columns[2][i];
        columns[1][i] = columns[3][i];
      }
      x += 2 * kBlockFloats;
      v += kBlockFloats;
    }
  }
}

// A^T, along one axis.
HWY_INLINE V first_result(V m0, V m1, V m2) {
  return hn::Add(hn::Add(m0, m1), m2);
}
HWY_INLINE V second_result(V m1, V m2, V m3) {
  return hn::Sub(hn::Sub(m1, m2), m3);
}

struct Finishing {
  V bias, factor, shift;
};

HWY_INLINE void finish(const TilesOfResults& p, const Finishing& f, V sum, int64_t at) {
  sum = hn::Add(sum, f.bias);
  if (p.factor) sum = hn::MulAdd(sum, f.factor, f.shift);
  if (p.addend) sum = hn::Add(sum, hn::LoadU(d, p.addend + at));
  const V zero = hn::Zero(d);
  if (p.epilogue == Epilogue::relu) {
    sum = hn::IfThenZeroElse(hn::Le(sum, zero), sum);
  } else if (p.epilogue == Epilogue::relu_mask) {
    sum = hn::IfThenZeroElse(hn::Le(hn::LoadU(d, p.saved + at), zero), sum);
  }
  hn::StoreU(sum, d, p.y + at);
}

void results(const TilesOfResults& p) {
  for (int lane = 0; lane < kBlockFloats; lane += kLanes) {
    const auto channel = [&](const float* of, float otherwise) {
      return of ? hn::LoadU(d, of + lane) : hn::Set(d, otherwise);
    };
    const Finishing f{channel(p.bias, 0), channel(p.factor, 1), channel(p.shift, 0)};
    const float* m = p.m + lane;
    for (int64_t place = 0; place < p.width; place += 2) {
      V top[4], bottom[4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        V column[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) column[i] = hn::LoadU(d, m + (4 * i + j) * p.m_plane);
        top[j] = first_result(column[0], column[1], column[2]);
        bottom[j] = second_result(column[1], column[2], column[3]);
      }
      const int64_t at = place * kBlockFloats + lane;
      const bool second = place + 1 < p.width;
      finish(p, f, first_result(top[0], top[1], top[2]), at);
      if (second) finish(p, f, second_result(top[1], top[2], top[3]), at + kBlockFloats);
      if (p.height > 1) {
        finish(p, f, first_result(bottom[0], bottom[1], bottom[2]), at + p.y_line);
        if (second) {
          finish(p, f, second_result(bottom[1], bottom[2], bottom[3]),
                 at + p.y_line + kBlockFloats);
        }
      }
      m += kBlockFloats;
    }
  }
}

// G, along one axis of three places.
HWY_INLINE void to_filter(const V (&g)[3], V (&u)[4]) {
  const V half = hn::Set(d, 0.5f);
  const V ends = hn::Add(g[0], g[2]);
  u[0] = g[0];
  u[1] = hn::Mul(half, hn::Add(ends, g[1]));
  u[2] = hn::Mul(half, hn::Sub(ends, g[1]));
  u[3] = g[2];
}

void filter(const FilterRow& p) {
  for (int64_t c = 0; c < p.columns; c += kLanes) {
    V lines[3][4];
#pragma GCC unroll 3
    for (int j = 0; j < 3; ++j) {
      V column[3];
#pragma GCC unroll 3
      for (int i = 0; i < 3; ++i) column[i] = hn::LoadU(d, p.g + (3 * i + j) * p.g_place + c);
      to_filter(column, lines[j]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      const V line[3] = {lines[0][i], lines[1][i], lines[2][i]};
      V transformed[4];
      to_filter(line, transformed);
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) hn::StoreU(transformed[j], d, p.u + (4 * i + j) * p.u_plane + c);
    }
  }
}

const WinogradFunctions* get_winograd() {
  static const WinogradFunctions functions{inputs, results, filter};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_winograd);

const WinogradFunctions& winograd_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_winograd)();
}

}  // namespace sinapse
#endif
