#include "cli/predictions_csv.h"

#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace sinapse::cli {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::string name_cell(const std::vector<std::string>& names, size_t row) {
  return names.empty() ? "" : csv_cell(names[row]) + ",";
}

void add_class_rows(std::string& csv, const Predictions& predictions,
                    const std::vector<std::string>& names) {
  std::vector<std::string> cells;
  for (const std::string& name : predictions.classes) cells.push_back(csv_cell(name));
  const std::vector<float>& numbers =
      predictions.scores.empty() ? predictions.probabilities : predictions.scores;
  const size_t width = predictions.scores.empty() ? cells.size() : 1;
  const float* number = numbers.data();
  for (size_t row = 0; row < predictions.labels.size(); ++row) {
    csv += name_cell(names, row) + cells[static_cast<size_t>(predictions.labels[row])];
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

std::string predictions_head(const Predictions& predictions, const std::string& target,
                             bool has_names) {
  std::string line = (has_names ? "path," : "") + csv_cell(target + "_predictions");
  if (!predictions.scores.empty()) return line + "," + csv_cell(target + "_scores") + "\n";
  for (const std::string& name : predictions.classes) {
    line += "," + csv_cell(target + "_probabilities_" + name);
  }
  return line + "\n";
}

std::string predictions_rows(const Predictions& predictions,
                             const std::vector<std::string>& names) {
  std::string csv;
  if (!predictions.classes.empty()) {
    add_class_rows(csv, predictions, names);
  } else {
    for (size_t row = 0; row < predictions.values.size(); ++row) {
      csv += name_cell(names, row);
      fmt::format_to(Out(csv), "{}\n", predictions.values[row]);
    }
  }
  return csv;
}

}  // namespace sinapse::cli
