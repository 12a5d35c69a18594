// Runs a test once for every way of multiplying bf16 that this processor has.
#pragma once

#include <gtest/gtest.h>

#include "cpu/bf16.h"

namespace sinapse {

/// Plans made while it lives use one set; after it, the best one.
class UseBf16 {
 public:
  explicit UseBf16(Bf16Set set) { choose_bf16(set); }
  ~UseBf16() { choose_bf16(available_bf16().back()); }
  UseBf16(const UseBf16&) = delete;
  UseBf16& operator=(const UseBf16&) = delete;
};

/// Calls test() with plans bound to each set in turn, the emulation first.
template <class Test>
void for_each_bf16_set(Test test) {
  for (const Bf16Set set : available_bf16()) {
    SCOPED_TRACE(name_of(set));
    const UseBf16 use(set);
    test();
  }
}

}  // namespace sinapse
