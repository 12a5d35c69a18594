// Small trained networks with weights from a formula, for the tests of model files.
#pragma once

#include <string>
#include <vector>

#include <sinapse/activation.h>

#include "compile/interpreter.h"
#include "data/philox.h"
#include "network/network.h"
#include "network/trained_network.h"

namespace sinapse {

inline LayerDescription layer(const std::string& type,
                              std::map<std::string, FieldValue> fields = {},
                              const std::string& name = "", std::vector<std::string> inputs = {}) {
  return {type, name, std::move(inputs), std::move(fields)};
}

/// Numbers that look random, between -1 and 1.
inline std::vector<float> scattered(size_t count, uint64_t seed) {
  const RandomStream random(seed, purpose_of("test"), 0);
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(2 * random.uniform(i) - 1);
  return values;
}

inline void fill_weights(TrainedNetwork& trained) {
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  uint64_t seed = 1;
  for (const ParameterInfo& info : network.parameters) {
    std::vector<float> values = scattered(row_size(info.shape), seed++);
    if (info.name.ends_with("running_var")) {
      for (float& value : values) value = 0.5f + value * value;
    }
    trained.weights[info.name] = std::move(values);
  }
}

/// A regression on float32 samples of that shape, which reach the network as they are.
inline TrainedNetwork regression_model(std::vector<LayerDescription> layers, Shape sample) {
  TrainedNetwork trained;
  trained.network = with_names({std::move(layers)});
  trained.pixels = ArrayFeatures{.shape = std::move(sample), .type = ElementType::float32};
  trained.target = Target::from_json(R"({"version": 1, "column": "", "task": "regression",
                                         "classes": [], "mean": 0, "deviation": 1})");
  fill_weights(trained);
  return trained;
}

/// The network's outputs by the reference interpreter; `samples` are rows of its single input.
template <class T>
std::vector<T> reference_outputs(const TrainedNetwork& trained, const std::vector<float>& samples) {
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  Interpreter<T> interpreter(network.graph);
  for (const ParameterInfo& info : network.parameters) {
    const std::vector<float>& weights = trained.weights.at(info.name);
    interpreter.value(info.value).assign(weights.begin(), weights.end());
  }
  interpreter.value(network.inputs[0]).assign(samples.begin(), samples.end());
  const int64_t row = row_size(network.graph.shape(network.inputs[0]));
  interpreter.run(static_cast<int64_t>(samples.size()) / row);
  return interpreter.value(network.output);
}

/// One network for every layer type, named after what is special about it.
struct LayerSample {
  std::string name;
  Shape sample;
  std::vector<LayerDescription> layers;
};

