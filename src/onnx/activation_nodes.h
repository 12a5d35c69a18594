// An activation as ONNX operators: one where ONNX has it, else those its formula is made of.
#pragma once

#include <string>

#include <sinapse/activation.h>

#include "onnx/graph_writer.h"

namespace sinapse {

/// Appends f(x) for the value named `x` and returns the name of the result. At -infinity, x times a
/// gate that is 0 (swish, gelu, mish, hard_swish) is NaN in ONNX.
/// Throws Error(model) if f does not depend on x.
std::string append_activation_nodes(GraphWriter& writer, const Activation& activation,
                                    const std::string& layer, const std::string& x);

}  // namespace sinapse
