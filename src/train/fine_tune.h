// Training that begins from a trained model (network.from) instead of random weights.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/model.h>
#include <sinapse/train.h>

#include "network/trained_network.h"
#include "train/training_graph.h"

namespace sinapse {

/// The model that the options name. Throws as Model::load does.
std::optional<Model> starting_model(const NetworkOptions& options);

/// The options with what the model says and they leave open: the target's column, and that numbers
/// are numbers and no classes.
RunOptions continued(RunOptions options, const Model& model);

/// How the model makes numbers of its inputs. Throws Error(usage) if these are not of the kind at
/// hand.
Features preprocessing_of_tables(const Model& model);
ArrayFeatures preprocessing_of_arrays(const Model& model);

/// The model's target if it has every class of the one fitted to the new data, or if both are
/// numbers of the same form; nothing if another one is to be learned. `loss` as in TrainingOptions.
std::optional<Target> kept_target(const Target& of_model, const Target& fitted,
                                  const std::string& loss);

/// The model's network with that many outputs.
NetworkDescription continued_network(const NetworkDescription& network, int64_t num_outputs);

/// Weights by name.
struct StartingWeights {
  std::map<std::string, std::vector<float>> weights;
  std::vector<std::string> drawn;  // the parameters that the model lacks, or of another target
};

/// Those of the model for the network of the graph. The output layer begins anew unless the target
/// is the model's. Throws Error(usage), naming layer and both shapes, where another layer's weights
/// have another shape, and where no name is the same.
StartingWeights starting_weights(const TrainedNetwork& model, const TrainingGraph& graph,
                                 bool same_target);

}  // namespace sinapse
