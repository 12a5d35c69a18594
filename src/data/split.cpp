#include "data/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"
#include "data/sorted_list.h"

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

Split in_rising_order(std::vector<int64_t> train, std::vector<int64_t> validation,
                      std::vector<int64_t> test) {
  for (auto* rows : {&train, &validation, &test}) std::sort(rows->begin(), rows->end());
  return {.train = std::move(train), .validation = std::move(validation), .test = std::move(test)};
}

// Whole groups for a part of `wanted` rows, from the end of `groups`, which they leave; `kept`
// groups stay in any case. A group is taken if more than half of it is still wanted, or passed
// over.
std::vector<int32_t> take_groups(std::vector<int32_t>& groups, const std::vector<int64_t>& sizes,
                                 int64_t wanted, size_t kept) {
  std::vector<int32_t> taken, left;
  int64_t rows = 0;
  for (; !groups.empty(); groups.pop_back()) {
    const int32_t group = groups.back();
    const bool fits = taken.empty() || 2 * rows + sizes[group] <= 2 * wanted;
    if (rows >= wanted || groups.size() + left.size() <= kept) break;
    (fits ? taken : left).push_back(group);
    if (fits) rows += sizes[group];
  }
  groups.insert(groups.end(), left.rbegin(), left.rend());
  return taken;
}

void require_enough(int64_t different, const char* what, PartSizes wanted) {
  const int64_t num_parts = 1 + (wanted.validation > 0) + (wanted.test > 0);
  if (different >= num_parts) return;
  throw Error(ErrorCode::data, fmt::format("the rows have {} different {}, too few for {} parts",
                                           different, what, num_parts));
}

/// A time, the latest first.
struct Latest {
  double time;

  bool operator<(const Latest& other) const { return time > other.time; }
};

// Calls take(time, its number of rows) for all different times, the latest first.
template <class Take>
void visit_times(const RowValues<double>& times, Take&& take) {
  SortedList<Latest> sorted;
  times.visit([&](int64_t, double time) { sorted.add({time}); });
  double now = 0;
  int64_t rows = 0;
  sorted.visit([&](const Latest& one) {
    if (rows > 0 && one.time != now) {
      take(now, rows);
      rows = 0;
    }
    now = one.time;
    ++rows;
  });
  if (rows > 0) take(now, rows);
}

bool are_many(int64_t rows) {
  return rows > Rows::kMostListed;
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
  if (are_many(rows)) {
    const RowValues<int32_t> one_class(rows, [rows](const RowValues<int32_t>::Take& take) {
      constexpr int64_t kAtOnce = 4096;
      const std::vector<int32_t> zeros(kAtOnce);
      for (int64_t row = 0; row < rows; row += kAtOnce)
        take(std::span(zeros).first(std::min(kAtOnce, rows - row)));
    });
    return draw_split(one_class, {{0, {rows, sizes.validation, sizes.test}}}, seed);
  }
  const std::vector<int64_t> order = shuffled_rows(rows, seed);
  const auto first = order.begin() + sizes.validation, second = first + sizes.test;
  return in_rising_order({second, order.end()}, {order.begin(), first}, {first, second});
}

Split stratified_split(const RowValues<int32_t>& classes, SplitShares shares, uint64_t seed) {
  const int64_t rows = classes.size();
  const PartSizes sizes = part_sizes(rows, shares);
  std::map<int32_t, int64_t> rows_of_class;
  classes.visit([&](int64_t, int32_t c) { ++rows_of_class[c]; });
  std::map<int32_t, Share> validation, test;
  for (const auto& [c, count] : rows_of_class) validation[c].rows = count;
  apportion(validation, rows_of_class, sizes.validation, shares.validation);
  for (const auto& [c, share] : validation) test[c].rows = share.rows - share.taken;
  apportion(test, rows_of_class, sizes.test, shares.test);
  if (are_many(rows)) {
    std::map<int32_t, ClassQuota> quotas;
    for (const auto& [c, count] : rows_of_class)
      quotas[c] = {count, validation[c].taken, test[c].taken};
    return draw_split(classes, std::move(quotas), seed);
  }

  std::vector<int32_t> listed;
  classes.visit([&](int64_t, int32_t c) { listed.push_back(c); });
  std::vector<int64_t> train_rows, validation_rows, test_rows;
  for (const int64_t row : shuffled_rows(rows, seed)) {
    const int32_t c = listed[row];
    if (validation[c].taken > 0) {
      validation_rows.push_back(row);
      --validation[c].taken;
    } else if (test[c].taken > 0) {
      test_rows.push_back(row);
      --test[c].taken;
    } else {
      train_rows.push_back(row);
    }
  }
  return in_rising_order(std::move(train_rows), std::move(validation_rows), std::move(test_rows));
}

