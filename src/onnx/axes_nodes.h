// Operators on the spatial axes and channels as ONNX nodes, for any number of axes.
#pragma once

#include "onnx/translation.h"

namespace sinapse {

/// Each returns the name of the operator's output.
std::string append_pad_node(const Translation& t);
std::string append_resize_nodes(const Translation& t);
std::string append_adaptive_max_pool_nodes(const Translation& t);
std::string append_group_normalization_nodes(const Translation& t);

}  // namespace sinapse
