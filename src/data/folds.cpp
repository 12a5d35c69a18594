#include "data/folds.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"

namespace sinapse {

namespace {

using Folds = std::vector<std::vector<int64_t>>;

void check(int64_t folds, int64_t things, const char* name) {
  if (folds >= 2 && folds <= things) return;
  throw Error(ErrorCode::usage, fmt::format("folds must be between 2 and the number of {}, {}, but "
                                            "is {}.",
                                            name, things, folds));
}

std::vector<int64_t> shuffled(int64_t n, uint64_t seed) {
  return RandomStream(seed, Purpose::folds, 0).permutation(n);
}

Folds sorted(Folds folds) {
  for (std::vector<int64_t>& fold : folds) std::sort(fold.begin(), fold.end());
  return folds;
}

}  // namespace

Folds random_folds(int64_t rows, int64_t folds, uint64_t seed) {
  return stratified_folds(std::vector<int32_t>(rows), folds, seed);
}

// Class after class is dealt out, each going on where the one before it ended.
Folds stratified_folds(std::span<const int32_t> classes, int64_t folds, uint64_t seed) {
  const auto rows = static_cast<int64_t>(classes.size());
  check(folds, rows, "rows");
  std::map<int32_t, std::vector<int64_t>> rows_of_class;
  for (const int64_t row : shuffled(rows, seed)) rows_of_class[classes[row]].push_back(row);
  Folds result(folds);
  size_t next = 0;
  for (const auto& [c, members] : rows_of_class) {
    for (const int64_t row : members) result[next++ % folds].push_back(row);
  }
  return sorted(std::move(result));
}

Folds grouped_folds(std::span<const int32_t> groups, int64_t folds, uint64_t seed) {
  std::map<int32_t, std::vector<int64_t>> rows_of_group;
  for (size_t row = 0; row < groups.size(); ++row) {
    rows_of_group[groups[row]].push_back(static_cast<int64_t>(row));
  }
  std::vector<const std::vector<int64_t>*> members;
  for (const auto& [group, rows] : rows_of_group) members.push_back(&rows);
  check(folds, static_cast<int64_t>(members.size()), "groups");
  std::vector<const std::vector<int64_t>*> order;
  for (const int64_t i : shuffled(static_cast<int64_t>(members.size()), seed)) {
    order.push_back(members[i]);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->size() > b->size(); });
  Folds result(folds);
  for (const auto* rows : order) {
    auto& smallest =
        *std::min_element(result.begin(), result.end(),
                          [](const auto& a, const auto& b) { return a.size() < b.size(); });
    smallest.insert(smallest.end(), rows->begin(), rows->end());
  }
  return sorted(std::move(result));
}

}  // namespace sinapse
