// Predictions as CSV (RFC 4180).
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sinapse/model.h>

namespace sinapse::cli {

/// For each target columns <target>_predictions and, for classes, <target>_probabilities_<class>,
/// or <target>_scores where the loss gives no probabilities; one line a row. A target without a
/// name, as of images, is called "label". Rows with names have them in a first column, path.
std::string predictions_head(std::span<const Predictions> targets, bool has_names = false);
std::string predictions_rows(std::span<const Predictions> targets,
                             const std::vector<std::string>& names = {});

/// The text as a CSV cell: in quotes if it holds a comma, quote or line break.
std::string csv_cell(const std::string& text);

}  // namespace sinapse::cli
