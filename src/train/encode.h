// From typed data to the rows a network is fed with.
#pragma once

#include <sinapse/array.h>
#include <sinapse/table.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// The inputs of a table's rows, as input_descriptions() orders them.
Dataset encode_inputs(const Features& features, const Table& table);

/// Fills in what the table says of the target.
void encode_target(const Target& target, const Table& table, Dataset& data);

/// The inputs of samples. Bytes are not copied: `samples` must live as long as the data set.
Dataset encode_inputs(const ArrayFeatures& pixels, const Array& samples);

}  // namespace sinapse
