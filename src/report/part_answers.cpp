#include "report/part_answers.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/html.h"
#include "train/metrics.h"

namespace sinapse {

ClassAnswers class_answers(const KeptPart& part) {
  ClassOutcomes outcomes = class_outcomes(part.answers.outputs, part.answers.truth, part.target);
  return {part.target.classes(), std::move(outcomes.truth), std::move(outcomes.probabilities)};
}

std::vector<NumberAnswers> number_answers(const KeptPart& part) {
  const Target& target = part.target;
  std::vector<NumberAnswers> answers;
  const auto add = [&](NumberOutcomes outcomes) {
    const std::string& name = target.columns()[answers.size()].name;
    answers.push_back({name, std::move(outcomes.truth), std::move(outcomes.predicted)});
  };
  if (target.is_one()) {
    add(number_outcomes(part.answers.outputs, part.answers.truth, target));
    return answers;
  }
  auto several = several_numbers(part.answers.outputs, part.answers.truth, target);
  for (NumberOutcomes& one : several.targets) add(std::move(one));
  return answers;
}

std::string place_of(const Report& report, const KeptPart& part, size_t row) {
  const int64_t place = part.rows[row];
  if (report.images != nullptr) {
    const ArrayDataset& samples = part.of_test_data ? *report.images->test : report.images->train;
    return samples.names.empty() ? fmt::format("sample {}", place)
                                 : samples.names[static_cast<size_t>(place)];
  }
  const Table* table = part.of_test_data ? report.test_table : report.table;
  return table == nullptr ? fmt::format("row {}", place) : table->location(place);
}

std::optional<Baseline> baseline_of(const KeptPart& part) {
  const Target& target = part.target;
  if (is_classification(target.task())) {
    std::vector<double> counts(target.classes().size());
    double total = 0;
    for (size_t row = 0; row < part.answers.truth.size(); ++row) {
      const double weight = weight_of(part.answers.weights, row);
      counts[static_cast<size_t>(part.answers.truth[row])] += weight;
      total += weight;
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    return Baseline{"accuracy", target.classes()[static_cast<size_t>(most - counts.begin())],
                    *most / total};
  }
  if (target.task() != Task::regression || !target.is_one()) return std::nullopt;
  double sum = 0, squares = 0, total = 0;
  for (size_t row = 0; row < part.answers.truth.size(); ++row) {
    const double weight = weight_of(part.answers.weights, row);
    const double value = target.restore(part.answers.truth[row]);
    sum += weight * value;
    total += weight;
  }
  const double mean = sum / total;
  for (size_t row = 0; row < part.answers.truth.size(); ++row) {
    const double off = target.restore(part.answers.truth[row]) - mean;
    squares += weight_of(part.answers.weights, row) * off * off;
  }
  return Baseline{"rmse", number_text(static_cast<float>(mean)), std::sqrt(squares / total)};
}

}  // namespace sinapse
