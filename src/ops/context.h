// What the context operators share. Letters: t steps of time, n hidden neurons, m context neurons.
#pragma once

#include "ops/recurrent.h"

namespace sinapse {

/// Places of the inputs of Context and of its gradient; from `lengths` on they may be left out.
namespace context {
enum Input : size_t { sums, recurrence, lengths, initial, output_weight, output_bias, mask };
enum BackInput : size_t {
  back_kept,
  back_recurrence,
  back_lengths,
  back_output_weight,
  d_y,
  d_last_y,
  d_last_state,
  back_mask
};
}  // namespace context

/// Whether the activations of a Context or its gradient work on each neuron by itself.
bool is_element_wise(const Node& node);

}  // namespace sinapse
