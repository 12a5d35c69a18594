// The table of layer types.
#include "layers/layers.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/block_layers.h"
#include "layers/channel_layers.h"
#include "layers/recurrent_layers.h"
#include "layers/sequence_layers.h"
#include "layers/tabular_layers.h"
#include "layers/window_layers.h"

namespace sinapse {

namespace {

struct LayerType {
  std::string type;
  std::function<std::unique_ptr<Layer>()> make;
};

template <class L>
LayerType row() {
  return {std::string(L::type), [] { return std::make_unique<LayerOf<L>>(); }};
}

std::vector<LayerType>& table() {
  static std::vector<LayerType> types{
      row<Input>(),
      row<Dense>(),
      row<ActivationLayer>(),
      row<PReLU>(),
      row<ParametricActivation>(),
      row<Scaling>(),
      row<PeriodicEmbedding>(),
      row<Dropout>(),
      row<AlphaDropout>(),
      row<GaussianDropout>(),
      row<BatchNormalization>(),
      row<LayerNormalization>(),
      row<Flatten>(),
      row<Reshape>(),
      row<Add>(),
      row<Concatenate>(),
      row<Embedding>(),
      row<Rnn>(),
      row<Lstm>(),
      row<Gru>(),
      row<Context>(),
      row<SequenceLength>(),
      row<MaskSteps>(),
      row<SequencePool>(),
      row<TransposeAxes>(),
      row<DensePerStep>(),
      row<PositionalEncoding>(),
      row<MultiHeadAttention>(),
      row<TransformerEncoder>(),
      row<Conv>(),
      row<ConvOfRank<1>>(),
      row<ConvOfRank<2>>(),
      row<ConvOfRank<3>>(),
      row<DepthwiseConv>(),
      row<SeparableConv>(),
      row<ConvTranspose>(),
      row<MaxPool>(),
      row<AveragePool>(),
      row<GlobalMaxPool>(),
      row<GlobalAveragePool>(),
      row<AdaptiveMaxPool>(),
      row<AdaptiveAveragePool>(),
      row<UpSampling>(),
      row<ZeroPadding>(),
      row<Cropping>(),
      row<GroupNormalization>(),
      row<InstanceNormalization>(),
      row<SpatialDropout>(),
      row<SqueezeExcitation>(),
      row<ResidualBlock>(),
      row<InvertedResidual>(),
  };
  return types;
}

}  // namespace

void register_layer_type(std::string_view type, std::function<std::unique_ptr<Layer>()> make) {
  const auto taken = [&](const LayerType& known) { return known.type == type; };
  if (std::any_of(table().begin(), table().end(), taken)) {
    throw Error(ErrorCode::usage, fmt::format("There is already a layer type \"{}\".", type));
  }
  table().push_back({std::string(type), std::move(make)});
}

std::vector<std::string> layer_types() {
  std::vector<std::string> types;
  for (const LayerType& known : table()) types.push_back(known.type);
  return types;
}

std::unique_ptr<Layer> make_layer(const std::string& type) {
  for (const LayerType& known : table()) {
    if (known.type == type) return known.make();
  }
  throw Error(ErrorCode::usage, fmt::format("There is no layer type \"{}\".{}", type,
                                            did_you_mean(type, layer_types())));
}

}  // namespace sinapse
