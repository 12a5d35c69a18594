#include "onnx/write.h"

#include <fmt/format.h>
#include <onnx/checker.h>

#include <sinapse/error.h>

#include "data/atomic_file.h"
#include "features/target_columns.h"
#include "network/cell_states.h"
#include "network/description_json.h"
#include "network/network.h"
#include "onnx/feature_nodes.h"
#include "onnx/graph_values.h"
#include "onnx/graph_writer.h"
#include "onnx/metadata.h"
#include "onnx/network_nodes.h"
#include "onnx/recurrent_nodes.h"
#include "onnx/series_nodes.h"

namespace sinapse {

namespace {

constexpr int64_t kIrVersion = 8;
constexpr int64_t kOpset = 17;
constexpr int64_t kMlOpset = 3;  // ai.onnx.ml: texts and labels

constexpr size_t kMaxBytes = (size_t{1} << 31) - 1;  // of a protobuf message

void import_opset(onnx::ModelProto& model, const char* domain, int64_t version) {
  onnx::OperatorSetIdProto& opset = *model.add_opset_import();
  opset.set_domain(domain);
  opset.set_version(version);
}

void add_metadata(onnx::ModelProto& model, const char* key, const std::string& value) {
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key(key);
  entry.set_value(value);
}

std::string network_text(const NetworkDescription& network) {
  try {
    return to_json(with_names(network)).dump();
  } catch (const nlohmann::json::type_error&) {
    throw Error(ErrorCode::model, "A name or a field of a layer is not UTF-8 text.");
  }
}

void describe(onnx::ModelProto& model, const TrainedNetwork& trained) {
  const std::string network = network_text(trained.network);
  add_metadata(model, kFormatKey, kFormat);
  add_metadata(model, kNetworkKey, network);
  if (trained.features) add_metadata(model, kFeaturesKey, trained.features->to_json());
  if (trained.pixels) add_metadata(model, kPixelsKey, trained.pixels->to_json());
  if (trained.sequences) add_metadata(model, kSequencesKey, trained.sequences->to_json());
  if (trained.series) add_metadata(model, kSeriesKey, trained.series->to_json());
  add_metadata(model, kTargetKey, trained.target.to_json());
  if (trained.weighting != Weighting{}) {
    add_metadata(model, kWeightingKey, trained.weighting.to_json());
  }
  if (trained.stateful) add_metadata(model, kStatefulKey, trained.stream_column);
  add_metadata(model, kLossKey, trained.loss);
  add_metadata(model, kRecordKey, trained.record);
}

/// For whoever opens the file in a viewer.
std::string summary(const TrainedNetwork& trained, const NetworkGraph& network) {
  if (trained.series) {
    return fmt::format(
        "Trained by Sinapse {}: the next {} steps of \"{}\" from windows of {}. {} layers, {} "
        "trainable parameters. The scaling is part of the graph.",
        SINAPSE_VERSION, trained.series->horizon, trained.series->columns.target,
        trained.series->window, network.layers.size(), network.num_parameters());
  }
  const Target& target = trained.target;
  std::string what = fmt::format("{} of {}", name_of(target.task()), quoted_names(target.names()));
  if (target.column().empty()) what = name_of(target.task());
  if (target.is_one() && !target.classes().empty())
    what += fmt::format(", {} classes", target.classes().size());
  const std::string from = trained.pixels
                               ? fmt::format("samples {}", to_string(trained.pixels->shape))
                               : fmt::format("{} columns", trained.features->kinds().size());
  return fmt::format(
      "Trained by Sinapse {}: {}, from {}. {} layers, {} trainable parameters. The "
      "preprocessing is part of the graph.",
      SINAPSE_VERSION, what, from, network.layers.size(), network.num_parameters());
}

void add_weights(GraphWriter& writer, const TrainedNetwork& trained, const NetworkGraph& network) {
  size_t bytes = 0;
  for (const ParameterInfo& info : network.parameters) {
    const auto found = trained.weights.find(info.name);
    if (found == trained.weights.end() ||
        static_cast<int64_t>(found->second.size()) != row_size(info.shape)) {
      throw std::logic_error("the weights lack " + info.name + ", or it has another size");
    }
    bytes += found->second.size() * sizeof(float);
    if (bytes > kMaxBytes) {
      throw Error(ErrorCode::model, "The weights exceed 2 GB, which one ONNX file can hold.");
    }
    writer.weights(info.name, info.shape, found->second);
  }
}

void add_series_graph(onnx::GraphProto& graph, const TrainedNetwork& trained,
                      const NetworkGraph& network) {
  SeriesScale scale;
  const std::vector<std::string> inputs = append_series_nodes(graph, *trained.series, scale);
  GraphWriter writer(graph);
  add_weights(writer, trained, network);
  append_forecast_nodes(graph, *trained.series, scale,
                        append_network_nodes(writer, network, inputs));
}

// A state is an input [batch, n] and, with ".next" behind its name, an output.
void add_state_inputs(onnx::GraphProto& graph, const NetworkGraph& network,
                      const std::vector<CellState>& states, std::vector<std::string>& inputs) {
  for (const CellState& state : states) {
    describe_value(*graph.add_input(), state.name, onnx::TensorProto::FLOAT,
                   row_shape(network.graph.shape(state.before)));
    inputs.push_back(state.name);
  }
}
void add_state_outputs(onnx::GraphProto& graph, const NetworkGraph& network,
                       const std::vector<CellState>& states,
                       const std::vector<std::string>& names) {
  for (const CellState& state : states) {
    const std::string name = state.name + ".next";
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type("Identity");
    node.set_name(name);
    node.add_input(names[state.after]);
    node.add_output(name);
    describe_value(*graph.add_output(), name, onnx::TensorProto::FLOAT,
                   row_shape(network.graph.shape(state.after)));
  }
}

std::vector<std::string> append_preprocessing(onnx::GraphProto& graph,
                                              const TrainedNetwork& trained,
                                              const NetworkGraph& network, GraphSteps& steps) {
  if (trained.pixels) return {append_pixel_nodes(graph, *trained.pixels, has_free_time(network))};
  if (trained.sequences) return append_sequence_features(graph, *trained.features, steps);
  return append_feature_nodes(graph, *trained.features, nullptr, has_free_time(network));
}

void add_graph(onnx::GraphProto& graph, const TrainedNetwork& trained, const NetworkGraph& network,
               const std::vector<CellState>& states) {
  graph.set_name("sinapse");
  if (trained.series) return add_series_graph(graph, trained, network);
  GraphSteps steps;
  if (trained.sequences && !has_free_time(network)) steps.steps = trained.sequences->longest;
  std::vector<std::string> inputs = append_preprocessing(graph, trained, network, steps);
  add_state_inputs(graph, network, states, inputs);
  GraphWriter writer(graph);
  add_weights(writer, trained, network);
  const std::vector<std::string> names = append_network_values(writer, network, inputs);
  const bool per_row = trained.sequences && trained.sequences->per_row;
  append_target_nodes(graph, trained.target, names[network.output], per_row ? &steps : nullptr);
  add_state_outputs(graph, network, states, names);
}

onnx::ModelProto to_model(const TrainedNetwork& trained) {
  NetworkGraph network =
      build_network(trained.network, input_descriptions(trained), /*training=*/false);
  // A forecast starts from its own window of the past.
  const std::vector<CellState> states =
      trained.series ? std::vector<CellState>{} : expose_states(network, stateful_layers(network));
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("sinapse");
  model.set_producer_version(SINAPSE_VERSION);
  model.set_doc_string(summary(trained, network));
  import_opset(model, "", kOpset);
  import_opset(model, "ai.onnx.ml", kMlOpset);
  add_graph(*model.mutable_graph(), trained, network, states);
  describe(model, trained);
  return model;
}

}  // namespace

std::string to_onnx(const TrainedNetwork& trained) {
  const onnx::ModelProto model = to_model(trained);
  if (model.ByteSizeLong() > kMaxBytes) {
    throw Error(ErrorCode::model, "The model exceeds 2 GB, which one ONNX file can hold.");
  }
  try {
    onnx::checker::check_model(model);
  } catch (const onnx::checker::ValidationError& error) {
    throw Error(ErrorCode::model, fmt::format("The model is no valid ONNX: {}", error.what()));
  }
  return model.SerializeAsString();
}

void write_onnx(const TrainedNetwork& trained, const std::string& path) {
  write_file_atomically(path, to_onnx(trained));
}

}  // namespace sinapse
