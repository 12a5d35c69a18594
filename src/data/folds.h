// Cross-validation: every row is judged once by a model that has not seen it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sinapse {

// Each gives the rows of every fold, ascending; folds differ by as few rows as can be. `folds` is
// at least 2; throws Error(usage) if there are not enough rows or groups. The same seed gives the
// same folds.

std::vector<std::vector<int64_t>> random_folds(int64_t rows, int64_t folds, uint64_t seed);

/// Each class is spread evenly over the folds.
std::vector<std::vector<int64_t>> stratified_folds(std::span<const int32_t> classes, int64_t folds,
                                                   uint64_t seed);

/// No group stands in two folds: groups are dealt out, the largest first, to the smallest fold.
std::vector<std::vector<int64_t>> grouped_folds(std::span<const int32_t> groups, int64_t folds,
                                                uint64_t seed);

}  // namespace sinapse
