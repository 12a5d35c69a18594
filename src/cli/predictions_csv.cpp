#include "cli/predictions_csv.h"

#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace sinapse::cli {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::string head(const Predictions& predictions, const std::string& target) {
  std::string line = csv_cell(target + "_predictions");
  if (!predictions.scores.empty()) return line + "," + csv_cell(target + "_scores") + "\n";
  for (const std::string& name : predictions.classes) {
    line += "," + csv_cell(target + "_probabilities_" + name);
  }
  return line + "\n";
}

void add_class_rows(std::string& csv, const Predictions& predictions) {
  std::vector<std::string> cells;
  for (const std::string& name : predictions.classes) cells.push_back(csv_cell(name));
  const std::vector<float>& numbers =
      predictions.scores.empty() ? predictions.probabilities : predictions.scores;
  const size_t width = predictions.scores.empty() ? cells.size() : 1;
  const float* number = numbers.data();
  for (const int32_t label : predictions.labels) {
    csv += cells[static_cast<size_t>(label)];
    for (size_t i = 0; i < width; ++i) fmt::format_to(Out(csv), ",{}", *number++);
    csv += '\n';
  }
}

}  // namespace

std::string csv_cell(const std::string& text) {
  const bool needs_quotes = text.find_first_of("\",\r\n") != std::string::npos ||
                            text.starts_with(' ') || text.ends_with(' ');
  if (!needs_quotes) return text;
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string predictions_csv(const Predictions& predictions, const std::string& target) {
  std::string csv = head(predictions, target);
  if (!predictions.classes.empty()) {
    add_class_rows(csv, predictions);
  } else {
    for (const float value : predictions.values) fmt::format_to(Out(csv), "{}\n", value);
  }
  return csv;
}

}  // namespace sinapse::cli
