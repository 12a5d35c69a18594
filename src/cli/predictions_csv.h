// Predictions as CSV (RFC 4180).
#pragma once

#include <string>

#include <sinapse/model.h>

namespace sinapse::cli {

/// Columns <target>_predictions and, for classes, <target>_probabilities_<class>, or
/// <target>_scores where the loss gives no probabilities; one line a row. Rows with names have them
/// in a first column, path.
std::string predictions_head(const Predictions& predictions, const std::string& target,
                             bool has_names = false);
std::string predictions_rows(const Predictions& predictions,
                             const std::vector<std::string>& names = {});

/// The text as a CSV cell: in quotes if it holds a comma, quote or line break.
std::string csv_cell(const std::string& text);

}  // namespace sinapse::cli
