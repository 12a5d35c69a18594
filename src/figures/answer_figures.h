// Figures of how good predictions are.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sinapse/model.h>

#include "features/target.h"
#include "figures/chart.h"

namespace sinapse {

/// What a classifier said of rows whose class is known.
struct ClassAnswers {
  std::vector<std::string> classes;
  std::vector<int32_t> truth;         // [rows]
  std::vector<double> probabilities;  // [rows, classes]

  size_t rows() const { return truth.size(); }
};

/// What a regression said of rows whose number is known.
struct NumberAnswers {
  std::string target;
  std::vector<double> truth, predicted;
};

/// The rows whose answer is known, of one of the target's columns. `truth` is that column as
/// Target::encode gives it. Throws Error(usage) for predictions of another kind: there are no
/// curves of numbers.
ClassAnswers class_answers(const Predictions& predictions, std::span<const float> truth,
                           const Target& target);
NumberAnswers number_answers(const Predictions& predictions, std::span<const float> truth,
                             const Target& target, size_t column);

/// One curve for two classes (the second against the first), else one a class against the rest; at
/// most eight, of the most frequent classes. Classes without rows have none.
Chart roc_chart(const ClassAnswers& answers, Words words = {});
Chart precision_recall_chart(const ClassAnswers& answers, Words words = {});
Chart lift_chart(const ClassAnswers& answers, Words words = {});

/// Ten bins of the probabilities: of the second of two classes, else of the predicted class.
Chart calibration_chart(const ClassAnswers& answers, Words words = {});

/// [true class, predicted class]; equal probabilities: the first.
std::vector<int64_t> confusion_counts(const ClassAnswers& answers);

/// Predicted against true numbers, residuals against predictions, and how often residuals occur.
std::vector<Chart> residual_charts(const NumberAnswers& answers, Words words = {});

}  // namespace sinapse
