// Some rows of a data set, in memory, whose inputs may be changed.
#pragma once

#include "train/dataset.h"

namespace sinapse {

/// At most so many of the rows, drawn at random, in their order; 0: all of them.
std::vector<int64_t> draw_rows(std::vector<int64_t> rows, int64_t most, uint64_t seed);

/// Copies of these rows, inputs as numbers, with targets and weights if there are any.
Dataset copy_rows(const Dataset& data, std::span<const int64_t> rows);

}  // namespace sinapse
