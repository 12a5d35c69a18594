#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/noise.cpp"
#include "cpu/noise.h"

#include <algorithm>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "cpu/lanes.h"
#include "cpu/simd_math.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

constexpr int64_t kBlock = 64;  // elements made ready at a time

// log(1 - u) from u and 1 - u, of which one is small and then exact.
HWY_INLINE Vector log_of_rest(Vector u, Vector rest) {
  return select(u < 0.5f, log1p(-u), log(rest));
}

// cos(2 pi t) for 0 <= t <= 1, by the sine series of the distance to the nearest zero.
HWY_INLINE Vector cosine_of_turns(Vector t) {
  const Vector y = 6.28318531f * (abs(t - 0.5f) - 0.25f);
  return y * polynomial(y * y, 1.0f, -1.0f / 6, 1.0f / 120, -1.0f / 5040, 1.0f / 362880,
                        -1.0f / 39916800, 1.0f / 6227020800.0f);
}

void noise(const float* x, float* y, const uint32_t* bits, int64_t n, float deviation) {
  float u[kBlock], rest[kBlock], turns[kBlock];
  const auto step = static_cast<int64_t>(lanes());
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t count = std::min(kBlock, n - begin);
    for (int64_t i = 0; i < count; ++i) {
      const uint32_t first = bits[2 * (begin + i)];
      u[i] = static_cast<float>(first) * 0x1p-32f;
      rest[i] = (static_cast<float>(~first) + 1) * 0x1p-32f;
      turns[i] = static_cast<float>(bits[2 * (begin + i) + 1]) * 0x1p-32f;
    }
    for (int64_t i = 0; i < count; i += step) {
      const Lanes part(count - i);
      const Vector squared_radius = -2.0f * log_of_rest(part.from(u + i), part.from(rest + i));
      const Vector z = sqrt(squared_radius) * cosine_of_turns(part.from(turns + i));
      const Vector from = part.from(x + begin + i);
      part.to(from * multiply_add(Vector(deviation), z, 1.0f), y + begin + i);
    }
  }
}

NoiseFunction get_noise() {
  return noise;
}

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_noise);
NoiseFunction noise_function() {
  return HWY_DYNAMIC_DISPATCH(get_noise)();
}
}  // namespace sinapse
#endif
