// The formulas of ops/optimizers-inl.h as SIMD kernels, one set for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/update.cpp"
#include "cpu/update.h"

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/simd_number.h"
#include "ops/scalars.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

#include "ops/optimizers-inl.h"

template <class Formula>
HWY_FLATTEN void update(float* weight, const float* gradient, float* const* moments, int64_t n,
                        const float* scalars) {
  Vector s[kMaxScalars];
  for (int i = 0; i < kMaxScalars; ++i) s[i] = Vector(scalars[i]);
  float* m_of[Formula::num_moments + 1];  // a copy, which no store can change
  for (int k = 0; k < Formula::num_moments; ++k) m_of[k] = moments[k];
  const auto step = static_cast<int64_t>(lanes());
  int64_t i = 0;
  for (; i + step <= n; i += step) {
    Vector w = load(weight + i), m[Formula::num_moments + 1];
    for (int k = 0; k < Formula::num_moments; ++k) m[k] = load(m_of[k] + i);
    Formula::apply(w, load(gradient + i), m, s);
    for (int k = 0; k < Formula::num_moments; ++k) store(m[k], m_of[k] + i);
    store(w, weight + i);
  }
  if (const int64_t rest = n - i; rest > 0) {
    Vector w = load_first(weight + i, rest), m[Formula::num_moments + 1];
    for (int k = 0; k < Formula::num_moments; ++k) m[k] = load_first(m_of[k] + i, rest);
    Formula::apply(w, load_first(gradient + i, rest), m, s);
    for (int k = 0; k < Formula::num_moments; ++k) store_first(m[k], m_of[k] + i, rest);
    store_first(w, weight + i, rest);
  }
}

UpdateFunction get_update(const Optimizer& optimizer) {
  UpdateFunction function = nullptr;
  with_optimizer_formula(optimizer, [&](auto formula) {
    static_assert(formula.num_moments <= kMaxMoments);
    function = update<decltype(formula)>;
  });
  return function;
}

// A block is 4 columns of as many rows as a vector has lanes.
#if HWY_TARGET == HWY_SCALAR

constexpr int64_t kBlockRows = 4;

HWY_INLINE void transpose_block(const float* from, int64_t from_stride, float* to,
                                int64_t to_stride) {
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) to[c * to_stride + r] = from[r * from_stride + c];
  }
}

#else

using BlockTag = hn::CappedTag<float, 16>;
constexpr BlockTag kBlockTag;
constexpr int64_t kBlockRows = hn::MaxLanes(kBlockTag);

// 4 numbers of row 0, of row 4, ... side by side.
template <class Tag>
HWY_INLINE hn::Vec<Tag> every_fourth_row(Tag tag, const float* from, int64_t stride) {
  if constexpr (hn::MaxLanes(tag) == 4) {
    return hn::LoadU(tag, from);
  } else {
    const hn::Half<Tag> half;
    return hn::Combine(tag, every_fourth_row(half, from + hn::MaxLanes(half) * stride, stride),
                       every_fourth_row(half, from, stride));
  }
}

HWY_INLINE void transpose_block(const float* from, int64_t from_stride, float* to,
                                int64_t to_stride) {
  const hn::RepartitionToWide<BlockTag> wide;
  const auto a = every_fourth_row(kBlockTag, from, from_stride);
  const auto b = every_fourth_row(kBlockTag, from + from_stride, from_stride);
  const auto c = every_fourth_row(kBlockTag, from + 2 * from_stride, from_stride);
  const auto e = every_fourth_row(kBlockTag, from + 3 * from_stride, from_stride);
  const auto ab_low = hn::BitCast(wide, hn::InterleaveLower(kBlockTag, a, b));
  const auto ce_low = hn::BitCast(wide, hn::InterleaveLower(kBlockTag, c, e));
  const auto ab_high = hn::BitCast(wide, hn::InterleaveUpper(kBlockTag, a, b));
  const auto ce_high = hn::BitCast(wide, hn::InterleaveUpper(kBlockTag, c, e));
  const auto store_column = [&](auto column, int64_t c) HWY_ATTR {
    hn::StoreU(hn::BitCast(kBlockTag, column), kBlockTag, to + c * to_stride);
  };
  store_column(hn::InterleaveLower(wide, ab_low, ce_low), 0);
  store_column(hn::InterleaveUpper(wide, ab_low, ce_low), 1);
  store_column(hn::InterleaveLower(wide, ab_high, ce_high), 2);
  store_column(hn::InterleaveUpper(wide, ab_high, ce_high), 3);
}

#endif

void transpose(const float* from, int64_t from_stride, int64_t rows, int64_t columns, float* to,
               int64_t to_stride) {
  const int64_t whole_rows = rows / kBlockRows * kBlockRows, whole_columns = columns / 4 * 4;
  for (int64_t r = 0; r < whole_rows; r += kBlockRows) {
    for (int64_t c = 0; c < whole_columns; c += 4) {
      transpose_block(from + r * from_stride + c, from_stride, to + c * to_stride + r, to_stride);
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c) {
      to[c * to_stride + r] = from[r * from_stride + c];
    }
  }
}

TransposeFunction get_transpose() {
  return transpose;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_update);
HWY_EXPORT(get_transpose);

UpdateFunction update_function(const Optimizer& optimizer) {
  return HWY_DYNAMIC_DISPATCH(get_update)(optimizer);
}
TransposeFunction transpose_function() {
  return HWY_DYNAMIC_DISPATCH(get_transpose)();
}

}  // namespace sinapse
#endif
