#include "train/table_folds.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/folds.h"

namespace sinapse {

namespace {

std::vector<int32_t> list_of(const RowValues<int32_t>& values) {
  std::vector<int32_t> list;
  values.visit([&](int64_t, int32_t value) { list.push_back(value); });
  return list;
}

// Numbers of places in `rows`.
Folds places(const Table& table, const KnownRows& known, const Rows& rows,
             const RunOptions& options, int64_t num_folds) {
  const std::string way = chosen_split(options.data, known.has_classes());
  const uint64_t seed = options.training.seed;
  if (way == "group") {
    return grouped_folds(list_of(groups_of(table, options.data.group, rows)), num_folds, seed);
  }
  if (way == "random") {
    return random_folds(static_cast<int64_t>(rows.size()), num_folds, seed);
  }
  if (way != "stratified") {
    throw Error(
        ErrorCode::usage,
        fmt::format("data.split_by is {}, but folds can be random, stratified or by group.", way));
  }
  return stratified_folds(list_of(classes_of(table, known, rows)), num_folds, seed);
}

}  // namespace

Folds folds_of(const Table& table, const KnownRows& known, const Rows& rows,
               const RunOptions& options, int64_t num_folds) {
  Folds folds = places(table, known, rows, options, num_folds);
  for (std::vector<int64_t>& fold : folds) {
    for (int64_t& row : fold) row = rows[row];
  }
  return folds;
}

std::vector<int64_t> rows_outside(const Folds& folds, size_t fold) {
  std::vector<int64_t> rows;
  for (size_t i = 0; i < folds.size(); ++i) {
    if (i != fold) rows.insert(rows.end(), folds[i].begin(), folds[i].end());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace sinapse
