// Builder: dense products, and the weights that products, convolutions and cells have in common.
#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/initializer.h>

#include "layers/builder_state.h"
#include "ops/constraint.h"
#include "ops/operators.h"

namespace sinapse {

constexpr double kMostPenalty = 1e30;

void hold_back(BuilderState& state, double l1, double l2, const std::string& constraint) {
  if (!(l1 >= 0 && l2 >= 0 && l1 + l2 < kMostPenalty)) {
    throw Error(ErrorCode::model,
                fmt::format("layer \"{}\": l1 and l2 must be at least 0, but are {} and {}.",
                            state.layer, l1, l2));
  }
  if (!constraint.empty()) parse_constraint(constraint);
  ParameterInfo& weight = state.parameters.back();
  weight.l1 = l1;
  weight.l2 = l2;
  weight.constraint = constraint;
}

std::vector<ValueId> with_weights(Builder& builder, BuilderState& state, const Tensor& x,
                                  Shape weight_shape, int64_t outputs,
                                  const DenseOptions& options) {
  const std::string prefix = options.name.empty() ? "" : options.name + ".";
  const std::string initializer =
      options.initializer == "auto" ? initializer_for(options.activation) : options.initializer;
  const Tensor weight = builder.parameter(prefix + "weight", std::move(weight_shape), initializer);
  hold_back(state, options.l1, options.l2, options.constraint);
  std::vector<ValueId> inputs{x.id, weight.id};
  if (options.use_bias)
    inputs.push_back(builder.parameter(prefix + "bias", {outputs}, options.bias_initializer).id);
  return inputs;
}

namespace {

// Input, weight and bias of a product.
std::vector<ValueId> dense_inputs(Builder& builder, BuilderState& state, const Tensor& x,
                                  int64_t units, const DenseOptions& options) {
  if (units < 1) {
    throw Error(ErrorCode::model, fmt::format("Dense \"{}\": units must be at least 1, but is {}.",
                                              state.layer, units));
  }
  return with_weights(builder, state, x, {units, x.shape.back()}, units, options);
}

}  // namespace

Tensor Builder::dense(const Tensor& x, int64_t units, const DenseOptions& options) {
  if (x.shape.size() != 2) {
    throw Error(ErrorCode::model,
                fmt::format("Dense \"{}\": expects rows of a vector, but its input is {}. Put a "
                            "flatten layer before it.",
                            state_.layer, to_string(x.shape)));
  }
  return append(state_, op::gemm(), dense_inputs(*this, state_, x, units, options));
}

Tensor Builder::dense_per_step(const Tensor& x, int64_t units, const DenseOptions& options) {
  if (x.shape.size() != 3) {
    fail(fmt::format("expects sequences [batch, time, features], but its input is {}",
                     to_string(x.shape)));
  }
  return append(state_, op::steps_product(), dense_inputs(*this, state_, x, units, options));
}

Tensor Builder::product(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  std::vector<ValueId> inputs{x.id, weight.id};
  if (bias.id != kNoValue) inputs.push_back(bias.id);
  return append(state_, op::gemm(), inputs);
}

}  // namespace sinapse
