// Context neurons as an ONNX Scan.
#pragma once

#include "onnx/translation.h"

namespace sinapse {

/// Appends a Scan whose state is the context, and sets the names of the outputs that are read.
void append_context_nodes(GraphWriter& writer, const Graph& graph, const Node& node,
                          std::vector<std::string>& names);

}  // namespace sinapse
