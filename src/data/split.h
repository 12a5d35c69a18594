// Divides rows into those to learn from and those to judge the learned by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sinapse {

/// Row numbers, ascending; every row is in exactly one of them.
struct Split {
  std::vector<int64_t> train, validation;
};

/// Puts round(rows * fraction) random rows into the validation part, but at least one if there are
/// two or more, and never all. `fraction` in [0, 1); 0 leaves the validation part empty. The same
/// seed gives the same split. Throws Error(usage) for other fractions.
Split random_split(int64_t rows, double fraction, uint64_t seed);

/// The same with each class in proportion (largest remainders, Hamilton's method). The only row of
/// a class stays in the training part. `classes` holds one class number a row.
Split stratified_split(std::span<const int32_t> classes, double fraction, uint64_t seed);

}  // namespace sinapse
