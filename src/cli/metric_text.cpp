#include "cli/metric_text.h"

#include <set>

#include <fmt/format.h>

#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kParts[] = {"train", "validation", "test"};

std::string metric_text(const Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? "" : fmt::format("{:.5g}", found->second);
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

nlohmann::ordered_json to_json(const ClassReport& report) {
  nlohmann::ordered_json json;
  for (const ClassMetrics& c : report.classes) {
    json["per_class"].push_back({{"class", c.name},
                                 {"precision", c.precision},
                                 {"recall", c.recall},
                                 {"f1", c.f1},
                                 {"support", c.support}});
  }
  const size_t width = report.classes.size();
  for (size_t i = 0; i < report.confusion.size(); i += width) {
    const auto row = report.confusion.begin() + static_cast<std::ptrdiff_t>(i);
    json["confusion"].push_back(
        std::vector<int64_t>(row, row + static_cast<std::ptrdiff_t>(width)));
  }
  return json;
}

nlohmann::ordered_json to_json(const Evaluation& evaluation) {
  nlohmann::ordered_json json = {{"rows", evaluation.rows}, {"metrics", evaluation.metrics}};
  for (const auto& [name, interval] : evaluation.intervals) {
    json["intervals"][name] = {interval.low, interval.high};
  }
  if (!evaluation.report.classes.empty()) json.update(to_json(evaluation.report));
  return json;
}

}  // namespace sinapse::cli
