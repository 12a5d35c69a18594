// Runs a test once for every instruction set that this processor and the build have.
#pragma once

#include <type_traits>

#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

namespace sinapse {

/// Calls test(), or test(target), with run-time dispatch bound to each instruction set in turn.
template <class Test>
void for_each_instruction_set(Test test) {
  constexpr int64_t kCompiled = HWY_TARGETS & ~(HWY_SSSE3 | HWY_AVX3_DL);
  const int64_t available = hwy::SupportedTargets() & kCompiled;
  ASSERT_NE(available, 0);
  for (int64_t rest = available; rest != 0; rest &= rest - 1) {
    const int64_t target = rest & -rest;
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::GetChosenTarget().Update(target);
    if constexpr (std::is_invocable_v<Test, int64_t>) {
      test(target);
    } else {
      test();
    }
  }
  hwy::GetChosenTarget().Update(available);
}

/// Whether multiply_add rounds once there.
constexpr bool rounds_once(int64_t target) {
  return target == HWY_AVX2 || target == HWY_AVX3 || target == HWY_NEON;
}

}  // namespace sinapse
