// How a network fares inside while it learns: gradients and dead units, layer by layer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "train/observer.h"

namespace sinapse {

struct LayerState {
  std::string layer;
  double gradient_norm = 0;  // of all its weights together, 0 if they are frozen
  double weight_norm = 0;    // of all its weights together
  int64_t units = 0;         // with an activation of their own: neurons, or channels of pictures
  int64_t dead = 0;          // of them, that are 0 for all rows looked at
};

/// Looks at some training rows with weights that are given to it, on a graph of its own, so that
/// the run is not touched.
class Probe {
 public:
  static constexpr int64_t kRows = 256;

  /// What `start` refers to must outlive it.
  explicit Probe(const RunStart& start);
  ~Probe();

  /// One for each layer with weights or an activation, in their order. Deterministic.
  std::vector<LayerState> look(const std::map<std::string, std::vector<float>>& weights);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace sinapse
