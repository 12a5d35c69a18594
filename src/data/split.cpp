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

void check_share(double share, const char* name) {
  if (share >= 0 && share < 1) return;  // false for NaN
  throw Error(ErrorCode::usage,
              fmt::format("The {} split must be at least 0 and below 1, not {}.", name, share));
}

// Of `rows`, of which at least `kept` stay for others.
int64_t rows_of_share(int64_t rows, double share, int64_t kept) {
  if (share == 0 || rows <= kept) return 0;
  return std::clamp<int64_t>(std::llround(static_cast<double>(rows) * share), 1, rows - kept);
}

struct PartSizes {
  int64_t validation = 0, test = 0;
};

PartSizes part_sizes(int64_t rows, SplitShares shares) {
  check_shares(shares);
  const int64_t validation = rows_of_share(rows, shares.validation, shares.test > 0 ? 2 : 1);
  return {validation, rows_of_share(rows, shares.test, validation + 1)};
}

std::vector<int64_t> shuffled_rows(int64_t rows, uint64_t seed) {
  return RandomStream(seed, Purpose::split, 0).permutation(rows);
}

// What one class gives to a part; `rows` are those it still has.
struct Share {
  int64_t rows = 0;
  int64_t taken = 0;
  double remainder = 0;

  bool may_give_more() const { return taken + 1 < rows; }
};

// Rounds every class down, then gives what is left to the largest remainders. `quota_rows` are the
// rows each class had before any part was taken.
void apportion(std::map<int32_t, Share>& shares, const std::map<int32_t, int64_t>& quota_rows,
               int64_t total, double fraction) {
  std::vector<Share*> by_remainder;
  for (auto& [c, share] : shares) {
    const double quota = static_cast<double>(quota_rows.at(c)) * fraction;
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
  for (auto* rows : {&split.train, &split.validation, &split.test}) {
    std::sort(rows->begin(), rows->end());
  }
  return split;
}

// Whole groups for a part of `wanted` rows, from the end of `groups`, which they leave; `kept`
// groups stay in any case. A group is taken if more than half of it is still wanted, or passed
// over; with `in_order` the first that is passed over ends the part.
std::vector<int32_t> take_groups(std::vector<int32_t>& groups, const std::vector<int64_t>& sizes,
                                 int64_t wanted, size_t kept, bool in_order) {
  std::vector<int32_t> taken, left;
  int64_t rows = 0;
  for (; !groups.empty(); groups.pop_back()) {
    const int32_t group = groups.back();
    const bool fits = taken.empty() || 2 * rows + sizes[group] <= 2 * wanted;
    if (rows >= wanted || (in_order && !fits) || groups.size() + left.size() <= kept) break;
    (fits ? taken : left).push_back(group);
    if (fits) rows += sizes[group];
  }
  groups.insert(groups.end(), left.rbegin(), left.rend());
  return taken;
}

// `order` holds all groups, those to take first last.
Split split_groups(std::span<const int32_t> group_of_row, std::vector<int32_t> order,
                   SplitShares shares, bool in_order) {
  const auto rows = static_cast<int64_t>(group_of_row.size());
  const PartSizes wanted = part_sizes(rows, shares);
  const size_t num_parts = 1 + (wanted.validation > 0) + (wanted.test > 0);
  if (rows > 0 && order.size() < num_parts) {
    throw Error(ErrorCode::data,
                fmt::format("the rows have {} different {}, too few for {} parts", order.size(),
                            in_order ? "times" : "groups", num_parts));
  }
  std::vector<int64_t> sizes(order.size());
  for (const int32_t group : group_of_row) ++sizes[group];
  enum Part : uint8_t { train, validation, test };
  std::vector<Part> parts(order.size(), train);
  const auto assign = [&](Part part, int64_t num_rows, size_t kept) {
    if (num_rows == 0) return;
    for (const int32_t group : take_groups(order, sizes, num_rows, kept, in_order)) {
      parts[group] = part;
    }
  };
  assign(test, wanted.test, wanted.validation > 0 ? 2 : 1);
  assign(validation, wanted.validation, 1);
  Split split;
  for (int64_t row = 0; row < rows; ++row) {
    const Part part = parts[group_of_row[row]];
    (part == train ? split.train : part == test ? split.test : split.validation).push_back(row);
  }
  return split;
}

}  // namespace

void check_shares(SplitShares shares) {
  check_share(shares.validation, "validation");
  check_share(shares.test, "test");
  if (shares.validation + shares.test < 1) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("The validation split {} and the test split {} leave no rows to train on.",
                  shares.validation, shares.test));
}

Split random_split(int64_t rows, SplitShares shares, uint64_t seed) {
  const PartSizes sizes = part_sizes(rows, shares);
  std::vector<int64_t> order = shuffled_rows(rows, seed);
  const auto first = order.begin() + sizes.validation, second = first + sizes.test;
  Split split{.train = {}, .validation = {order.begin(), first}, .test = {first, second}};
  order.erase(order.begin(), second);
  split.train = std::move(order);  // not copied: the rows of a large file take memory
  return sorted(std::move(split));
}

Split stratified_split(std::span<const int32_t> classes, SplitShares shares, uint64_t seed) {
  const auto rows = static_cast<int64_t>(classes.size());
  const PartSizes sizes = part_sizes(rows, shares);
  std::map<int32_t, int64_t> rows_of_class;
  for (const int32_t c : classes) ++rows_of_class[c];
  std::map<int32_t, Share> validation, test;
  for (const auto& [c, count] : rows_of_class) validation[c].rows = count;
  apportion(validation, rows_of_class, sizes.validation, shares.validation);
  for (const auto& [c, share] : validation) test[c].rows = share.rows - share.taken;
  apportion(test, rows_of_class, sizes.test, shares.test);

  Split split;
  for (const int64_t row : shuffled_rows(rows, seed)) {
    const int32_t c = classes[row];
    if (validation[c].taken > 0) {
      split.validation.push_back(row);
      --validation[c].taken;
    } else if (test[c].taken > 0) {
      split.test.push_back(row);
      --test[c].taken;
    } else {
      split.train.push_back(row);
    }
  }
  return sorted(std::move(split));
}

Split grouped_split(std::span<const int32_t> groups, SplitShares shares, uint64_t seed) {
  std::map<int32_t, int32_t> index;
  std::vector<int32_t> group_of_row;
  for (const int32_t group : groups) {
    group_of_row.push_back(index.emplace(group, index.size()).first->second);
  }
  const std::vector<int64_t> shuffled = shuffled_rows(static_cast<int64_t>(index.size()), seed);
  return split_groups(group_of_row, {shuffled.begin(), shuffled.end()}, shares, false);
}

Split split_by_time(std::span<const double> times, SplitShares shares) {
  std::map<double, int32_t> index;
  for (const double time : times) index.emplace(time, 0);
  std::vector<int32_t> order, group_of_row;
  for (auto& [time, place] : index) order.push_back(place = static_cast<int32_t>(order.size()));
  for (const double time : times) group_of_row.push_back(index[time]);
  return split_groups(group_of_row, std::move(order), shares, true);
}

Split split_by_hash(std::span<const uint64_t> hashes, SplitShares shares) {
  check_shares(shares);
  Split split;
  for (size_t row = 0; row < hashes.size(); ++row) {
    const double place = static_cast<double>(hashes[row] >> 11) * 0x1p-53;  // in [0, 1)
    const bool validation = place < shares.validation, test = place >= 1 - shares.test;
    (test         ? split.test
     : validation ? split.validation
                  : split.train)
        .push_back(static_cast<int64_t>(row));
  }
  return split;
}

}  // namespace sinapse
