// Operators on sequences [batch, time, features] as ONNX nodes; batch and time stay free.
#pragma once

#include "onnx/translation.h"

namespace sinapse {

/// Each returns the name of the operator's output.
std::string append_steps_product_nodes(const Translation& t);
std::string append_sequence_lengths_nodes(const Translation& t);
std::string append_mask_steps_nodes(const Translation& t);
std::string append_pool_steps_nodes(const Translation& t);
std::string append_swap_axes_node(const Translation& t);
std::string append_positions_nodes(const Translation& t);
std::string append_attention_nodes(const Translation& t);

/// Lengths [batch, 1] limited to [least, time of x].
std::string append_limited_lengths(const Translation& t, const std::string& lengths,
                                   const std::string& x, float least);
/// The number of each step, from 1 on, as floats [batch, time]; x [batch, time, ...].
std::string append_step_numbers(const Translation& t, const std::string& x);

}  // namespace sinapse
