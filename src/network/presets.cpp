#include "network/presets.h"

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "network/description_json.h"

namespace sinapse {

namespace {

constexpr NetworkPreset kPresets[] = {
    {"lenet5", "Two convolutions and two dense layers: the first network that read postcodes.",
     "LeCun, Bottou, Bengio, Haffner 1998", R"([
{"type": "conv2d", "filters": 6, "kernel_size": [5], "padding": "same", "activation": "tanh"},
{"type": "average_pool"},
{"type": "conv2d", "filters": 16, "kernel_size": [5], "activation": "tanh"},
{"type": "average_pool"},
{"type": "flatten"},
{"type": "dense", "units": 120, "activation": "tanh"},
{"type": "dense", "units": 84, "activation": "tanh"}
])"},
    {"small_cnn", "Two convolutions with batch normalization, dropout and a dense layer.", "", R"([
{"type": "conv2d", "filters": 32, "padding": "same", "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu"},
{"type": "max_pool"},
{"type": "conv2d", "filters": 64, "padding": "same", "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu"},
{"type": "max_pool"},
{"type": "flatten"},
{"type": "dropout", "rate": 0.25},
{"type": "dense", "units": 128, "activation": "relu"},
{"type": "dropout", "rate": 0.25}
])"},
    {"resnet20",
     "Nine residual blocks for pictures of about 32 x 32; the shortcuts are convolutions.",
     "He, Zhang, Ren, Sun 2016", R"([
{"type": "conv2d", "filters": 16, "padding": "same", "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu"},
{"type": "residual_block", "filters": 16},
{"type": "residual_block", "filters": 16},
{"type": "residual_block", "filters": 16},
{"type": "residual_block", "filters": 32, "stride": 2},
{"type": "residual_block", "filters": 32},
{"type": "residual_block", "filters": 32},
{"type": "residual_block", "filters": 64, "stride": 2},
{"type": "residual_block", "filters": 64},
{"type": "residual_block", "filters": 64},
{"type": "global_average_pool"}
])"},
    {"resnet18",
     "Eight wide residual blocks, with the first layer for pictures below about 100 x 100.",
     "He, Zhang, Ren, Sun 2016", R"([
{"type": "conv2d", "filters": 64, "padding": "same", "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu"},
{"type": "residual_block", "filters": 64},
{"type": "residual_block", "filters": 64},
{"type": "residual_block", "filters": 128, "stride": 2},
{"type": "residual_block", "filters": 128},
{"type": "residual_block", "filters": 256, "stride": 2},
{"type": "residual_block", "filters": 256},
{"type": "residual_block", "filters": 512, "stride": 2},
{"type": "residual_block", "filters": 512},
{"type": "global_average_pool"}
])"},
    {"mobilenet_small", "Inverted residual blocks: few weights and few operations a picture.",
     "after Sandler and others 2018", R"([
{"type": "conv2d", "filters": 16, "padding": "same", "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu6"},
{"type": "inverted_residual", "filters": 16, "expansion": 1},
{"type": "inverted_residual", "filters": 24, "stride": 2},
{"type": "inverted_residual", "filters": 24},
{"type": "inverted_residual", "filters": 40, "stride": 2},
{"type": "inverted_residual", "filters": 40},
{"type": "inverted_residual", "filters": 80, "stride": 2},
{"type": "inverted_residual", "filters": 80},
{"type": "conv", "filters": 160, "kernel_size": [1], "use_bias": false, "kernel_initializer": "he_normal"},
{"type": "batch_normalization"},
{"type": "activation", "activation": "relu6"},
{"type": "global_average_pool"},
{"type": "dropout", "rate": 0.1}
])"},
    {"text_gru", "For tokens in order: a GRU that reads a text from both ends.", "", R"([
{"type": "dropout", "rate": 0.2},
{"type": "gru", "units": 64, "direction": "bidirectional"},
{"type": "dropout", "rate": 0.3}
])",
     true},
    {"text_cnn", "For tokens in order: runs of five tokens, and the strongest of each kind.",
     "after Kim 2014", R"([
{"type": "mask_steps"},
{"type": "transpose"},
{"type": "conv1d", "filters": 128, "kernel_size": [5], "padding": "same", "activation": "relu"},
{"type": "transpose"},
{"type": "sequence_pool", "mode": "max"},
{"type": "dropout", "rate": 0.3}
])",
     true},
    {"text_transformer", "For tokens in order: two encoders that let each token see all others.",
     "after Vaswani and others 2017", R"([
{"type": "positional_encoding"},
{"type": "transformer_encoder", "heads": 4},
{"type": "transformer_encoder", "heads": 4},
{"type": "sequence_pool"},
{"type": "dropout", "rate": 0.3}
])",
     true},
};

}  // namespace

std::span<const NetworkPreset> network_presets() {
  return kPresets;
}

const NetworkPreset& network_preset(const std::string& name) {
  std::vector<std::string> known;
  for (const NetworkPreset& preset : kPresets) {
    if (plain_name(preset.name) == plain_name(name)) return preset;
    known.emplace_back(preset.name);
  }
  throw Error(ErrorCode::usage, fmt::format("There is no network \"{}\".{} `sinapse list networks` "
                                            "tells them.",
                                            name, did_you_mean(name, known)));
}

std::vector<LayerDescription> preset_layers(const std::string& name) {
  return network_from_json(nlohmann::json::parse(network_preset(name).layers)).layers;
}

}  // namespace sinapse