// A row goes to a part with the probability that of the rows that are left one has that part.
Split draw_split(const RowValues<int32_t>& classes, std::map<int32_t, ClassQuota> quotas,
                 uint64_t seed) {
  const RandomStream random(seed, Purpose::split, 0);
  Split split;
  classes.visit([&](int64_t row, int32_t c) {
    ClassQuota& left = quotas.at(c);
    const auto element = static_cast<uint64_t>(row);
    const uint64_t wide =
        static_cast<uint64_t>(random.bits(2 * element)) << 32 | random.bits(2 * element + 1);
    const auto place = static_cast<int64_t>(wide % static_cast<uint64_t>(left.rows--));
    if (place < left.validation) {
      split.validation.push_back(row);
      --left.validation;
    } else if (place < left.validation + left.test) {
      split.test.push_back(row);
      --left.test;
    } else {
      split.train.push_back(row);
    }
  });
  return split;
}

Split grouped_split(const RowValues<int32_t>& groups, SplitShares shares, uint64_t seed) {
  std::map<int32_t, int32_t> index;
  groups.visit([&](int64_t, int32_t group) { index.emplace(group, index.size()); });
  const PartSizes wanted = part_sizes(groups.size(), shares);
  if (groups.size() > 0) require_enough(std::ssize(index), "groups", wanted);
  std::vector<int64_t> sizes(index.size());
  groups.visit([&](int64_t, int32_t group) { ++sizes[index.at(group)]; });

  const std::vector<int64_t> shuffled = shuffled_rows(std::ssize(index), seed);
  std::vector<int32_t> order(shuffled.begin(), shuffled.end());
  std::vector<Rows Split::*> parts(index.size(), &Split::train);
  const auto assign = [&](Rows Split::*part, int64_t num_rows, size_t kept) {
    if (num_rows == 0) return;
    for (const int32_t group : take_groups(order, sizes, num_rows, kept)) parts[group] = part;
  };
  assign(&Split::test, wanted.test, wanted.validation > 0 ? 2 : 1);
  assign(&Split::validation, wanted.validation, 1);
  Split split;
  groups.visit([&](int64_t row, int32_t group) { (split.*parts[index.at(group)]).push_back(row); });
  return split;
}

// A time is taken if more than half of its rows are still wanted; so many stay in any case.
Split split_by_time(const RowValues<double>& times, SplitShares shares) {
  const PartSizes wanted = part_sizes(times.size(), shares);
  int64_t num_left = 0;  // of different times
  visit_times(times, [&](double, int64_t) { ++num_left; });
  if (times.size() > 0) require_enough(num_left, "times", wanted);
  struct Part {
    int64_t wanted, kept, rows = 0;
    double since = std::numeric_limits<double>::infinity();
  };
  std::array parts = {Part{wanted.test, wanted.validation > 0 ? 2 : 1}, Part{wanted.validation, 1}};
  auto part = parts.begin();
  visit_times(times, [&](double time, int64_t rows) {
    for (; part != parts.end(); ++part) {
      const bool fits = part->rows == 0 || 2 * part->rows + rows <= 2 * part->wanted;
      if (part->rows >= part->wanted || !fits || num_left <= part->kept) continue;
      part->rows += rows;
      part->since = time;
      break;
    }
    --num_left;
  });
  Split split;
  times.visit([&](int64_t row, double time) {
    (time >= parts[0].since   ? split.test
     : time >= parts[1].since ? split.validation
                              : split.train)
        .push_back(row);
  });
  return split;
}

Split split_in_order(int64_t rows, SplitShares shares) {
  const PartSizes sizes = part_sizes(rows, shares);
  Split split;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t left = rows - row;
    (left <= sizes.test                      ? split.test
     : left <= sizes.test + sizes.validation ? split.validation
                                             : split.train)
        .push_back(row);
  }
  return split;
}

Split split_by_hash(const RowValues<uint64_t>& hashes, SplitShares shares) {
  check_shares(shares);
  Split split;
  hashes.visit([&](int64_t row, uint64_t hash) {
    const double place = static_cast<double>(hash >> 11) * 0x1p-53;  // in [0, 1)
    const bool validation = place < shares.validation, test = place >= 1 - shares.test;
    (test ? split.test : validation ? split.validation : split.train).push_back(row);
  });
  return split;
}

}  // namespace sinapse
