#include "train/full_batch_graph.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "compile/differentiate.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// The Hessian of so many weights takes 32 MB, and a step some seconds.
constexpr int64_t kMostWeights = 2000;

[[noreturn]] void refuse(const Optimizer& optimizer, const std::string& why) {
  throw Error(ErrorCode::usage, fmt::format("{} {}", optimizer.definition->name, why));
}

void require_plain_updates(const Optimizer& optimizer, const UpdateRules& rules,
                           const std::vector<ParameterInfo>& parameters) {
  if (rules.clip_norm > 0 || rules.clip_value > 0 || rules.accumulate || rules.average) {
    refuse(optimizer,
           "takes all rows at once and chooses its own steps: leave out accumulate, "
           "clip_norm, clip_value, ema_decay and swa_start, or take another optimizer.");
  }
  for (const ParameterInfo& parameter : parameters) {
    if (parameter.constraint.empty()) continue;
    refuse(optimizer, fmt::format("knows no constraints, but {} has {}. Leave it out, or take "
                                  "another optimizer.",
                                  parameter.name, parameter.constraint));
  }
}

// Rows must be differentiated one by one, so none may depend on others or on chance.
void require_rows_alone(const Graph& graph, const Optimizer& optimizer) {
  const Operator* const others[] = {&op::dropout(),          &op::alpha_dropout(),
                                    &op::gaussian_dropout(), &op::random_leaky_relu(),
                                    &op::batch_statistics(), &op::batch_normalization()};
  for (const Node& node : graph.nodes()) {
    if (std::find(std::begin(others), std::end(others), node.op) == std::end(others)) continue;
    refuse(optimizer, fmt::format("differentiates each row alone, but what layer \"{}\" does to a "
                                  "row depends on chance or on other rows. Leave it out, or take "
                                  "another optimizer, e.g. lbfgs.",
                                  node.name));
  }
}

void require_squares(const Optimizer& optimizer, const std::string& loss, double l1) {
  if (loss != "mean_squared_error" && loss != "mean_squared_logarithmic_error") {
    refuse(optimizer, fmt::format("makes squared errors small, but the loss is {}. Choose "
                                  "mean_squared_error, or another optimizer, e.g. lbfgs.",
                                  loss));
  }
  if (l1 > 0)
    refuse(optimizer, "knows no l1 penalty. Choose l2, or another optimizer, e.g. lbfgs.");
}

void require_few_weights(const Optimizer& optimizer, int64_t weights) {
  if (weights <= kMostWeights) return;
  refuse(optimizer, fmt::format("solves a system of equations with one row a weight, {} at most, "
                                "but the network has {}. Make it smaller, or take another "
                                "optimizer, e.g. lbfgs.",
                                kMostWeights, weights));
}

// The sum over the rows of one output, [batch, 1], chosen by a state.
ValueId append_pick(Graph& graph, ValueId output, ValueId& picked_output) {
  if (graph.shape(output).size() != 2) {
    throw Error(ErrorCode::model, fmt::format("levenberg_marquardt expects an output of numbers in "
                                              "one row, but it is {}.",
                                              to_string(graph.shape(output))));
  }
  picked_output = graph.add_state("optimizer:picked_output", {1, graph.shape(output)[1]});
  return graph.append(op::gemm(), "picked_output", {output, picked_output}).front();
}

}  // namespace

bool is_levenberg_marquardt(const Optimizer& optimizer) {
  return optimizer.definition->name == "levenberg_marquardt";
}

FullBatch append_full_batch(Graph& graph, const std::vector<ParameterInfo>& parameters,
                            ValueId output, ValueId loss, ValueId row_weight,
                            const std::string& loss_name, const Optimizer& optimizer,
                            const UpdateRules& rules) {
  require_plain_updates(optimizer, rules, parameters);
  FullBatch full;
  int64_t weights = 0;
  double l1 = 0;
  std::vector<ValueId> trainable;
  for (ParameterInfo parameter : parameters) {
    if (!parameter.trainable) continue;
    const bool is_matrix = parameter.shape.size() >= 2;
    parameter.l1 += is_matrix ? rules.l1 : 0;
    parameter.l2 += is_matrix ? rules.l2 : 0;
    l1 += parameter.l1;
    weights += row_size(parameter.shape);
    trainable.push_back(parameter.value);
    full.parameters.push_back({parameter});
  }
  const auto remember = [&](const char* what, Shape shape) {
    full.memory.push_back(graph.add_state(fmt::format("optimizer:{}", what), std::move(shape)));
  };
  ValueId differentiated = loss;
  if (is_levenberg_marquardt(optimizer)) {
    require_squares(optimizer, loss_name, l1);
    require_rows_alone(graph, optimizer);
    require_few_weights(optimizer, weights);
    differentiated = append_pick(graph, output, full.picked_output);
    remember("damping", {1});
  } else {
    const auto history = static_cast<int64_t>(optimizer.constants[0]);
    remember("counters", {4});
    remember("direction", {weights});
    remember("gradient", {weights});
    remember("moves", {history, weights});
    remember("changes", {history, weights});
  }
  const auto gradients = differentiate(graph, differentiated, row_weight, trainable);
  for (size_t p = 0; p < trainable.size(); ++p) {
    if (gradients[p] == kNoValue) continue;
    const ParameterInfo& parameter = full.parameters[p].parameter;
    const ValueId sum = graph.add_state(parameter.name + ":gradient", parameter.shape);
    graph.append(op::accumulate(), parameter.name + ".accumulate", {sum, gradients[p]});
    full.parameters[p].gradient = sum;
  }
  return full;
}

}  // namespace sinapse
