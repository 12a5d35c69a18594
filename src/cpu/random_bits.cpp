// Philox4x32-10 (data/philox.h) for as many counters at a time as the CPU has lanes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/random_bits.cpp"
#include "cpu/columns.h"

#include <algorithm>

#include <hwy/foreach_target.h>  // must precede highway.h
#include <hwy/highway.h>

#include "data/philox.h"

HWY_BEFORE_NAMESPACE();
namespace sinapse {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void one_by_one(uint64_t seed, uint32_t purpose, uint64_t step, uint64_t first, int64_t n,
                uint32_t* bits) {
  const RandomStream random(seed, purpose, step);
  for (int64_t i = 0; i < n; ++i) bits[i] = random.bits(first + i);
}

#if HWY_TARGET == HWY_SCALAR

void random_bits(uint64_t seed, uint32_t purpose, uint64_t step, uint64_t first, int64_t n,
                 uint32_t* bits) {
  one_by_one(seed, purpose, step, first, n, bits);
}

#else

using D = hn::ScalableTag<uint32_t>;
using V = hn::Vec<D>;

struct Product {
  V high, low;
};

HWY_INLINE Product multiply(V a, V b) {
  const D d;
  const hn::RepartitionToWide<D> wide;
  const auto even = hn::MulEven(a, b);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, a))), b);
  const V even_high = hn::BitCast(d, hn::ShiftRight<32>(even));
  return {hn::OddEven(hn::BitCast(d, odd), even_high), hn::Mul(a, b)};
}

// Four words of the blocks block, block + 1, ..., one a lane; blocks stay below 2^32.
HWY_INLINE void philox_blocks(uint32_t block, uint32_t step_low, uint32_t last, uint64_t seed,
                              uint32_t* to) {
  const D d;
  V c0 = hn::Iota(d, block), c1 = hn::Zero(d), c2 = hn::Set(d, step_low), c3 = hn::Set(d, last);
  const V m0 = hn::Set(d, 0xD2511F53u), m1 = hn::Set(d, 0xCD9E8D57u);
  auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const Product p0 = multiply(c0, m0), p1 = multiply(c2, m1);
    c0 = hn::Xor(hn::Xor(p1.high, c1), hn::Set(d, key0));
    c2 = hn::Xor(hn::Xor(p0.high, c3), hn::Set(d, key1));
    c1 = p1.low;
    c3 = p0.low;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  hn::StoreInterleaved4(c0, c1, c2, c3, d, to);
}

void random_bits(uint64_t seed, uint32_t purpose, uint64_t step, uint64_t first, int64_t n,
                 uint32_t* bits) {
  const auto blocks = static_cast<uint64_t>(hn::Lanes(D()));
  if ((first + n) / 4 + blocks > 0xFFFFFFFFu) {
    return one_by_one(seed, purpose, step, first, n, bits);
  }
  HWY_ALIGN uint32_t words[4 * hn::MaxLanes(D())];
  const auto last = purpose ^ static_cast<uint32_t>(step >> 32);
  for (int64_t done = 0; done < n;) {
    const uint64_t element = first + done, block = element / 4;
    philox_blocks(static_cast<uint32_t>(block), static_cast<uint32_t>(step), last, seed, words);
    const auto skip = static_cast<int64_t>(element - 4 * block);
    const int64_t count = std::min<int64_t>(n - done, static_cast<int64_t>(4 * blocks) - skip);
    std::copy_n(words + skip, count, bits + done);
    done += count;
  }
}

#endif

RandomBitsFunction get_random_bits() { return random_bits; }

}  // namespace HWY_NAMESPACE
}  // namespace sinapse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sinapse {
HWY_EXPORT(get_random_bits);
RandomBitsFunction random_bits_function() { return HWY_DYNAMIC_DISPATCH(get_random_bits)(); }
}  // namespace sinapse
#endif
