// A network as the text of a diagram.
#pragma once

#include <string>

#include <sinapse/model.h>

namespace sinapse::cli {

/// Layers as boxes with their shapes, joined as values flow; `form` is "dot" (Graphviz) or
/// "mermaid".
std::string network_graph(const Model& model, const std::string& form);

}  // namespace sinapse::cli
