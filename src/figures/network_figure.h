// Networks as diagrams.
#pragma once

#include <string>
#include <vector>

#include <sinapse/network.h>

#include "figures/drawing.h"
#include "figures/words.h"

namespace sinapse {

/// A column of neurons. Of more than twelve only the first and the last are drawn.
struct NeuronLayer {
  std::string title, note;
  int64_t count = 0;
  std::vector<std::string> names;  // beside the neurons of the first and last layer, or empty
  std::vector<float> weights;      // [count, neurons of the layer before], or empty: drawn alike
  bool bias = false;               // the layer has a bias neuron feeding it
};

/// Neurons and their connections from left to right: blue ones have positive weights, vermilion
/// ones negative, wide ones large. Bias neurons are marked 1.
Drawing neuron_figure(const std::vector<NeuronLayer>& layers, double width = 860, Words words = {});

/// One block a layer from top to bottom, with its type, output shape and parameters; layers that
/// take values from several others stand under them.
Drawing block_figure(const std::vector<InputDescription>& inputs,
                     const std::vector<LayerSummary>& layers, double width = 640, Words words = {});

}  // namespace sinapse
