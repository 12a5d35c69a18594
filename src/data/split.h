// Divides rows into those to learn from, those that say when to stop, and those to judge by.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "data/rows.h"

namespace sinapse {

/// Row numbers, ascending; every row is in exactly one of them.
struct Split {
  Rows train, validation, test;
};

/// A number for each row, of all rows in their order, some at a time; may be asked again and again.
template <class T>
class RowValues {
 public:
  using Take = std::function<void(std::span<const T>)>;

  RowValues(int64_t rows, std::function<void(const Take&)> visit)
      : rows_(rows), visit_(std::move(visit)) {}
  /// Of a list, which must outlive it.
  RowValues(std::span<const T> list)  // NOLINT: a list has values
      : RowValues(std::ssize(list), [list](const Take& take) { take(list); }) {}
  RowValues(const std::vector<T>& list) : RowValues(std::span(list)) {}  // NOLINT

  int64_t size() const { return rows_; }
  /// Calls use(row, value) for all rows.
  template <class Use>
  void visit(Use&& use) const {
    int64_t row = 0;
    visit_([&](std::span<const T> some) {
      for (const T& value : some) use(row++, value);
    });
  }

 private:
  int64_t rows_;
  std::function<void(const Take&)> visit_;
};

/// Shares of the rows, at least 0 and together below 1; the rest is for training. A part whose
/// share is not 0 gets at least one row as long as another stays for training.
struct SplitShares {
  double validation = 0, test = 0;
};

// All throw Error(usage) for other shares. The same seed gives the same split. Of more rows than
// Rows::kMostListed no list is made.

/// round(rows * share) random rows for each part.
Split random_split(int64_t rows, SplitShares shares, uint64_t seed);

/// The same with each class in proportion (largest remainders, Hamilton's method). The only row of
/// a class stays in the training part. `classes` holds one class number a row.
Split stratified_split(const RowValues<int32_t>& classes, SplitShares shares, uint64_t seed);

/// No group stands in two parts: whole groups are drawn at random while they bring the number of
/// rows nearer to its share. `groups` holds one group number a row. Throws Error(data) if there are
/// fewer groups than parts.
Split grouped_split(const RowValues<int32_t>& groups, SplitShares shares, uint64_t seed);

/// The last rows in time are the test part, those before them the validation part; rows of equal
/// time stay together. Throws Error(data) if there are fewer times than parts.
Split split_by_time(const RowValues<double>& times, SplitShares shares);

/// A row's part follows from its hash alone, so that it stays there whatever other rows come and
/// go; parts have their shares only about. Evenly distributed hashes are expected.
Split split_by_hash(const RowValues<uint64_t>& hashes, SplitShares shares);

/// The first rows to train on, then those for validation, the last to test.
Split split_in_order(int64_t rows, SplitShares shares);

/// Exactly so many rows of each class for validation and test, all choices equally likely, drawn in
/// one pass over the rows (selection sampling; Fan, Muller, Rezucha 1962): how the splits above
/// draw from very many rows.
struct ClassQuota {
  int64_t rows = 0, validation = 0, test = 0;
};
Split draw_split(const RowValues<int32_t>& classes, std::map<int32_t, ClassQuota> quotas,
                 uint64_t seed);

/// Throws Error(usage) naming the option for shares that make no sense.
void check_shares(SplitShares shares);

}  // namespace sinapse
