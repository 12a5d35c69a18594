#include "explain/score.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "train/losses.h"
#include "train/metric_table.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

std::string usual_metric(const Target& target) {
  if (target.task() == Task::multiclass) return "accuracy";
  if (target.task() == Task::binary || target.task() == Task::multilabel) return "roc_auc";
  return "r2";
}

const Metric& row_of(std::string_view name) {
  const MetricDefinition& definition = metric_named(name);
  const auto& table = metric_table();
  return *std::find_if(table.begin(), table.end(), [&](const Metric& metric) {
    return metric.definition.name == definition.name;
  });
}

// Calls use(outcomes) with those of the model's task.
template <class Use>
auto with_outcomes(std::span<const float> outputs, std::span<const float> truth,
                   const Target& target, Use&& use) {
  if (is_classification(target.task())) return use(class_outcomes(outputs, truth, target));
  if (target.task() == Task::multilabel) return use(label_outcomes(outputs, truth, target));
  if (target.is_one()) return use(number_outcomes(outputs, truth, target));
  return use(several_numbers(outputs, truth, target));
}

std::vector<double> product(std::span<const double> times, std::span<const double> weights) {
  std::vector<double> result(times.begin(), times.end());
  if (result.empty()) result.assign(weights.begin(), weights.end());
  for (size_t i = 0; i < weights.size() && !times.empty(); ++i) result[i] *= weights[i];
  return result;
}

}  // namespace

Score::Score(const TrainedNetwork& trained, const Dataset& data, const std::string& metric)
    : trained_(trained),
      data_(data),
      metric_(metric == "auto" ? usual_metric(trained.target) : metric) {
  if (metric_ == "loss") return;
  const Metric& chosen = row_of(metric_);
  larger_is_better_ = chosen.definition.larger_is_better;
  const bool numbers = trained.target.columns().front().classes.empty();
  if (chosen.definition.of_classes == !numbers) return;
  throw Error(ErrorCode::usage,
              fmt::format("The metric {} is for {}, but the model's task is {}.", metric_,
                          numbers ? "classes" : "numbers", name_of(trained.target.task())));
}

double Score::operator()(std::span<const float> outputs, std::span<const double> times) const {
  if (metric_ == "loss") return mean_loss_of(outputs, times);
  const std::vector<double> weights = product(times, data_.weights);
  const Metric& metric = row_of(metric_);
  return with_outcomes(outputs, data_.target, trained_.target, [&](const auto& outcomes) {
    return applies(metric, outcomes) ? value_of(metric, outcomes, weights)
                                     : std::numeric_limits<double>::quiet_NaN();
  });
}

double Score::mean_loss_of(std::span<const float> outputs, std::span<const double> times) const {
  std::vector<float> weights = data_.loss_weights;
  if (weights.empty() && !times.empty()) weights.assign(times.size(), 1.0f);
  for (size_t i = 0; i < times.size(); ++i) weights[i] *= static_cast<float>(times[i]);
  return mean_loss(choose_loss(trained_.loss, trained_.target.task()), outputs, data_.target,
                   trained_.target.num_outputs(), weights);
}

}  // namespace sinapse
