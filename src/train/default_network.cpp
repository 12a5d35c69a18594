#include "train/default_network.h"

#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "network/network.h"
#include "network/presets.h"
#include "network/trained_network.h"

namespace sinapse {

namespace {

// Embeds each index input and joins the results with the dense input, if there is one.
std::vector<LayerDescription> embedding_layers(const Features& features) {
  std::vector<LayerDescription> layers;
  std::vector<std::string> joined;
  if (features.width() > 0) joined.emplace_back("features");
  for (const Features::Embedded& embedded : features.embedded()) {
    const std::string name = "embedding_" + std::to_string(layers.size() + 1);
    layers.push_back(
        {"embedding",
         name,
         {embedded.column},
         {{"categories", embedded.num_categories}, {"dimension", embedded.dimension}}});
    joined.push_back(name);
  }
  if (!layers.empty()) layers.push_back({"concatenate", "inputs", joined, {}});
  return layers;
}

void append_hidden(std::vector<LayerDescription>& layers, const NetworkOptions& options) {
  for (const int64_t units : options.hidden) {
    if (options.batch_normalization) {
      layers.push_back({"dense",
                        "",
                        {},
                        {{"units", units},
                         {"use_bias", false},
                         {"kernel_initializer", std::string("he_normal")}}});
      layers.push_back({"batch_normalization", "", {}, {}});
      layers.push_back({"activation", "", {}, {{"activation", options.activation}}});
    } else {
      layers.push_back({"dense", "", {}, {{"units", units}, {"activation", options.activation}}});
    }
    if (options.dropout > 0) layers.push_back({"dropout", "", {}, {{"rate", options.dropout}}});
  }
}

constexpr int64_t kStateUnits = 64, kTokenVector = 64;
const std::string kTextNetwork = "text_gru";

bool takes_lengths(const std::string& type) {
  static const std::set<std::string> types{"rnn",           "lstm",
                                           "gru",           "context",
                                           "sequence_pool", "multi_head_attention",
                                           "mask_steps",    "transformer_encoder"};
  return types.contains(type);
}

std::vector<LayerDescription> default_sequence_layers(const NetworkOptions& options, bool per_row) {
  std::vector<LayerDescription> layers{
      {"gru", "", {}, {{"units", kStateUnits}, {"return_sequences", per_row}}}};
  for (const int64_t units : options.hidden) {
    layers.push_back({per_row ? "dense_per_step" : "dense",
                      "",
                      {},
                      {{"units", units}, {"activation", options.activation}}});
    if (options.dropout > 0) layers.push_back({"dropout", "", {}, {{"rate", options.dropout}}});
  }
  return layers;
}

// Each layer takes the one before, and the lengths where it can.
void join_steps(std::vector<LayerDescription>& layers, std::string before) {
  for (LayerDescription& layer : layers) {
    if (layer.inputs.empty()) {
      layer.inputs = {before};
      if (takes_lengths(layer.type)) layer.inputs.emplace_back("length");
    }
    before = layer.name;
  }
}

// What the output layer sees beside the text.
void append_other_inputs(std::vector<LayerDescription>& layers, const Features& features) {
  const std::vector<LayerDescription> others = embedding_layers(features);
  if (others.empty() && features.width() == 0) return;
  const std::string text = layers.back().name;
  layers.insert(layers.end(), others.begin(), others.end());
  const std::string other = others.empty() ? "features" : others.back().name;
  layers.push_back({"concatenate", "joined", {text, other}, {}});
}

}  // namespace

NetworkDescription describe_text_network(const NetworkOptions& options, const Features& features,
                                         int64_t num_outputs) {
  const std::vector<TokenFeature>& texts = features.tokens();
  if (texts.size() > 1) {
    throw Error(
        ErrorCode::usage,
        fmt::format("features: \"{}\" and \"{}\" are both to keep their tokens in order, but "
                    "one text can: leave out the sequence of one.",
                    texts[0].column, texts[1].column));
  }
  NetworkDescription body{options.layers};
  if (body.layers.empty())
    body.layers = preset_layers(options.preset.empty() ? kTextNetwork : options.preset);
  append_hidden(body.layers, options);
  body = with_names(body);
  join_steps(body.layers, "tokens");
  const std::string input = input_name(texts.front().column);
  NetworkDescription network;
  network.layers = {{"embedding",
                     "tokens",
                     {input},
                     {{"categories", texts.front().num_places()}, {"dimension", kTokenVector}}},
                    {"sequence_length", "length", {input}, {}}};
  network.layers.insert(network.layers.end(), body.layers.begin(), body.layers.end());
  append_other_inputs(network.layers, features);
  network.layers.push_back({"dense", "output", {}, {{"units", num_outputs}}});
  return network;
}

NetworkDescription describe_sequence_network(const NetworkOptions& options, bool per_row,
                                             int64_t num_outputs) {
  NetworkDescription network;
  network.layers = options.preset.empty() ? options.layers : preset_layers(options.preset);
  if (network.layers.empty()) network.layers = default_sequence_layers(options, per_row);
  network.layers.push_back(
      {per_row ? "dense_per_step" : "dense", "output", {}, {{"units", num_outputs}}});
  network = with_names(network);
  join_steps(network.layers, "features");
  return network;
}

NetworkDescription describe_network(const NetworkOptions& options, const Features* features,
                                    const Shape& input_row, int64_t num_outputs) {
  NetworkDescription network;
  if (features && !features->embedded().empty()) network.layers = embedding_layers(*features);
  const std::vector<LayerDescription> layers =
      options.preset.empty() ? options.layers : preset_layers(options.preset);
  if (layers.empty()) {
    if (input_row.size() > 1) network.layers.push_back({"flatten", "", {}, {}});
    append_hidden(network.layers, options);
  } else {
    network.layers.insert(network.layers.end(), layers.begin(), layers.end());
  }
  network.layers.push_back({"dense", "output", {}, {{"units", num_outputs}}});
  return with_names(network);
}

NetworkDescription describe_series_network(const NetworkOptions& options, bool has_future,
                                           int64_t horizon) {
  NetworkDescription network;
  network.layers = options.preset.empty() ? options.layers : preset_layers(options.preset);
  std::vector<std::string> joined;
  if (network.layers.empty()) {
    network.layers.push_back({"flatten", "seen", {"window"}, {}});
    joined = {"seen"};
    if (has_future) {
      network.layers.push_back({"concatenate", "inputs", {"seen", "future"}, {}});
      joined = {"inputs"};
    }
    append_hidden(network.layers, options);
  } else {
    if (network.layers.front().inputs.empty()) network.layers.front().inputs = {"window"};
    if (has_future) joined = {"future"};
  }
  network = with_names(network);
  if (!joined.empty()) {
    joined.insert(joined.begin(), network.layers.back().name);
    network.layers.push_back({"concatenate", "joined", joined, {}});
  }
  network.layers.push_back({"dense", "output", {}, {{"units", horizon}}});
  return network;
}

}  // namespace sinapse
