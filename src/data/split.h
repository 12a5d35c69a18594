// Divides rows into those to learn from, those that say when to stop, and those to judge by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sinapse {

/// Row numbers, ascending; every row is in exactly one of them.
struct Split {
  std::vector<int64_t> train, validation, test;
};

/// Shares of the rows, at least 0 and together below 1; the rest is for training. A part whose
/// share is not 0 gets at least one row as long as another stays for training.
struct SplitShares {
  double validation = 0, test = 0;
};

// All throw Error(usage) for other shares. The same seed gives the same split.

/// round(rows * share) random rows for each part.
Split random_split(int64_t rows, SplitShares shares, uint64_t seed);

/// The same with each class in proportion (largest remainders, Hamilton's method). The only row of
/// a class stays in the training part. `classes` holds one class number a row.
Split stratified_split(std::span<const int32_t> classes, SplitShares shares, uint64_t seed);

/// No group stands in two parts: whole groups are drawn at random while they bring the number of
/// rows nearer to its share. `groups` holds one group number a row. Throws Error(data) if there are
/// fewer groups than parts.
Split grouped_split(std::span<const int32_t> groups, SplitShares shares, uint64_t seed);

/// The last rows in time are the test part, those before them the validation part; rows of equal
/// time stay together. Throws Error(data) if there are fewer times than parts.
Split split_by_time(std::span<const double> times, SplitShares shares);

/// A row's part follows from its hash alone, so that it stays there whatever other rows come and
/// go; parts have their shares only about. Evenly distributed hashes are expected.
Split split_by_hash(std::span<const uint64_t> hashes, SplitShares shares);

/// Throws Error(usage) naming the option for shares that make no sense.
void check_shares(SplitShares shares);

}  // namespace sinapse
