// The kept answers in the forms that figures and tables want.
#pragma once

#include <string>
#include <vector>

#include "figures/answer_figures.h"
#include "report/report.h"

namespace sinapse {

/// The part that says most of new data, with its answers; nullptr if it was too large to be kept.
inline const KeptPart* judging_part(const Report& report) {
  return report.answers.find(report.answers.judge());
}

ClassAnswers class_answers(const KeptPart& part, const Target& target);
/// One for each target.
std::vector<NumberAnswers> number_answers(const KeptPart& part, const Target& target);

/// Where a row of the part stands: "cars.csv:17", the path of a picture, "sample 3".
std::string place_of(const Report& report, const KeptPart& part, size_t row);

/// What a model would reach on these rows that always gives the same answer, the best one: by
/// accuracy the most frequent class, by rmse the mean.
struct Baseline {
  std::string metric, answer;
  double value = 0;
};
std::optional<Baseline> baseline_of(const KeptPart& part, const Target& target);

}  // namespace sinapse
