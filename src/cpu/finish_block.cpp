#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/finish_block.cpp"
#include "cpu/finish_block.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
constexpr D d;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));
constexpr int64_t kBlockFloats = 16;

// kLanes channels of the block.
template <bool kNormalizes, Epilogue kEpilogue>
HWY_INLINE void finish_lanes(float* y, int64_t places, const BlockFinish& by, int64_t lane) {
  const auto zero = hn::Zero(d);
  const auto factor = kNormalizes ? hn::LoadU(d, by.factor + lane) : zero;
  const auto shift = kNormalizes ? hn::LoadU(d, by.shift + lane) : zero;
  for (int64_t i = lane; i < places * kBlockFloats; i += kBlockFloats) {
    auto sum = hn::LoadU(d, y + i);
    if constexpr (kNormalizes) sum = hn::MulAdd(sum, factor, shift);
    if (by.addend) sum = hn::Add(sum, hn::LoadU(d, by.addend + i));
    if constexpr (kEpilogue == Epilogue::relu) {
      sum = hn::IfThenZeroElse(hn::Le(sum, zero), sum);
    } else if constexpr (kEpilogue == Epilogue::relu_mask) {
      sum = hn::IfThenZeroElse(hn::Le(hn::LoadU(d, by.saved + i), zero), sum);
    }
    hn::StoreU(sum, d, y + i);
  }
}

template <bool kNormalizes>
HWY_INLINE void finish_by(float* y, int64_t places, const BlockFinish& by, int64_t lane) {
  switch (by.epilogue) {
    case Epilogue::relu:
      return finish_lanes<kNormalizes, Epilogue::relu>(y, places, by, lane);
    case Epilogue::relu_mask:
      return finish_lanes<kNormalizes, Epilogue::relu_mask>(y, places, by, lane);
    default:
      return finish_lanes<kNormalizes, Epilogue::none>(y, places, by, lane);
  }
}

void finish_block(float* y, int64_t places, const BlockFinish& by) {
  for (int64_t lane = 0; lane < kBlockFloats; lane += kLanes) {
    if (by.factor) {
      finish_by<true>(y, places, by, lane);
    } else {
      finish_by<false>(y, places, by, lane);
    }
  }
}

FinishBlockFunction get_finish_block() {
  return finish_block;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {

HWY_EXPORT(get_finish_block);

FinishBlockFunction finish_block_function() {
  return HWY_DYNAMIC_DISPATCH(get_finish_block)();
}

}  // namespace sinapse
#endif
