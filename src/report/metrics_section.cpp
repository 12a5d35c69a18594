// Metrics of every part, with intervals; class by class; target by target.
#include <set>

#include <fmt/format.h>

#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr const char* kParts[] = {"train", "validation", "test"};
constexpr size_t kMostClasses = 100;  // in a table

// They need more than outputs and answers, so they are not in the table of metrics.
constexpr std::pair<const char*, const char*> kMetricsOfForecasts[] = {
    {"mase", "Mean absolute error, as a share of the seasonal naive forecast's in training."},
    {"smape", "Mean of 200 |y − f| / (|y| + |f|), in per cent."}};

std::vector<std::string> parts_of(const Report& report) {
  std::vector<std::string> parts;
  for (const char* part : kParts) {
    if (report.result.metrics.contains(part)) parts.emplace_back(part);
  }
  return parts;
}

// "loss", then those of the table in its order.
std::vector<std::string> names_in(const Report& report, bool essential) {
  std::set<std::string> known;
  for (const auto& [part, metrics] : report.result.metrics) {
    for (const auto& [name, value] : metrics) known.insert(name);
  }
  std::vector<std::string> names;
  if (essential && known.contains("loss")) names.emplace_back("loss");
  for (const MetricDefinition* metric : metrics()) {
    const std::string name(metric->name);
    if (metric->essential == essential && known.contains(name)) names.push_back(name);
  }
  for (const auto& [name, doc] : kMetricsOfForecasts) {
    if (essential && known.contains(name)) names.emplace_back(name);
  }
  return names;
}

std::string doc_of(const std::string& name) {
  if (name == "loss") return "What training makes small.";
  for (const auto& [of_forecasts, doc] : kMetricsOfForecasts) {
    if (name == of_forecasts) return doc;
  }
  return std::string(metric_named(name).doc);
}

std::string name_cell(const std::string& name, const Report& report) {
  if (name == "loss") {
    return fmt::format("loss <span class=\"range\">{}</span>",
                       html_text(report.result.model.trained().loss));
  }
  return html_text(name);
}

std::string value_cell(const Report& report, const PartIntervals& intervals,
                       const std::string& part, const std::string& name) {
  const Metrics& metrics = report.result.metrics.at(part);
  const auto found = metrics.find(name);
  if (found == metrics.end()) return "";
  std::string html =
      fmt::format("<span data-metric=\"{}.{}\">{}</span>", part, name, number_text(found->second));
  const auto of_part = intervals.find(part);
  if (of_part == intervals.end() || !of_part->second.contains(name)) return html;
  const Interval& interval = of_part->second.at(name);
  return html + fmt::format("<br><span class=\"range\">{} to {}</span>", number_text(interval.low),
                            number_text(interval.high));
}

std::string table_of(const Report& report, const PartIntervals& intervals, bool essential) {
  const auto parts = parts_of(report);
  HtmlTable table{.head = {"metric"}};
  for (const std::string& part : parts) {
    table.numbers.insert(table.head.size());
    table.head.push_back(part);
  }
  table.head.emplace_back("what it is");
  for (const std::string& name : names_in(report, essential)) {
    std::vector<std::string> row{name_cell(name, report)};
    for (const std::string& part : parts) row.push_back(value_cell(report, intervals, part, name));
    row.push_back(element("span", html_text(doc_of(name)), "class=\"note\""));
    table.rows.push_back(std::move(row));
  }
  return table.rows.empty() ? "" : to_html(table);
}

std::string classes_table(const std::string& part, const ClassReport& report) {
  HtmlTable table{.caption = fmt::format("Class by class, {} rows", part),
                  .head = {"class", "precision", "recall", "f1", "rows"},
                  .numbers = {1, 2, 3, 4}};
  for (const ClassMetrics& one : report.classes) {
    if (table.rows.size() == kMostClasses) break;
    table.rows.push_back({html_text(one.name), number_text(one.precision), number_text(one.recall),
                          number_text(one.f1), number_text(one.support)});
  }
  std::string html = to_html(table);
  if (report.classes.size() > kMostClasses) {
    html += note(fmt::format("The first {} of {} classes; all are in metrics.json.", kMostClasses,
                             report.classes.size()));
  }
  return html;
}

std::string targets_table(const std::string& part, const std::vector<TargetEvaluation>& targets) {
  HtmlTable table{.caption = fmt::format("Target by target, {} rows", part), .head = {"target"}};
  std::vector<std::string> names;
  for (const MetricDefinition* metric : metrics()) {
    const std::string name(metric->name);
    if (metric->essential && !targets.empty() && targets.front().metrics.contains(name)) {
      table.numbers.insert(table.head.size());
      table.head.push_back(name);
      names.push_back(name);
    }
  }
  for (const TargetEvaluation& target : targets) {
    std::vector<std::string> row{html_text(target.name)};
    for (const std::string& name : names) {
      const auto found = target.metrics.find(name);
      row.push_back(found == target.metrics.end() ? "" : number_text(found->second));
    }
    table.rows.push_back(std::move(row));
  }
  return to_html(table);
}

}  // namespace

std::string metrics_section(const Report& report, const PartIntervals& intervals) {
  std::string html = table_of(report, intervals, true);
  if (!intervals.empty()) {
    html += note("Under each value its 95 % interval, by resampling the rows (Efron 1979).");
  }
  if (has_final_fit(report)) {
    const bool has_test = report.result.metrics.contains("test");
    html +=
        note(std::string("Training and validation rows were measured before the network learned "
                         "once more from both") +
             (has_test ? "; test rows were measured after it." : "."));
  }
  const std::string judge = judge_of(report);
  const auto& classes = report.result.class_reports;
  if (classes.contains(judge)) html += classes_table(judge, classes.at(judge));
  const auto& targets = report.result.targets;
  if (targets.contains(judge)) html += targets_table(judge, targets.at(judge));
  const std::string others = table_of(report, {}, false);
  if (!others.empty()) html += details("All other metrics", others);
  return section("metrics", "Metrics", html);
}

}  // namespace sinapse
