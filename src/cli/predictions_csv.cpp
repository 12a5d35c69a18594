#include "cli/predictions_csv.h"

#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace sinapse::cli {

namespace {

using Out = std::back_insert_iterator<std::string>;

/// The columns of one target.
class TargetCells {
 public:
  explicit TargetCells(const Predictions& predictions) : predictions_(predictions) {
    for (const std::string& name : predictions.classes) classes_.push_back(csv_cell(name));
  }

  std::string head() const {
    const std::string target = predictions_.target.empty() ? "label" : predictions_.target;
    std::string line = csv_cell(target + "_predictions");
    if (!predictions_.scores.empty()) return line + "," + csv_cell(target + "_scores");
    for (const std::string& name : predictions_.classes) {
      line += "," + csv_cell(target + "_probabilities_" + name);
    }
    return line;
  }

  void add(std::string& csv, size_t row) const {
    if (classes_.empty()) {
      fmt::format_to(Out(csv), "{}", predictions_.values[row]);
      return;
    }
    csv += classes_[static_cast<size_t>(predictions_.labels[row])];
    if (!predictions_.scores.empty()) {
      fmt::format_to(Out(csv), ",{}", predictions_.scores[row]);
      return;
    }
    const float* probabilities = predictions_.probabilities.data() + row * classes_.size();
    for (size_t c = 0; c < classes_.size(); ++c) fmt::format_to(Out(csv), ",{}", probabilities[c]);
  }

 private:
  const Predictions& predictions_;
  std::vector<std::string> classes_;
};

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

std::string predictions_head(std::span<const Predictions> targets, bool has_names) {
  std::string line = has_names ? "path" : "";
  for (const Predictions& target : targets) {
    line += (line.empty() ? "" : ",") + TargetCells(target).head();
  }
  return line + "\n";
}

std::string predictions_rows(std::span<const Predictions> targets,
                             const std::vector<std::string>& names) {
  const std::vector<TargetCells> cells(targets.begin(), targets.end());
  std::string csv;
  const auto num_rows = targets.empty() ? 0 : static_cast<size_t>(targets.front().num_rows());
  for (size_t row = 0; row < num_rows; ++row) {
    if (!names.empty()) csv += csv_cell(names[row]) + ",";
    for (size_t t = 0; t < cells.size(); ++t) {
      if (t > 0) csv += ',';
      cells[t].add(csv, row);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace sinapse::cli
