#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/block_functions.cpp"
#include "cpu/block_functions.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(d));
constexpr int64_t kBlock = 16;

// Whether `value` goes before `best`: larger, or the first that is not a number.
HWY_INLINE hn::Mask<D> is_larger(V value, V best) {
  const auto not_a_number = hn::And(hn::Ne(value, value), hn::Eq(best, best));
  return hn::Or(hn::Gt(value, best), not_a_number);
}

void max_pool(const float* x, const PoolWindows& windows, float* y) {
  for (int64_t o = 0; o < windows.outputs; ++o) {
    const int32_t begin = windows.begin[o], end = windows.begin[o + 1];
    for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
      V best = hn::Zero(d);
      if (begin < end) best = hn::LoadU(d, x + windows.inputs[begin] + lane);
      for (int32_t i = begin + 1; i < end; ++i) {
        const V value = hn::LoadU(d, x + windows.inputs[i] + lane);
        best = hn::IfThenElse(is_larger(value, best), value, best);
      }
      hn::StoreU(best, d, y + o * kBlock + lane);
    }
  }
}

void max_pool_gradient(const float* x, const float* dy, const PoolWindows& windows, float* dx) {
  for (int64_t o = 0; o < windows.outputs; ++o) {
    const int32_t begin = windows.begin[o], end = windows.begin[o + 1];
    for (int64_t lane = 0; begin < end && lane < kBlock; lane += kLanes) {
      V best = hn::LoadU(d, x + windows.inputs[begin] + lane), place = hn::Zero(d);
      for (int32_t i = begin + 1; i < end; ++i) {
        const V value = hn::LoadU(d, x + windows.inputs[i] + lane);
        const auto larger = is_larger(value, best);
        best = hn::IfThenElse(larger, value, best);
        place = hn::IfThenElse(larger, hn::Set(d, static_cast<float>(i - begin)), place);
      }
      const V slope = hn::LoadU(d, dy + o * kBlock + lane);
      for (int32_t i = begin; i < end; ++i) {
        float* to = dx + windows.inputs[i] + lane;
        const auto here = hn::Eq(place, hn::Set(d, static_cast<float>(i - begin)));
        hn::StoreU(hn::Add(hn::LoadU(d, to), hn::IfThenElseZero(here, slope)), d, to);
      }
    }
  }
}

void average_pool(const float* x, const PoolWindows& windows, const float* shares, float* y) {
  for (int64_t o = 0; o < windows.outputs; ++o) {
    for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
      V sum = hn::Zero(d);
      for (int32_t i = windows.begin[o]; i < windows.begin[o + 1]; ++i) {
        sum = hn::Add(sum, hn::LoadU(d, x + windows.inputs[i] + lane));
      }
      hn::StoreU(hn::Mul(sum, hn::Set(d, shares[o])), d, y + o * kBlock + lane);
    }
  }
}

void average_pool_gradient(const float* dy, const PoolWindows& windows, const float* shares,
                           float* dx) {
  for (int64_t o = 0; o < windows.outputs; ++o) {
    for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
      const V share = hn::Mul(hn::LoadU(d, dy + o * kBlock + lane), hn::Set(d, shares[o]));
      for (int32_t i = windows.begin[o]; i < windows.begin[o + 1]; ++i) {
        float* to = dx + windows.inputs[i] + lane;
        hn::StoreU(hn::Add(hn::LoadU(d, to), share), d, to);
      }
    }
  }
}

// Four sums side by side, so that one addition does not wait for the last.
template <class Term>
HWY_INLINE V sum_of(int64_t n, Term term) {
  V sums[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) sums[k] = term((i + k) * kBlock, sums[k]);
  }
  for (; i < n; ++i) sums[0] = term(i * kBlock, sums[0]);
  return hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
}

