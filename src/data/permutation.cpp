#include "data/permutation.h"

#include <bit>

namespace sinapse {

namespace {

// 32 bits that depend on all of the digit's and the key's (from MurmurHash3's finaliser).
uint64_t mixed(uint64_t digit, uint64_t key) {
  uint64_t x = (digit ^ key) * 0xff51afd7ed558ccdu;
  x = (x ^ (x >> 32)) * 0xc4ceb9fe1a85ec53u;
  return x >> 32;
}

}  // namespace

Permutation::Permutation(int64_t n, const RandomStream& random)
    : n_(static_cast<uint64_t>(n)), low_bits_(std::bit_width(n_) / 2) {
  high_ = (n_ + (uint64_t{1} << low_bits_) - 1) >> low_bits_;
  for (size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = static_cast<uint64_t>(random.bits(2 * i)) << 32 | random.bits(2 * i + 1);
  }
}

uint64_t Permutation::forward(uint64_t x) const {
  const uint64_t mask = (uint64_t{1} << low_bits_) - 1;
  uint64_t high = x >> low_bits_, low = x & mask;
  for (size_t round = 0; round < keys_.size(); round += 2) {
    high += (mixed(low, keys_[round]) * high_) >> 32;
    high -= high >= high_ ? high_ : 0;
    low = (low + mixed(high, keys_[round + 1])) & mask;
  }
  return high << low_bits_ | low;
}

uint64_t Permutation::backward(uint64_t x) const {
  const uint64_t mask = (uint64_t{1} << low_bits_) - 1;
  uint64_t high = x >> low_bits_, low = x & mask;
  for (size_t round = keys_.size(); round > 0; round -= 2) {
    low = (low - mixed(high, keys_[round - 1])) & mask;
    const uint64_t step = (mixed(low, keys_[round - 2]) * high_) >> 32;
    high += high < step ? high_ - step : -step;
  }
  return high << low_bits_ | low;
}

int64_t Permutation::operator()(int64_t place) const {
  uint64_t x = forward(static_cast<uint64_t>(place));
  while (x >= n_) x = forward(x);
  return static_cast<int64_t>(x);
}

int64_t Permutation::inverse(int64_t number) const {
  uint64_t x = backward(static_cast<uint64_t>(number));
  while (x >= n_) x = backward(x);
  return static_cast<int64_t>(x);
}

}  // namespace sinapse
