// Numbers below 1e-38 count as 0 while a plan runs. A dead neuron's moments shrink into them and
// stay there, and many processors need over a hundred cycles for each operation on one.
#pragma once

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace sinapse {

/// While it lives, this thread's arithmetic reads and writes subnormal numbers as 0. Inside another
/// one it costs next to nothing: a processor waits for all that is under way to change this.
class FlushSubnormals {
 public:
  FlushSubnormals() : before_(control()) {
    if (changes()) set_control(before_ | kFlush);
  }
  ~FlushSubnormals() {
    if (changes()) set_control(before_);
  }
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;

 private:
  bool changes() const { return (before_ & kFlush) != kFlush; }

#if defined(__SSE__)
  static constexpr uint32_t kFlush = 0x8040;  // flush to zero, denormals are zero
  static uint32_t control() {
    return _mm_getcsr();
  }
  static void set_control(uint32_t bits) {
    _mm_setcsr(bits);
  }
  const uint32_t before_;
#elif defined(__aarch64__)
  static constexpr uint64_t kFlush = uint64_t{1} << 24;
  static uint64_t control() {
    uint64_t bits;
    asm volatile("mrs %0, fpcr" : "=r"(bits));
    return bits;
  }
  static void set_control(uint64_t bits) {
    asm volatile("msr fpcr, %0" : : "r"(bits));
  }
  const uint64_t before_;
#else
  static constexpr uint32_t kFlush = 0;
  static uint32_t control() {
    return 0;
  }
  static void set_control(uint32_t) {}
  const uint32_t before_;
#endif
};

}  // namespace sinapse