void moments(const float* x, int64_t n, float* mean, float* squares) {
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    const float* from = x + lane;
    const V sum = sum_of(n, [&](int64_t i, V s) { return hn::Add(s, hn::LoadU(d, from + i)); });
    const V m = hn::Div(sum, hn::Set(d, static_cast<float>(n)));
    hn::StoreU(m, d, mean + lane);
    const V square_sum = sum_of(n, [&](int64_t i, V s) {
      const V difference = hn::Sub(hn::LoadU(d, from + i), m);
      return hn::MulAdd(difference, difference, s);
    });
    hn::StoreU(square_sum, d, squares + lane);
  }
}

void normalize(const float* x, int64_t n, const ChannelBlock& by, float* y) {
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    const V mean = hn::LoadU(d, by.mean + lane), bias = hn::LoadU(d, by.bias + lane);
    const V factor =
        hn::Mul(hn::LoadU(d, by.inverse_deviation + lane), hn::LoadU(d, by.scale + lane));
    for (int64_t i = lane; i < n * kBlock; i += kBlock) {
      hn::StoreU(hn::MulAdd(hn::Sub(hn::LoadU(d, x + i), mean), factor, bias), d, y + i);
    }
  }
}

void normalize_relu(const float* x, int64_t n, const ChannelBlock& by, const float* addend,
                    float* y) {
  const V zero = hn::Zero(d);
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    const V mean = hn::LoadU(d, by.mean + lane), bias = hn::LoadU(d, by.bias + lane);
    const V factor =
        hn::Mul(hn::LoadU(d, by.inverse_deviation + lane), hn::LoadU(d, by.scale + lane));
    for (int64_t i = lane; i < n * kBlock; i += kBlock) {
      V sum = hn::MulAdd(hn::Sub(hn::LoadU(d, x + i), mean), factor, bias);
      if (addend != nullptr) sum = hn::Add(sum, hn::LoadU(d, addend + i));
      hn::StoreU(hn::IfThenZeroElse(hn::Le(sum, zero), sum), d, y + i);
    }
  }
}

void slope_sums(const float* x, const float* dy, int64_t n, const ChannelBlock& by, float* dscale,
                float* dbias) {
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    const V mean = hn::LoadU(d, by.mean + lane);
    const V inverse = hn::LoadU(d, by.inverse_deviation + lane);
    const V projection = sum_of(n, [&](int64_t i, V s) {
      const V u = hn::Sub(hn::LoadU(d, x + i + lane), mean);
      return hn::MulAdd(hn::LoadU(d, dy + i + lane), u, s);
    });
    const V sum =
        sum_of(n, [&](int64_t i, V s) { return hn::Add(s, hn::LoadU(d, dy + i + lane)); });
    hn::StoreU(hn::Mul(projection, inverse), d, dscale + lane);
    hn::StoreU(sum, d, dbias + lane);
  }
}

void input_gradient(const float* x, const float* dy, int64_t n, float m, const ChannelBlock& by,
                    const float* dscale, const float* dbias, float* dx) {
  const V share = hn::Set(d, 1.0f / m);
  for (int64_t lane = 0; lane < kBlock; lane += kLanes) {
    const V mean = hn::LoadU(d, by.mean + lane);
    const V inverse = hn::LoadU(d, by.inverse_deviation + lane);
    const V factor = hn::Mul(hn::LoadU(d, by.scale + lane), inverse);
    const V slope = hn::Mul(hn::Mul(hn::LoadU(d, dscale + lane), share), inverse);
    const V shift = hn::Mul(hn::LoadU(d, dbias + lane), share);
    for (int64_t i = lane; i < n * kBlock; i += kBlock) {
      const V u = hn::Sub(hn::LoadU(d, x + i), mean);
      const V centered = hn::Sub(hn::LoadU(d, dy + i), shift);
      hn::StoreU(hn::Mul(factor, hn::NegMulAdd(u, slope, centered)), d, dx + i);
    }
  }
}

const BlockFunctions* get_blocks() {
  static const BlockFunctions functions{
      max_pool,  max_pool_gradient, average_pool, average_pool_gradient, moments,
      normalize, normalize_relu,    slope_sums,   input_gradient};
  return &functions;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_blocks);

const BlockFunctions& block_functions() {
  return *HWY_DYNAMIC_DISPATCH(get_blocks)();
}

}  // namespace sinapse
#endif
