// A network described as data: what a run file, a model file and C++ code have in common.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <sinapse/layer.h>

namespace sinapse {

/// One layer: its type, its fields, and the layers or inputs it takes values from.
struct LayerDescription {
  std::string type;
  std::string name;                 ///< empty: type and a number, "dense1"
  std::vector<std::string> inputs;  ///< empty: the layer before, or all inputs of the network
  std::map<std::string, FieldValue> fields;

  bool operator==(const LayerDescription&) const = default;
};

/// Layers in the order in which they are built; the last one is the output.
struct NetworkDescription {
  std::vector<LayerDescription> layers;
  bool operator==(const NetworkDescription&) const = default;
};

/// What a network is fed with: a named value of rows of a fixed shape.
struct InputDescription {
  std::string name;
  Shape row_shape;
  bool is_sequence = false;  ///< the first axis is time: rows may have fewer or more steps
};

/// Hidden dense layers of the given sizes, each with the activation, and a linear output layer
/// named "output".
NetworkDescription dense_network(const std::vector<int64_t>& hidden, const std::string& activation,
                                 int64_t num_outputs);

/// The description with every layer named, as it is stored: "dense1", "dense2", "dropout1", ...
NetworkDescription with_names(NetworkDescription description);

/// One line of a network's summary.
struct LayerSummary {
  std::string name, type;
  std::vector<std::string> inputs;
  Shape output_shape;
  int64_t num_parameters = 0;
  int64_t multiply_adds = 0;                 ///< of products and convolutions, for one row, forward
  std::map<std::string, FieldValue> fields;  ///< all of them, defaults included

  /// Of its weights and, for one row, of its output.
  int64_t bytes() const;
};

}  // namespace sinapse
