// What a layer puts out, and the derivative of an output by it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sinapse/team.h>

#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

class LayerGradient {
 public:
  /// The layer of that name; empty: what the last convolution's size keeps until it changes, with
  /// normalisation and activation. Throws Error(usage), with the nearest name, if there is none
  /// with channels along two axes.
  LayerGradient(const TrainedNetwork& trained, const std::string& layer);
  ~LayerGradient();

  /// Whether there is a layer to look at; without a convolution there is none.
  static bool exists(const TrainedNetwork& trained);

  const std::string& layer() const;
  Shape shape() const;  // [channels, height, width]

  struct Values {
    std::vector<double> activations, gradients;  // as shape()
  };
  Values evaluate(const Dataset& data, int64_t row, int64_t output, Team& team) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sinapse
