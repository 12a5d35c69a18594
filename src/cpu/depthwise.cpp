#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/depthwise.cpp"
#include "cpu/depthwise.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d;
constexpr int64_t kLanes = hn::MaxLanes(d);
constexpr int64_t kBlock = 16;

// kRows neighbouring results; a weight is loaded once for all of them.
template <int kRows>
HWY_INLINE void sum_steps(const DepthwiseLine& p, int64_t first, int64_t lane) {
  V sums[kRows];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) sums[r] = p.bias ? hn::LoadU(d, p.bias + lane) : hn::Zero(d);
  for (int64_t s = 0; s < p.num_steps; ++s) {
    const V weight = hn::LoadU(d, p.weight + p.w_steps[s] + lane);
    const float* x = p.x + p.x_steps[s] + first * kBlock + lane;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      sums[r] = hn::MulAdd(hn::LoadU(d, x + r * kBlock), weight, sums[r]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) hn::StoreU(sums[r], d, p.y + (first + r) * p.y_step + lane);
}

void line(const DepthwiseLine& p) {
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    int64_t first = 0;
    for (; first + 8 <= p.positions; first += 8) sum_steps<8>(p, first, lane);
    if (first + 4 <= p.positions) sum_steps<4>(p, first, lane), first += 4;
    if (first + 2 <= p.positions) sum_steps<2>(p, first, lane), first += 2;
    if (first < p.positions) sum_steps<1>(p, first, lane);
  }
}

void products(const float* x, int64_t x_step, const float* dy, int64_t n, float* sums) {
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    V part[4] = {hn::LoadU(d, sums + lane), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    const auto add = [&](int64_t p, V sum) HWY_ATTR {
      return hn::MulAdd(hn::LoadU(d, x + p * x_step + lane), hn::LoadU(d, dy + p * kBlock + lane),
                        sum);
    };
    int64_t p = 0;
    for (; p + 4 <= n; p += 4) {  // a sum need not wait for the last
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) part[k] = add(p + k, part[k]);
    }
    for (; p < n; ++p) part[0] = add(p, part[0]);
    hn::StoreU(hn::Add(hn::Add(part[0], part[1]), hn::Add(part[2], part[3])), d, sums + lane);
  }
}

const DepthwiseFunctions* get_depthwise() {
  static const DepthwiseFunctions functions{line, products};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_depthwise);

const DepthwiseFunctions& depthwise_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_depthwise)();
}

}  // namespace sinapse
#endif
