#include "train/update_rules.h"

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

ValueId append(Graph& graph, const Operator& op, const ParameterInfo& parameter, const char* what,
               std::vector<ValueId> inputs, Attributes attributes = {}) {
  const auto outputs = graph.append(op, fmt::format("{}.{}", parameter.name, what),
                                    std::move(inputs), std::move(attributes));
  return outputs.empty() ? kNoValue : outputs.front();
}

ValueId add_state(Graph& graph, const ParameterInfo& parameter, const std::string& what) {
  return graph.add_state(fmt::format("{}:{}", parameter.name, what), parameter.shape);
}

// The gradient as far as it depends on this parameter alone.
ValueId prepared(Graph& graph, const ParameterInfo& parameter, ValueId gradient,
                 const UpdateRules& rules) {
  if (rules.accumulate) {
    gradient = append(graph, op::accumulate(), parameter, "accumulate",
                      {add_state(graph, parameter, "gradient"), gradient});
  }
  const bool is_matrix = parameter.shape.size() >= 2;
  const double l1 = parameter.l1 + (is_matrix ? rules.l1 : 0);
  const double l2 = parameter.l2 + (is_matrix ? rules.l2 : 0);
  if (l1 > 0 || l2 > 0) {
    gradient = append(graph, op::penalty_gradient(), parameter, "penalty",
                      {gradient, parameter.value}, {{"l1", l1}, {"l2", l2}});
  }
  if (rules.clip_value > 0) {
    gradient = append(graph, op::clip_by_value(), parameter, "clip", {gradient},
                      {{"limit", rules.clip_value}});
  }
  return gradient;
}

void clip_by_norm(Graph& graph, std::vector<Updated>& all, double norm) {
  std::vector<ValueId> sums;
  for (const Updated& one : all) {
    if (one.gradient == kNoValue) continue;
    sums.push_back(append(graph, op::squared_sums(), one.parameter, "squares", {one.gradient}));
  }
  if (sums.empty()) return;
  const ValueId factor = graph.append(op::clip_factor(), "clip", sums, {{"norm", norm}}).front();
  for (Updated& one : all) {
    if (one.gradient == kNoValue) continue;
    one.gradient = append(graph, op::multiply(), one.parameter, "clip", {one.gradient, factor});
  }
}

void append_update(Graph& graph, const Updated& one, const Optimizer& optimizer) {
  std::vector<ValueId> inputs{one.parameter.value, one.gradient};
  for (int m = 0; m < num_moments(optimizer); ++m) {
    inputs.push_back(add_state(graph, one.parameter, fmt::format("moment{}", m + 1)));
  }
  append(graph, op::update(), one.parameter, "update", inputs,
         {{"optimizer", to_string(optimizer)}});
  if (one.parameter.constraint.empty()) return;
  append(graph, op::constrain(), one.parameter, "constrain", {one.parameter.value},
         {{"constraint", one.parameter.constraint}});
}

}  // namespace

UpdateRules update_rules(const TrainingOptions& options) {
  return {.l1 = options.l1,
          .l2 = options.l2,
          .clip_norm = options.clip_norm,
          .clip_value = options.clip_value,
          .accumulate = options.accumulate > 1,
          .average = options.ema_decay > 0 || options.swa_start > 0};
}

void append_updates(Graph& graph, std::vector<Updated>& all, const Optimizer& optimizer,
                    const UpdateRules& rules) {
  for (Updated& one : all) {
    if (one.gradient == kNoValue) continue;
    one.gradient = prepared(graph, one.parameter, one.gradient, rules);
  }
  if (rules.clip_norm > 0) clip_by_norm(graph, all, rules.clip_norm);
  for (Updated& one : all) {
    if (one.gradient != kNoValue) append_update(graph, one, optimizer);
    if (!rules.average) continue;
    const bool is_fixed =
        one.gradient == kNoValue && graph.value(one.parameter.value).kind == ValueKind::parameter;
    if (is_fixed) {
      one.average = one.parameter.value;
      continue;
    }
    one.average = add_state(graph, one.parameter, "average");
    append(graph, op::average(), one.parameter, "average", {one.average, one.parameter.value});
  }
}

double average_share(const TrainingOptions& options, int64_t epoch, int64_t update,
                     bool ends_update, bool ends_epoch) {
  if (options.ema_decay > 0) {
    if (!ends_update) return 0;
    return update == 1 ? 1 : 1 - options.ema_decay;  // the first weights begin the average
  }
  if (options.swa_start == 0 || !ends_epoch || epoch < options.swa_start) return 0;
  return 1 / static_cast<double>(epoch - options.swa_start + 1);
}

}  // namespace sinapse
