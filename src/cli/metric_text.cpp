#include "cli/metric_text.h"

#include <cmath>
#include <set>

#include <fmt/format.h>

#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kParts[] = {"train", "validation", "test"};

constexpr size_t kMaxShownClasses = 12;  // in the confusion matrix of a text

std::vector<Align> left_then_right(size_t columns) {
  std::vector<Align> alignment(columns, Align::right);
  alignment[0] = Align::left;
  return alignment;
}

std::string metric_text(const Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? "" : fmt::format("{:.5g}", found->second);
}

// How many rows, or the sum of their weights.
nlohmann::ordered_json count_json(double count) {
  if (count == std::floor(count) && std::abs(count) < 1e15) return static_cast<int64_t>(count);
  return count;
}

std::string count_text(double count) {
  if (count == std::floor(count) && std::abs(count) < 1e15) {
    return with_thousands(static_cast<int64_t>(count));
  }
  return fmt::format("{:.5g}", count);
}

}  // namespace

std::vector<std::string> metric_names(const std::map<std::string, Metrics>& metrics) {
  std::set<std::string> names;
  for (const auto& [part, values] : metrics) {
    for (const auto& [name, value] : values) names.insert(name);
  }
  std::vector<std::string> ordered;
  if (names.erase("loss") > 0) ordered.push_back("loss");
  ordered.insert(ordered.end(), names.begin(), names.end());
  return ordered;
}

bool is_essential(const std::string& name) {
  for (const MetricDefinition* definition : metrics()) {
    if (definition->name == name) return definition->essential;
  }
  return true;
}

std::string metrics_table(const std::map<std::string, Metrics>& metrics) {
  std::vector<std::vector<std::string>> rows = {{""}};
  for (const char* part : kParts) {
    if (metrics.contains(part)) rows[0].emplace_back(part);
  }
  for (const std::string& name : metric_names(metrics)) {
    if (!is_essential(name)) continue;
    std::vector<std::string> row = {name};
    for (size_t i = 1; i < rows[0].size(); ++i)
      row.push_back(metric_text(metrics.at(rows[0][i]), name));
    rows.push_back(std::move(row));
  }
  return format_table(rows, {Align::left, Align::right, Align::right, Align::right});
}

std::string evaluation_table(const Evaluation& evaluation) {
  if (evaluation.intervals.empty()) return metrics_table({{"test", evaluation.metrics}});
  std::vector<std::vector<std::string>> rows = {{"", "test", "from", "to"}};
  for (const std::string& name : metric_names({{"test", evaluation.metrics}})) {
    if (!is_essential(name)) continue;
    rows.push_back({name, metric_text(evaluation.metrics, name)});
    const auto found = evaluation.intervals.find(name);
    if (found == evaluation.intervals.end()) continue;
    rows.back().push_back(fmt::format("{:.5g}", found->second.low));
    rows.back().push_back(fmt::format("{:.5g}", found->second.high));
  }
  return format_table(rows, {Align::left, Align::right, Align::right, Align::right});
}

std::string class_tables(const ClassReport& report) {
  std::vector<std::vector<std::string>> scores = {
      {"class", "precision", "recall", "f1", "support"}};
  for (const ClassMetrics& c : report.classes) {
    scores.push_back({c.name, fmt::format("{:.4f}", c.precision), fmt::format("{:.4f}", c.recall),
                      fmt::format("{:.4f}", c.f1), count_text(c.support)});
  }
  std::string text = format_table(scores, left_then_right(scores[0].size()));
  const size_t width = report.classes.size();
  if (report.confusion.empty() || width > kMaxShownClasses) {
    return text + "\n--json has the confusion matrix.\n";
  }
  std::vector<std::vector<std::string>> confusion = {{"true \\ predicted"}};
  for (const ClassMetrics& c : report.classes) confusion[0].push_back(c.name);
  for (size_t row = 0; row < width; ++row) {
    confusion.push_back({report.classes[row].name});
    for (size_t c = 0; c < width; ++c) {
      confusion.back().push_back(count_text(report.confusion[row * width + c]));
    }
  }
  return text + "\n" + format_table(confusion, left_then_right(width + 1));
}

std::string target_table(const std::vector<TargetEvaluation>& targets) {
  std::map<std::string, Metrics> all;
  for (const TargetEvaluation& target : targets) all[target.name] = target.metrics;
  std::vector<std::vector<std::string>> rows = {{"target"}};
  for (const std::string& name : metric_names(all)) {
    if (is_essential(name)) rows[0].push_back(name);
  }
  for (const TargetEvaluation& target : targets) {
    rows.push_back({target.name});
    for (size_t i = 1; i < rows[0].size(); ++i) {
      rows.back().push_back(metric_text(target.metrics, rows[0][i]));
    }
  }
  return format_table(rows, left_then_right(rows[0].size()));
}

std::string evaluation_text(const Evaluation& evaluation) {
  std::string text = evaluation_table(evaluation);
  if (!evaluation.targets.empty()) text += "\n" + target_table(evaluation.targets);
  if (!evaluation.report.classes.empty()) text += "\n" + class_tables(evaluation.report);
  return text;
}

nlohmann::ordered_json to_json(const ClassReport& report) {
  nlohmann::ordered_json json;
  for (const ClassMetrics& c : report.classes) {
    json["per_class"].push_back({{"class", c.name},
                                 {"precision", c.precision},
                                 {"recall", c.recall},
                                 {"f1", c.f1},
                                 {"support", count_json(c.support)}});
  }
  const size_t width = report.classes.size();
  for (size_t i = 0; i < report.confusion.size(); ++i) {
    if (i % width == 0) json["confusion"].push_back(nlohmann::ordered_json::array());
    json["confusion"].back().push_back(count_json(report.confusion[i]));
  }
  return json;
}

namespace {

template <class AnyEvaluation>
nlohmann::ordered_json evaluation_json(const AnyEvaluation& evaluation) {
  nlohmann::ordered_json json = {{"rows", evaluation.rows}, {"metrics", evaluation.metrics}};
  for (const auto& [name, interval] : evaluation.intervals) {
    json["intervals"][name] = {interval.low, interval.high};
  }
  if (!evaluation.report.classes.empty()) json.update(to_json(evaluation.report));
  return json;
}

}  // namespace

nlohmann::ordered_json to_json(const TargetEvaluation& evaluation) {
  return evaluation_json(evaluation);
}

nlohmann::ordered_json to_json(const Evaluation& evaluation) {
  nlohmann::ordered_json json = evaluation_json(evaluation);
  for (const TargetEvaluation& target : evaluation.targets) {
    json["targets"][target.name] = to_json(target);
  }
  return json;
}

}  // namespace sinapse::cli
