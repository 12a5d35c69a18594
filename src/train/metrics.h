// From a network's outputs to metrics.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include <sinapse/metric.h>
#include <sinapse/team.h>

#include "features/target.h"
#include "train/metric_functions.h"

namespace sinapse {

/// Probabilities [rows, classes] from the network's outputs, in double.
std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target);

// What the metrics are computed from: outputs [rows, outputs], and the targets [rows, targets] as
// Target::encode gives them; of several targets those that are NaN are left out. Each adds rows.
void append(ClassOutcomes& outcomes, std::span<const float> outputs, std::span<const float> encoded,
            const Target& target);
void append(NumberOutcomes& outcomes, std::span<const float> outputs,
            std::span<const float> encoded, const Target& target);
void append(LabelOutcomes& outcomes, std::span<const float> outputs, std::span<const float> encoded,
            const Target& target);
void append(SeveralOutcomes<NumberOutcomes>& outcomes, std::span<const float> outputs,
            std::span<const float> encoded, const Target& target);

/// In memory, of rows that are.
template <class Outcomes>
Outcomes outcomes_of(std::span<const float> outputs, std::span<const float> encoded,
                     const Target& target) {
  Outcomes outcomes;
  append(outcomes, {}, {}, target);
  outcomes.keep_in_memory();
  append(outcomes, outputs, encoded, target);
  return outcomes;
}
inline ClassOutcomes class_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                                    const Target& target) {
  return outcomes_of<ClassOutcomes>(outputs, encoded, target);
}
inline NumberOutcomes number_outcomes(std::span<const float> outputs,
                                      std::span<const float> encoded, const Target& target) {
  return outcomes_of<NumberOutcomes>(outputs, encoded, target);
}
inline LabelOutcomes label_outcomes(std::span<const float> outputs, std::span<const float> encoded,
                                    const Target& target) {
  return outcomes_of<LabelOutcomes>(outputs, encoded, target);
}
inline SeveralOutcomes<NumberOutcomes> several_numbers(std::span<const float> outputs,
                                                       std::span<const float> encoded,
                                                       const Target& target) {
  return outcomes_of<SeveralOutcomes<NumberOutcomes>>(outputs, encoded, target);
}

/// What a network said of rows that come part by part, of any number of them in little memory.
class GatheredOutcomes {
 public:
  /// `target` outlives it. Resamples of the rows want them in memory.
  explicit GatheredOutcomes(const Target& target, bool in_memory = false);

  /// `weights` of these rows, or empty, then and always.
  void add(std::span<const float> outputs, std::span<const float> encoded,
           std::span<const double> weights);

  /// The essential metrics of the task: quick enough to be asked for after every epoch. Of several
  /// targets the means.
  Metrics essential() const;
  /// All metrics of the task.
  Evaluation all(const EvaluationOptions& options, Team& team) const;

 private:
  const Target& target_;
  std::variant<ClassOutcomes, LabelOutcomes, NumberOutcomes, SeveralOutcomes<NumberOutcomes>>
      outcomes_;
  LongList<double> weights_;
};

/// The essential metrics of rows in memory.
Metrics evaluate_outputs(std::span<const float> outputs, std::span<const float> encoded,
                         const Target& target, std::span<const double> weights);

/// Intervals alone, of the metrics named in `point`.
std::map<std::string, Interval> metric_intervals(std::span<const float> outputs,
                                                 std::span<const float> encoded,
                                                 const Target& target, RowWeights weights,
                                                 const Metrics& point,
                                                 const EvaluationOptions& options, Team& team);

}  // namespace sinapse
