// Tells whether two runs learn from the same data.
#pragma once

#include <cstdint>
#include <span>

#include "train/dataset.h"

namespace sinapse {

/// What training depends on: numbers as the network gets them, answers, and which rows are for
/// what.
struct Fingerprint {
  int64_t rows = 0, training_rows = 0, validation_rows = 0;
  uint64_t hash = 0;  // of all of them

  bool operator==(const Fingerprint&) const = default;
};

Fingerprint fingerprint_of(const Dataset& data, const Rows& training_rows,
                           const Rows& validation_rows);

}  // namespace sinapse
