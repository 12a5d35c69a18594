#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"

namespace sinapse {

namespace {

void check_fraction(double fraction) {
  if (fraction >= 0 && fraction < 1) return;  // false for NaN
  throw Error(
      ErrorCode::usage,
      fmt::format("The validation split must be at least 0 and below 1, not {}.", fraction));
}

int64_t num_validation_rows(int64_t rows, double fraction) {
  if (fraction == 0 || rows < 2) return 0;
  return std::clamp<int64_t>(std::llround(static_cast<double>(rows) * fraction), 1, rows - 1);
}

std::vector<int64_t> shuffled_rows(int64_t rows, uint64_t seed) {
  return RandomStream(seed, Purpose::split, 0).permutation(rows);
}

// What one class gives to the validation part.
struct Share {
  int64_t rows = 0;
  int64_t taken = 0;
  double remainder = 0;

  bool may_give_more() const { return taken + 1 < rows; }
};

// Rounds every class down, then gives what is left to the largest remainders.
void apportion(std::map<int32_t, Share>& shares, int64_t total, double fraction) {
  std::vector<Share*> by_remainder;
  for (auto& [_, share] : shares) {
    const double quota = static_cast<double>(share.rows) * fraction;
    share.taken = std::min(static_cast<int64_t>(quota), share.rows - 1);
    share.remainder = quota - static_cast<double>(share.taken);
    total -= share.taken;
    by_remainder.push_back(&share);
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [](const Share* a, const Share* b) { return a->remainder > b->remainder; });
  for (Share* share : by_remainder) {
    if (total <= 0) return;
    if (!share->may_give_more()) continue;
    ++share->taken;
    --total;
  }
}

Split sorted(Split split) {
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

}  // namespace

Split random_split(int64_t rows, double fraction, uint64_t seed) {
  check_fraction(fraction);
  const std::vector<int64_t> order = shuffled_rows(rows, seed);
  const auto cut = order.begin() + num_validation_rows(rows, fraction);
  return sorted({.train = {cut, order.end()}, .validation = {order.begin(), cut}});
}

Split stratified_split(std::span<const int32_t> classes, double fraction, uint64_t seed) {
  check_fraction(fraction);
  const auto rows = static_cast<int64_t>(classes.size());
  std::map<int32_t, Share> shares;
  for (const int32_t c : classes) ++shares[c].rows;
  apportion(shares, num_validation_rows(rows, fraction), fraction);

  Split split;
  for (const int64_t row : shuffled_rows(rows, seed)) {
    int64_t& left = shares[classes[row]].taken;
    (left > 0 ? split.validation : split.train).push_back(row);
    left -= left > 0 ? 1 : 0;
  }
  return sorted(std::move(split));
}

}  // namespace sinapse
