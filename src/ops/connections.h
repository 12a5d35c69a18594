// What the operators of a convolution share. Letters: m filters, c channels, g groups; a group
// joins c/g channels with m/g filters.
#pragma once

#include "ops/window.h"

namespace sinapse {

/// The window of a weight [m, c/g, kernel...].
std::vector<int64_t> kernel_sizes(const Shape& weight);

/// [batch, channels, sizes...]
Shape with_channels(int64_t channels, std::span<const int64_t> sizes);

/// Checks weight [m, c/g, ...] and x against each other and the number of groups; x has the
/// channels that `channels_of_x` says. Throws Error(model).
void check_weight(const Graph& graph, const Node& node, int64_t channels_of_x);

/// Throws Error(model) unless input 2 is absent or a number for each channel.
void check_bias(const Graph& graph, const Node& node, int64_t channels);

/// The attributes of a convolution, and `own` ones.
std::vector<AttributeSpec> convolution_attributes(std::vector<AttributeSpec> own = {});

/// Those that a node shares with its gradients.
Attributes convolution_attributes_of(const Node& node);

/// A convolution from `input` to `output` channels: who meets whom.
struct Connections {
  int64_t groups = 1, inputs = 0, outputs = 0;                           // channels of a group
  int64_t input_elements = 0, output_elements = 0, kernel_elements = 0;  // of a channel
  std::vector<Tap> taps;

  // Calls f(output channel, input channel, weight's first element).
  template <class F>
  void for_each_pair(F f) const {
    for (int64_t m = 0; m < groups * outputs; ++m) {
      for (int64_t c = 0; c < inputs; ++c) {
        f(m, m / outputs * inputs + c, (m * inputs + c) * kernel_elements);
      }
    }
  }
};

/// For shapes [batch, channels, ...] in front of and behind a convolution.
Connections connections(const Node& node, const Shape& input, const Shape& output,
                        std::vector<int64_t> kernel);

}  // namespace sinapse
