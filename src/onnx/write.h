// The model file: a standard ONNX model (opset 17) that contains its own preprocessing.
#pragma once

#include <string>

#include "network/trained_network.h"

namespace sinapse {

/// The bytes of the model file: raw columns or samples in, predictions out, the batch axis free,
/// the weights named as in the network. What training needs beyond that stands in metadata_props:
/// sinapse.network, sinapse.features or sinapse.pixels, sinapse.target, sinapse.weighting (if
/// rows have weights), sinapse.record (all JSON) and sinapse.format, the version of this layout.
/// Throws Error(model) if the network has no form in ONNX or exceeds 2 GB.
std::string to_onnx(const TrainedNetwork& trained);

/// Writes that to a file, atomically: a previous file stays as it is unless all goes well.
/// Throws Error(model) or Error(file).
void write_onnx(const TrainedNetwork& trained, const std::string& path);

}  // namespace sinapse
