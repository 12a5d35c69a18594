// How good predictions are. Definitions as in scikit-learn; ties and absent classes included.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "features/target.h"

namespace sinapse {

/// Share of rows whose label is right.
double accuracy(std::span<const int32_t> truth, std::span<const int32_t> predicted);

/// Mean over the classes that occur in truth or prediction of 2 tp / (2 tp + fp + fn).
double f1_macro(std::span<const int32_t> truth, std::span<const int32_t> predicted,
                int num_classes);

/// Area under the ROC curve of a score for the positive rows: the probability that a positive row
/// scores above a negative one, ties counting half (Mann, Whitney 1947). NaN if one side is empty.
double roc_auc(std::span<const bool> positive, std::span<const double> score);

/// The mean over classes of one against the rest; NaN if a class does not occur.
double roc_auc_one_vs_rest(std::span<const int32_t> truth, std::span<const double> probabilities,
                           int num_classes);

/// Mean of -log of the probability of the true class.  probabilities [rows, classes], kept away
/// from 0 and 1 by 2^-52 so that one certain mistake does not make the mean infinite.
double log_loss(std::span<const int32_t> truth, std::span<const double> probabilities,
                int num_classes);

double root_mean_squared_error(std::span<const double> truth, std::span<const double> predicted);
double mean_absolute_error(std::span<const double> truth, std::span<const double> predicted);
/// 1 - residual sum of squares / total sum of squares; for a constant truth 1 if exact, else 0.
/// NaN for a single row.
double r2_score(std::span<const double> truth, std::span<const double> predicted);

/// Probabilities [rows, classes] from the network's outputs, in double.
std::vector<double> probabilities_of(std::span<const float> outputs, const Target& target);

/// Everything that applies to the task, by name: "accuracy", "roc_auc", "log_loss", "f1_macro" or
/// "rmse", "mae", "r2". A metric that is not defined for these rows is left out. `encoded` is the
/// target as Target::encode gives it.
std::map<std::string, double> evaluate_outputs(std::span<const float> outputs,
                                               std::span<const float> encoded,
                                               const Target& target);

}  // namespace sinapse
