// A trained network as a function that can be differentiated by its inputs.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <sinapse/team.h>

#include "network/network.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// The graph of inference with what it is differentiated by. An embedded column counts with the
/// vector that stands for its category: its place is an index, which has no derivative.
struct DifferentiableGraph {
  Graph graph;
  struct Part {
    size_t input = 0;  // of the network
    ValueId value = kNoValue;
    ValueId table = kNoValue;  // of an embedding, else none
    int64_t first = 0, width = 0;
  };
  std::vector<Part> parts;  // side by side they make a point
  ValueId output = kNoValue, seed = kNoValue;
  std::vector<ValueId> gradients;  // of seed * output by each part; kNoValue: there is none
  std::vector<ParameterInfo> parameters;
  int64_t width = 0;
};

enum class Precision { single, twofold };

class InputGradient {
 public:
  /// In single precision by the plan; in double by the reference kernels, which is slow for
  /// pictures. `max_rows` points are computed at once.
  InputGradient(const TrainedNetwork& trained, Precision precision, int64_t max_rows);
  ~InputGradient();

  const std::vector<DifferentiableGraph::Part>& parts() const;
  int64_t width() const;
  int64_t num_outputs() const;

  /// All rows of the data as points [rows, width].
  std::vector<double> points(const Dataset& data) const;

  struct Values {
    std::vector<double> outputs;    // [points, num_outputs]
    std::vector<double> gradients;  // [points, width], of one output
  };
  /// `output` is the one that is differentiated.
  Values evaluate(std::span<const double> points, int64_t output, Team& team) const;

 private:
  class Engine;
  class PlanEngine;
  class ReferenceEngine;

  std::unique_ptr<DifferentiableGraph> differentiable_;
  const TrainedNetwork& trained_;
  int64_t max_rows_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace sinapse
