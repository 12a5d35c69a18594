// What a Builder works on: the graph, the layer at hand, and the parameters made so far.
#pragma once

#include <sinapse/layer.h>

#include "graph/graph.h"

namespace sinapse {

/// A parameter or state of a network, in the order in which the layers made them.
struct ParameterInfo {
  std::string name;  // "dense1.weight"
  Shape shape;
  std::string initializer;
  bool trainable = true;  // false: a state such as a running mean, or in a frozen layer
  ValueId value = kNoValue;
  double l1 = 0, l2 = 0;   // the layer's own penalties
  std::string constraint;  // "max_norm(2)"; empty: none
};

struct BuilderState {
  Graph graph;
  bool training = false;
  std::string layer;    // the name of the layer being built
  bool frozen = false;  // it is not to learn
  std::vector<ParameterInfo> parameters;
};

/// Penalties and constraint of the weight that was made last. Throws Error(model), or Error(usage)
/// for a constraint that there is not.
void hold_back(BuilderState& state, double l1, double l2, const std::string& constraint);

/// x, its weight and, if wanted, its bias of one number an output, as made by the options.
std::vector<ValueId> with_weights(Builder& builder, BuilderState& state, const Tensor& x,
                                  Shape weight_shape, int64_t outputs, const DenseOptions& options);

/// A random stream of its own for each random operator of a network.
int64_t random_purpose(const BuilderState& state);

/// Appends an operator named after the layer; its first output.
Tensor append(BuilderState& state, const Operator& op, std::vector<ValueId> inputs,
              Attributes attributes = {});

}  // namespace sinapse
