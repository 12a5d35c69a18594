// Builder: normalisation over the batch, the last axis, or groups of channels.
#include <fmt/format.h>

#include <sinapse/error.h>

#include "layers/builder_state.h"
#include "ops/operators.h"

namespace sinapse {

Tensor Builder::batch_normalization(const Tensor& x, double momentum, double epsilon,
                                    const std::string& name) {
  if (x.shape.size() < 2) {
    throw Error(ErrorCode::model, fmt::format("BatchNormalization \"{}\": its input {} has no "
                                              "channels.",
                                              state_.layer, to_string(x.shape)));
  }
  const Shape channels{x.shape[1]};
  const std::string prefix = name.empty() ? "" : name + ".";
  const Tensor scale = parameter(prefix + "weight", channels, "ones");
  const Tensor bias = parameter(prefix + "bias", channels, "zeros");
  const Tensor mean = state(prefix + "running_mean", channels, "zeros");
  const Tensor variance = state(prefix + "running_var", channels, "ones");
  if (!training() || state_.frozen) {
    return append(state_, op::batch_normalization(),
                  {x.id, scale.id, bias.id, mean.id, variance.id}, {{"epsilon", epsilon}});
  }
  const auto statistics =
      state_.graph.append(op::batch_statistics(), state_.layer, {x.id, mean.id, variance.id},
                          {{"momentum", momentum}, {"epsilon", epsilon}});
  return append(state_, op::batch_normalize(),
                {x.id, scale.id, bias.id, statistics[0], statistics[1]});
}

Tensor Builder::layer_normalization(const Tensor& x, double epsilon, const std::string& name) {
  const Shape channels{x.shape.back()};
  const std::string prefix = name.empty() ? "" : name + ".";
  const Tensor scale = parameter(prefix + "weight", channels, "ones");
  const Tensor bias = parameter(prefix + "bias", channels, "zeros");
  return append(state_, op::layer_normalization(), {x.id, scale.id, bias.id},
                {{"epsilon", epsilon}});
}

Tensor Builder::group_normalization(const Tensor& x, int64_t groups, double epsilon) {
  if (x.shape.size() < 2) {
    fail(fmt::format("its input {} has no channels", to_string(x.shape)));
  }
  const Shape channels{x.shape[1]};
  const Tensor scale = parameter("weight", channels, "ones");
  const Tensor bias = parameter("bias", channels, "zeros");
  return append(state_, op::group_normalization(), {x.id, scale.id, bias.id},
                {{"groups", groups}, {"epsilon", epsilon}});
}

}  // namespace sinapse
