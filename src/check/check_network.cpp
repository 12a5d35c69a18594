#include "check/check_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/loss.h>

#include "check/gradient_check.h"
#include "check/layer_health.h"
#include "explain/rows.h"

namespace sinapse {

namespace {

constexpr double kMostWork = 1e9;  // multiplications for all rows, forward
constexpr int64_t kGradientRows = 4;
constexpr double kManyDead = 0.25, kMostlySaturated = 0.5, kVanished = 1e-4;

int64_t affordable_rows(const std::vector<LayerSummary>& layers, int64_t most) {
  double work = 1;
  for (const LayerSummary& layer : layers) work += static_cast<double>(layer.multiply_adds);
  return std::clamp(static_cast<int64_t>(kMostWork / work), kGradientRows, most);
}

Dataset rows_with_target(const Dataset& data, int64_t most, uint64_t seed) {
  return copy_rows(data, draw_rows(known_rows(data), most, seed));
}

CheckResult check_gradients_of(const LossGraph& graph, const Weights& weights, const Dataset& data,
                               const CheckOptions& options) {
  GradientCheckOptions gradient_options;
  gradient_options.seed = options.seed;
  const std::vector<GradientError> errors = check_gradients(graph, weights, data, gradient_options);
  CheckResult result{.name = "gradients", .result = "", .findings = {}};
  double largest = 0;
  for (const GradientError& one : errors) {
    largest = std::max(largest, one.relative_error);
    if (one.relative_error < kWrongGradient) continue;
    result.findings.push_back(
        {result.name, Severity::error, one.name,
         fmt::format("The gradient of {} is {:.6g}, but finite differences give {:.6g}.", one.name,
                     one.gradient, one.difference),
         "Correct the derivative of the layer, activation or loss that it comes from."});
  }
  result.result = fmt::format("{} parameters and inputs, largest relative error {:.1e}",
                              errors.size(), largest);
  return result;
}

std::string activation_advice(const LayerHealth& layer) {
  return fmt::format(
      "Try an activation that keeps a slope (leaky_relu, elu, gelu) in {}, a lower "
      "learning rate, or batch_normalization before it.",
      layer.layer);
}

CheckResult check_dead(const std::vector<LayerHealth>& layers, int64_t rows) {
  CheckResult result{.name = "dead_units", .result = "", .findings = {}};
  int64_t units = 0, dead = 0;
  for (const LayerHealth& layer : layers) {
    units += layer.units;
    dead += layer.dead;
    if (layer.dead == 0) continue;
    const double share = static_cast<double>(layer.dead) / static_cast<double>(layer.units);
    result.findings.push_back(
        {result.name, share > kManyDead ? Severity::warning : Severity::note, layer.layer,
         fmt::format("{} of the {} units of {} ({:.0f} %) never learn: the slope of {} is 0 in all "
                     "{} rows.",
                     layer.dead, layer.units, layer.layer, 100 * share, layer.activation, rows),
         share > kManyDead ? activation_advice(layer)
                           : fmt::format("{} could do with fewer units.", layer.layer)});
  }
  result.result = fmt::format("{} of {} units, {} rows", dead, units, rows);
  return result;
}

CheckResult check_saturation(const std::vector<LayerHealth>& layers) {
  CheckResult result{.name = "saturation", .result = "", .findings = {}};
  double most = 0;
  for (const LayerHealth& layer : layers) {
    if (!layer.can_saturate) continue;
    most = std::max(most, layer.saturated);
    if (layer.saturated < kMostlySaturated) continue;
    result.findings.push_back(
        {result.name, Severity::warning, layer.layer,
         fmt::format("{} is saturated: {:.0f} % of its values lie where {} is flat.", layer.layer,
                     100 * layer.saturated, layer.activation),
         fmt::format("Standardise what goes into {}, start from smaller weights, or put "
                     "batch_normalization before its activation.",
                     layer.layer)});
  }
  result.result = fmt::format("at most {:.0f} % of a layer's values", 100 * most);
  return result;
}

CheckResult check_flow(const std::vector<LayerHealth>& layers) {
  CheckResult result{.name = "gradient_flow", .result = "no layers to compare", .findings = {}};
  std::vector<const LayerHealth*> learning;
  for (const LayerHealth& layer : layers)
    if (layer.has_weights) learning.push_back(&layer);
  if (learning.size() < 2) return result;
  const LayerHealth &first = *learning.front(), &last = *learning.back();
  if (last.gradient == 0) {
    result.result = "the loss has no slope at these rows";
    return result;
  }
  const double ratio = first.gradient / last.gradient;
  result.result =
      fmt::format("{:.2g} of the gradient at {} reaches {}", ratio, last.layer, first.layer);
  for (const LayerHealth* layer : learning) {
    const double share = layer->gradient / last.gradient;
    if (std::isfinite(share) && share > kVanished && share < 1 / kVanished) continue;
    const bool vanished = share <= kVanished;
    result.findings.push_back(
        {result.name, Severity::warning, layer->layer,
         fmt::format("Gradients {}: at {} they are {:.2g} times those at {}.",
                     vanished ? "vanish" : "explode", layer->layer, share, last.layer),
         vanished ? "Use relu or another activation that does not saturate, initialisers that suit "
                    "it, normalisation, or shortcuts past the layers (add)."
                  : "Clip gradients (training.clip_norm), lower the learning rate, or normalise "
                    "between the layers."});
    break;  // those before it fare the same
  }
  return result;
}

}  // namespace

CheckResult check_weights(const TrainedNetwork& trained) {
  CheckResult result{.name = "weights", .result = "", .findings = {}};
  int64_t count = 0;
  for (const auto& [name, values] : trained.weights) {
    count += static_cast<int64_t>(values.size());
    const auto wrong =
        std::count_if(values.begin(), values.end(), [](float x) { return !std::isfinite(x); });
    if (wrong == 0) continue;
    result.findings.push_back(
        {result.name, Severity::error, name,
         fmt::format("{} of the {} numbers of {} are NaN or infinite.", wrong, values.size(), name),
         "Train again with a lower learning rate or clipped gradients "
         "(training.clip_norm)."});
  }
  result.result = fmt::format("{} numbers", count);
  return result;
}

CheckedNetwork checked(const TrainedNetwork& trained) {
  return {trained.network, input_descriptions(trained),
          to_string(choose_loss(trained.loss, trained.target.task())), trained.weights};
}

std::vector<CheckResult> check_network(const CheckedNetwork& checked, const Dataset* data,
                                       const CheckOptions& options) {
  const auto& [network, inputs, loss, weights] = checked;
  const LossGraph graph = build_loss_graph(network, inputs, loss, /*training=*/true);
  const int64_t most = affordable_rows(graph.layers, std::max(options.max_rows, kGradientRows));
  const auto rows_for = [&](int64_t count) {
    return data != nullptr ? rows_with_target(*data, count, options.seed)
                           : draw_data(graph, checked.loss, count, options.seed);
  };
  const Dataset rows = rows_for(most);
  std::vector<CheckResult> results;
  if (rows.rows == 0) return results;
  results.push_back(check_gradients_of(graph, weights, rows_for(kGradientRows), options));
  const std::vector<LayerHealth> layers = layer_health(network, inputs, loss, weights, rows);
  results.push_back(check_dead(layers, rows.rows));
  results.push_back(check_saturation(layers));
  results.push_back(check_flow(layers));
  return results;
}

}  // namespace sinapse
