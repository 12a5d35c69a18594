// Some samples of a data set, wherever they are.
#pragma once

#include <span>

#include <sinapse/image_set.h>

namespace sinapse {

/// These samples, in this order, [rows.size(), ...].
Array take_samples(const ArrayDataset& set, std::span<const int64_t> rows);

}  // namespace sinapse
