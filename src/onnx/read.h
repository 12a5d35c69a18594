// Reads the model files that write.h describes.
#pragma once

#include <string>
#include <string_view>

#include "network/trained_network.h"

namespace sinapse {

/// The network of a model file that Sinapse wrote: built from its description, with the weights
/// taken by name; the ONNX nodes are not looked at. The file is not trusted: everything in it is
/// checked, and memory is asked for only as far as the file has contents for it.
/// Throws Error(file) if it cannot be read, Error(model) if it is damaged or not from Sinapse.
TrainedNetwork read_onnx(const std::string& path);

/// The same for the bytes of a file; `source` names it in messages.
TrainedNetwork parse_onnx(std::string_view bytes, const std::string& source);

}  // namespace sinapse
