// Maps of pictures as the network takes them.
#pragma once

#include <string>
#include <vector>

#include <sinapse/attention.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// The chosen samples, encoded. Throws Error(usage) if they are no pictures, or there is no such
/// sample.
Dataset encode_pictures(const TrainedNetwork& trained, const Array& samples,
                        const std::vector<int64_t>& chosen);
Dataset encode_pictures(const TrainedNetwork& trained, const ArrayDataset& samples,
                        const std::vector<int64_t>& chosen);

/// Maps of all rows, numbered from 0; `classes` holds what each of them is asked about, or is
/// empty: that of the options.
std::vector<AttentionMaps> maps_of(const TrainedNetwork& trained, const Dataset& data,
                                   const std::vector<std::string>& classes,
                                   const AttentionOptions& options);

}  // namespace sinapse
