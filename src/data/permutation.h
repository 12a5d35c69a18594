// A permutation of very many places, none of which is stored.
#pragma once

#include <array>
#include <cstdint>

#include "data/philox.h"

namespace sinapse {

/// A permutation of 0 .. n-1 as a pure function: a Feistel network over the two digits of a number,
/// with round keys from a random stream, that is repeated while it leads out of the range (cycle
/// walking; Black, Rogaway 2002). Any number of threads may ask.
class Permutation {
 public:
  /// n >= 1 and below 2^60.
  Permutation(int64_t n, const RandomStream& random);

  int64_t size() const { return static_cast<int64_t>(n_); }
  int64_t operator()(int64_t place) const;
  /// The place of a number.
  int64_t inverse(int64_t number) const;

 private:
  static constexpr int kRounds = 4;  // each changes both digits

  uint64_t forward(uint64_t x) const;
  uint64_t backward(uint64_t x) const;

  uint64_t n_, high_;  // numbers; values of the high digit
  int low_bits_ = 0;   // of the low digit
  std::array<uint64_t, 2 * kRounds> keys_{};
};

}  // namespace sinapse
