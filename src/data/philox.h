// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011).
// A number is a pure function of (seed, purpose, step, element), so masks, shuffles and initial
// weights depend neither on threads nor on what was drawn before.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sinapse {

/// What a stream of random numbers is for; a layer adds its own index to the last one.
enum class Purpose : uint32_t {
  split = 1,
  shuffle = 2,
  initial_weights = 3,
  resample = 4,
  bootstrap = 5,
  folds = 6,
  search = 7,
  batches = 8,
  layer = 1000
};

/// One block of four 32-bit numbers for a 128-bit counter and a 64-bit key.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// The random numbers of one (seed, purpose, step), addressed by element.
class RandomStream {
 public:
  RandomStream(uint64_t seed, uint32_t purpose, uint64_t step)
      : seed_(seed), purpose_(purpose), step_(step) {}
  RandomStream(uint64_t seed, Purpose purpose, uint64_t step)
      : RandomStream(seed, static_cast<uint32_t>(purpose), step) {}

  uint32_t bits(uint64_t element) const;   ///< 32 uniform bits
  double uniform(uint64_t element) const;  ///< in [0, 1), multiples of 2^-32
  double normal(uint64_t element) const;   ///< mean 0, variance 1 (Box-Muller)

  /// A permutation of 0 .. n-1 (Fisher-Yates).
  std::vector<int64_t> permutation(int64_t n) const;

 private:
  uint64_t seed_;
  uint32_t purpose_;
  uint64_t step_;
};

/// A purpose number of its own for every name (FNV-1a), e.g. for the initial values of a parameter.
uint32_t purpose_of(std::string_view name);

}  // namespace sinapse
