// The kept answers in the forms that figures and tables want.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "figures/answer_figures.h"
#include "report/report.h"

namespace sinapse {

/// The part that says most of new data: test, else validation, else train.
inline const char* judge_of(const Report& report) {
  for (const char* part : {"test", "validation"}) {
    if (report.result.metrics.contains(part)) return part;
  }
  return "train";
}

/// Whether the model has learned once more from the validation rows, too (training.final_fit): then
/// training and validation rows were measured before that.
inline bool has_final_fit(const Report& report) {
  const TrainResult& result = report.result;
  return result.resolved.training.final_fit == "all" && result.metrics.contains("validation") &&
         !result.interrupted && !result.out_of_time;
}

/// Whether the page tells of a training, or only of a model on other data.
inline bool tells_of_training(const Report& report) {
  return report.result.epochs > 0;
}

/// That part with its answers; nullptr if they were not kept: too many, or forecasts of a series.
inline const KeptPart* judging_part(const Report& report) {
  return report.answers.find(judge_of(report));
}

ClassAnswers class_answers(const KeptPart& part);
/// One for each target.
std::vector<NumberAnswers> number_answers(const KeptPart& part);

/// Where a row of the part stands: "cars.csv:17", the path of a picture, "sample 3".
std::string place_of(const Report& report, const KeptPart& part, size_t row);

/// What a model would reach on these rows that always gives the same answer, the best one: by
/// accuracy the most frequent class, by rmse the mean.
struct Baseline {
  std::string metric, answer;
  double value = 0;
};
std::optional<Baseline> baseline_of(const KeptPart& part);

}  // namespace sinapse
