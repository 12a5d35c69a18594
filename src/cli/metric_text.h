// Metrics for people and for programs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sinapse/metric.h>

namespace sinapse::cli {

/// Names of metrics that occur in any of the parts: "loss" first, then the others by name.
std::vector<std::string> metric_names(const std::map<std::string, Metrics>& metrics);

/// Whether the name is shown in tables for people: all but those defined for JSON only.
bool is_essential(const std::string& name);

/// The essential metrics as a table with one column for each part of the data.
std::string metrics_table(const std::map<std::string, Metrics>& metrics);

/// The essential metrics of one evaluation, with their intervals where there are any.
std::string evaluation_table(const Evaluation& evaluation);

/// Precision, recall, F1 and support of each class, and the confusion matrix of up to 12 classes.
std::string class_tables(const ClassReport& report);

/// The essential metrics of each of several targets.
std::string target_table(const std::vector<TargetEvaluation>& targets);

/// All tables that there are of an evaluation.
std::string evaluation_text(const Evaluation& evaluation);

/// {"per_class": [{"class", "precision", "recall", "f1", "support"}], "confusion": [[...]]}
nlohmann::ordered_json to_json(const ClassReport& report);

/// {"rows", "metrics", "intervals", and the fields of the class report}
nlohmann::ordered_json to_json(const TargetEvaluation& evaluation);

/// The same, with "targets": the evaluation of each of several by its name.
nlohmann::ordered_json to_json(const Evaluation& evaluation);

}  // namespace sinapse::cli
