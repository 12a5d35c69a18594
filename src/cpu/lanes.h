// Lanes: whole vectors, or the first lanes of the last one. Included once per instruction set, like
// simd_number.h.
#include "cpu/simd_number.h"

#if defined(SINAPSE_CPU_LANES_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SINAPSE_CPU_LANES_H
#undef SINAPSE_CPU_LANES_H
#else
#define SINAPSE_CPU_LANES_H
#endif

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

/// Reads and writes whole vectors, or the first n lanes of the last one; what is not read is 0.
struct Lanes {
  int64_t n;
  bool whole;
  explicit HWY_INLINE Lanes(int64_t left) : n(left), whole(left >= static_cast<int64_t>(lanes())) {}
  HWY_INLINE Vector from(const float* p) const { return whole ? load(p) : load_first(p, n); }
  HWY_INLINE void to(Vector v, float* p) const { whole ? store(v, p) : store_first(v, p, n); }
  /// v, with 0 in the lanes that do not count.
  HWY_INLINE Vector only(Vector v) const {
    return whole ? v : select(first_lanes(n), v, Vector(0.0f));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#endif