inline std::vector<LayerSample> layer_samples() {
  const auto out = layer("dense", {{"units", int64_t{1}}}, "output");
  const auto flat = layer("flatten");
  const auto units = [](int64_t n) { return layer("dense", {{"units", n}}); };
  const auto list = [](std::vector<int64_t> sizes) { return sizes; };
  return {
      {"input", {2, 3}, {layer("input", {{"shape", list({6})}}), out}},
      {"dense", {3}, {layer("dense", {{"units", int64_t{4}}, {"activation", "gelu"}}), out}},
      {"dense_without_bias", {3}, {layer("dense", {{"units", int64_t{1}}, {"use_bias", false}})}},
      {"activation", {3}, {layer("activation", {{"activation", "leaky_relu(alpha=0.3)"}}), out}},
      {"softmax_in_the_middle",
       {2, 3},
       {layer("activation", {{"activation", "softmax"}}), flat, out}},
      {"prelu", {3}, {layer("prelu"), out}},
      {"prelu_shared", {3}, {layer("prelu", {{"shared", true}}), out}},
      {"prelu_of_matrices", {2, 3}, {layer("prelu"), flat, out}},
      {"parametric_activation", {3}, {layer("parametric_activation", {{"factor", 0.1}}), out}},
      {"parametric_selu",
       {2, 3},
       {layer("parametric_activation", {{"activation", "selu"}}), flat, out}},
      {"scaling", {3}, {layer("scaling", {{"factor", 20.0}}), out}},
      {"periodic_embedding", {5}, {layer("periodic_embedding"), out}},
      {"periodic_relu",
       {2},
       {layer("periodic_embedding", {{"dimension", int64_t{9}}, {"activation", "relu"}}), out}},
      {"dropout", {3}, {layer("dropout", {{"rate", 0.5}}), out}},
      {"alpha_dropout", {3}, {layer("alpha_dropout", {{"rate", 0.5}}), out}},
      {"gaussian_dropout", {3}, {layer("gaussian_dropout", {{"rate", 0.5}}), out}},
      {"batch_normalization", {3}, {layer("batch_normalization", {{"epsilon", 0.01}}), out}},
      {"batch_normalization_of_channels", {3, 4}, {layer("batch_normalization"), flat, out}},
      {"layer_normalization", {5}, {layer("layer_normalization", {{"epsilon", 0.1}}), out}},
      {"layer_normalization_of_matrices", {3, 4}, {layer("layer_normalization"), flat, out}},
      {"flatten", {2, 3, 4}, {flat, out}},
      {"reshape",
       {2, 6},
       {layer("reshape", {{"shape", std::vector<int64_t>{3, -1}}}),
        layer("activation", {{"activation", "softmax"}}), flat, out}},
      {"add",
       {3},
       {layer("dense", {{"units", int64_t{3}}}, "a"), layer("activation", {}, "b", {"pixels"}),
        layer("add", {}, "sum", {"a", "b", "pixels"}), out}},
      {"concatenate",
       {2, 3},
       {layer("activation", {{"activation", "tanh"}}, "a"),
        layer("concatenate", {}, "join", {"a", "pixels", "a"}), flat, out}},
      {"concatenate_channels",
       {2, 3, 3},
       {layer("activation", {{"activation", "tanh"}}, "a"),
        layer("concatenate", {{"axis", int64_t{1}}}, "join", {"a", "pixels"}), flat, out}},
      {"rnn",
       {5, 3},
       {layer("rnn", {{"units", int64_t{4}}, {"activation", "leaky_relu(alpha=0.2)"}}), out}},
      {"rnn_reverse",
       {5, 3},
       {layer("rnn", {{"units", int64_t{4}}, {"direction", "reverse"}}), out}},
      {"lstm", {5, 3}, {layer("lstm", {{"units", int64_t{4}}, {"peepholes", true}}), out}},
      {"lstm_bidirectional",
       {5, 3},
       {layer("lstm", {{"units", int64_t{4}}, {"direction", "bidirectional"}}), out}},
      {"gru", {5, 3}, {layer("gru", {{"units", int64_t{4}}}), out}},
      {"gru_reset_before",
       {5, 3},
       {layer("gru", {{"units", int64_t{4}}, {"reset_after", false}, {"direction", "reverse"}}),
        out}},
      {"stacked",
       {5, 3},
       {layer("gru",
              {{"units", int64_t{4}}, {"return_sequences", true}, {"direction", "bidirectional"}}),
        layer("layer_normalization"), layer("lstm", {{"units", int64_t{3}}}), out}},
      {"all_steps",
       {5, 3},
       {layer("lstm", {{"units", int64_t{4}}, {"return_sequences", true}}), flat, out}},
      {"padded",
       {5, 3},
       {layer("sequence_length", {}, "length"),
        layer("lstm",
              {{"units", int64_t{4}},
               {"num_layers", int64_t{2}},
               {"peepholes", true},
               {"direction", "bidirectional"}},
              "", {"pixels", "length"}),
        out}},
      {"padded_gru",
       {5, 3},
       {layer("sequence_length", {}, "length"),
        layer("gru", {{"units", int64_t{4}}, {"return_sequences", true}}, "cell",
              {"pixels", "length"}),
        layer("sequence_pool", {{"mode", "max"}}, "", {"cell", "length"}), out}},
      {"padded_context",
       {5, 3},
       {layer("sequence_length", {}, "length"),
        layer("context",
              {{"units", int64_t{4}},
               {"kind", "jordan"},
               {"outputs", int64_t{2}},
               {"output_activation", "gelu"},
               {"decay", 0.4},
               {"return_sequences", true}},
              "cell", {"pixels", "length"}),
        layer("sequence_pool", {{"mode", "last"}}, "", {"cell", "length"}), out}},
      {"padded_attention",
       {5, 3},
       {layer("sequence_length", {}, "length"),
        layer("multi_head_attention", {{"heads", int64_t{3}}, {"causal", true}}, "seen",
              {"pixels", "length"}),
        layer("sequence_pool", {}, "", {"seen", "length"}), out}},
      {"context", {5, 3}, {layer("context", {{"units", int64_t{4}}, {"decay", 0.5}}), out}},
      {"context_jordan",
       {5, 3},
       {layer("context", {{"kind", "jordan"},
                          {"units", int64_t{4}},
                          {"outputs", int64_t{2}},
                          {"output_activation", "sigmoid"}}),
        out}},
      {"context_as_rnn", {5, 3}, {layer("context", {{"units", int64_t{4}}}), out}},
      {"transformer",
       {5, 3},
       {layer("dense_per_step", {{"units", int64_t{6}}, {"activation", "tanh"}}),
        layer("positional_encoding"),
        layer("transformer_encoder", {{"heads", int64_t{2}}, {"feed_forward", int64_t{5}}}),
        layer("transformer_encoder", {{"heads", int64_t{3}}, {"activation", "relu"}}),
        layer("sequence_pool"), out}},
      {"last_step", {5, 3}, {layer("sequence_pool", {{"mode", "last"}}), out}},
      {"convolved_steps",
       {5, 3},
       {layer("transpose"), layer("conv", {{"filters", int64_t{4}}, {"padding", "same"}}),
        layer("transpose"), layer("gru", {{"units", int64_t{3}}}), out}},
      {"masked_steps",
       {5, 3},
       {layer("sequence_length", {}, "length"),
        layer("mask_steps", {}, "kept", {"pixels", "length"}), layer("transpose"),
        layer("conv", {{"filters", int64_t{4}}, {"padding", "same"}}), layer("transpose"),
        layer("sequence_pool", {{"mode", "max"}}), out}},
      {"embedded_steps",
       {4},
       {layer("embedding", {{"categories", int64_t{5}}, {"dimension", int64_t{3}}}),
        layer("lstm", {{"units", int64_t{3}}}), out}},
      {"embedded_padded",
       {4},
       {layer("sequence_length", {}, "length"),
        layer("embedding", {{"categories", int64_t{5}}, {"dimension", int64_t{3}}}, "vectors",
              {"pixels"}),
        layer("gru", {{"units", int64_t{3}}, {"direction", "bidirectional"}}, "",
              {"vectors", "length"}),
        out}},
      {"embedded_attention",
       {4},
       {layer("embedding", {{"categories", int64_t{5}}, {"dimension", int64_t{4}}}),
        layer("positional_encoding"), layer("transformer_encoder", {{"heads", int64_t{2}}}),
        layer("sequence_pool"), out}},
      {"conv",
       {2, 5, 4},
       {layer("conv", {{"filters", int64_t{3}}, {"activation", "relu"}}), flat, out}},
      {"conv1d",
       {9},
       {layer("conv1d", {{"filters", int64_t{2}}, {"strides", list({2})}, {"padding", "same"}}),
        flat, out}},
      {"conv2d_groups",
       {4, 5, 5},
       {layer("conv2d", {{"filters", int64_t{6}},
                         {"groups", int64_t{2}},
                         {"dilations", list({2, 1})},
                         {"pads", list({1, 0})}}),
        flat, out}},
      {"conv3d",
       {3, 4, 3},
       {layer("conv3d", {{"filters", int64_t{2}}, {"kernel_size", list({2})}}), flat, out}},
      {"depthwise_conv",
       {3, 4, 4},
       {layer("depthwise_conv", {{"multiplier", int64_t{2}}}), flat, out}},
      {"separable_conv",
       {3, 4, 4},
       {layer("separable_conv", {{"filters", int64_t{2}}, {"padding", "same"}}), flat, out}},
      {"conv_transpose",
       {2, 3, 4},
       {layer("conv_transpose", {{"filters", int64_t{3}}, {"strides", list({2, 3})}}), flat, out}},
      {"conv_transpose_same",
       {1, 5},
       {layer("conv_transpose",
              {{"filters", int64_t{2}}, {"strides", list({2})}, {"padding", "same"}}),
        flat, out}},
      {"max_pool",
       {2, 5, 6},
       {layer("max_pool", {{"strides", list({2, 1})}, {"padding", "same"}}), flat, out}},
      {"average_pool",
       {2, 5, 6},
       {layer("average_pool",
              {{"pool_size", list({3})}, {"strides", list({2})}, {"padding", "same"}}),
        flat, out}},
      {"global_max_pool", {3, 4, 2}, {layer("global_max_pool"), out}},
      {"global_average_pool", {3, 4}, {layer("global_average_pool"), out}},
      {"prelu_of_pictures", {3, 2, 4}, {layer("prelu"), flat, out}},
      {"batch_normalization_of_pictures", {3, 2, 4}, {layer("batch_normalization"), flat, out}},
      {"adaptive_max_pool",
       {2, 5, 7},
       {layer("adaptive_max_pool", {{"output_size", list({3, 2})}}), flat, out}},
      {"adaptive_max_pool_even",
       {2, 6},
       {layer("adaptive_max_pool", {{"output_size", list({3})}}), flat, out}},
      {"adaptive_average_pool",
       {2, 5, 7, 3},
       {layer("adaptive_average_pool", {{"output_size", list({3, 2, 1})}}), flat, out}},
      {"adaptive_average_pool_1d",
       {2, 5},
       {layer("adaptive_average_pool", {{"output_size", list({3})}}), flat, out}},
      {"up_sampling_1d", {2, 5}, {layer("up_sampling", {{"size", list({3})}}), flat, out}},
      {"up_sampling_2d", {2, 3, 4}, {layer("up_sampling", {{"size", list({2, 3})}}), flat, out}},
      {"up_sampling_3d", {1, 2, 3, 2}, {layer("up_sampling"), flat, out}},
      {"up_sampling_4d", {1, 2, 3, 2, 2}, {layer("up_sampling"), flat, out}},
      {"up_sampling_linear_1d",
       {2, 5},
       {layer("up_sampling", {{"size", list({3})}, {"interpolation", "linear"}}), flat, out}},
      {"up_sampling_linear_2d",
       {2, 3, 4},
       {layer("up_sampling", {{"size", list({2, 3})}, {"interpolation", "linear"}}), flat, out}},
      {"up_sampling_linear_4d",
       {2, 3, 2, 1, 2},
       {layer("up_sampling", {{"interpolation", "linear"}}), flat, out}},
      {"zero_padding_1d", {2, 4}, {layer("zero_padding", {{"pads", list({1, 2})}}), flat, out}},
      {"zero_padding", {2, 3, 4}, {layer("zero_padding"), flat, out}},
      {"zero_padding_3d", {1, 3, 2, 2}, {layer("zero_padding"), flat, out}},
      {"cropping", {2, 3, 4}, {layer("cropping", {{"crops", list({0, 1, 1, 2})}}), flat, out}},
      {"cropping_4d", {1, 3, 3, 4, 3}, {layer("cropping"), flat, out}},
      {"group_normalization",
       {6, 3, 2},
       {layer("group_normalization", {{"groups", int64_t{2}}}), flat, out}},
      {"group_normalization_of_vectors",
       {6},
       {layer("group_normalization", {{"groups", int64_t{2}}, {"epsilon", 0.1}}), out}},
      {"group_normalization_of_whole_rows",
       {3, 4},
       {layer("group_normalization", {{"groups", int64_t{1}}}), flat, out}},
      {"instance_normalization_1d", {3, 5}, {layer("instance_normalization"), flat, out}},
      {"instance_normalization", {3, 4, 5}, {layer("instance_normalization"), flat, out}},
      {"instance_normalization_3d", {2, 3, 4, 2}, {layer("instance_normalization"), flat, out}},
      {"spatial_dropout", {3, 4}, {layer("spatial_dropout"), flat, out}},
      {"squeeze_excitation",
       {4, 3, 2},
       {layer("squeeze_excitation", {{"ratio", int64_t{2}}}), flat, out}},
      {"squeeze_excitation_1d", {4, 3}, {layer("squeeze_excitation"), flat, out}},
      {"residual_block",
       {2, 4, 5},
       {layer("residual_block", {{"filters", int64_t{2}}}), flat, out}},
      {"residual_block_3d",
       {2, 4, 5, 3},
       {layer("residual_block", {{"filters", int64_t{3}}, {"stride", int64_t{2}}}), flat, out}},
      {"inverted_residual",
       {2, 4, 5},
       {layer("inverted_residual", {{"filters", int64_t{2}}}), flat, out}},
      {"inverted_residual_1d",
       {2, 7},
       {layer("inverted_residual",
              {{"filters", int64_t{3}}, {"stride", int64_t{2}}, {"expansion", int64_t{1}}}),
        flat, out}},
      {"conv_1d_same",
       {3, 8},
       {layer("conv", {{"filters", int64_t{2}}, {"strides", list({3})}, {"padding", "same"}}), flat,
        out}},
      {"embedding",
       {1},
       {layer("embedding", {{"categories", int64_t{5}}, {"dimension", int64_t{3}}}), units(2),
        out}},
  };
}

}  // namespace sinapse
