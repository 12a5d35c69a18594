#include "data/philox.h"

#include <cmath>
#include <numbers>
#include <numeric>

namespace sinapse {

namespace {

constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;

uint32_t high(uint64_t product) { return static_cast<uint32_t>(product >> 32); }
uint32_t low(uint64_t product) { return static_cast<uint32_t>(product); }

}  // namespace

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> c, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{kMultiplier0} * c[0];
    const uint64_t p1 = uint64_t{kMultiplier1} * c[2];
    c = {high(p1) ^ c[1] ^ key[0], low(p1), high(p0) ^ c[3] ^ key[1], low(p0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return c;
}

// Counter words: element block (two words), step, purpose; the key is the seed. Four elements share
// a block.
uint32_t RandomStream::bits(uint64_t element) const {
  const uint64_t block = element / 4;
  const auto words = philox({low(block), high(block), low(step_), purpose_ ^ high(step_)},
                            {low(seed_), high(seed_)});
  return words[element % 4];
}

double RandomStream::uniform(uint64_t element) const { return bits(element) * 0x1p-32; }

double RandomStream::normal(uint64_t element) const {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(2 * element)));
  return radius * std::cos(2 * std::numbers::pi * uniform(2 * element + 1));
}

std::vector<int64_t> RandomStream::permutation(int64_t n) const {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (int64_t i = n - 1; i > 0; --i) {
    const auto wide = static_cast<uint64_t>(bits(2 * i)) << 32 | bits(2 * i + 1);
    const auto j = static_cast<int64_t>(wide % static_cast<uint64_t>(i + 1));
    std::swap(order[i], order[j]);
  }
  return order;
}

uint32_t purpose_of(std::string_view name) {
  uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash | 0x80000000u;  // apart from the small numbers of Purpose
}

}  // namespace sinapse
