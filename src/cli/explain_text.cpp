#include "cli/explain_text.h"

#include <fmt/format.h>

#include "cli/output.h"

namespace sinapse::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

std::vector<double> row_of(const std::vector<double>& values, size_t row, size_t width) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
  return {first, first + static_cast<std::ptrdiff_t>(width)};
}

}  // namespace

std::string text_of(const PermutationImportance& importance) {
  std::vector<std::vector<std::string>> rows{{"column", "importance", "low", "high"}};
  for (const ColumnImportance& column : importance.columns) {
    rows.push_back({column.column, number(column.importance), number(column.interval.low),
                    number(column.interval.high)});
  }
  return format_table(rows, {Align::left, Align::right, Align::right, Align::right});
}

std::string text_of(const PartialDependence& dependence) {
  const size_t width = dependence.outputs.size();
  std::vector<std::vector<std::string>> rows{{dependence.column}};
  if (width == 1) {
    rows[0].insert(rows[0].end(), {dependence.outputs[0], "10 %", "90 %"});
  } else {
    rows[0].insert(rows[0].end(), dependence.outputs.begin(), dependence.outputs.end());
  }
  for (size_t i = 0; i < dependence.texts.size(); ++i) {
    std::vector<std::string>& row = rows.emplace_back(std::vector{dependence.texts[i]});
    for (const double mean : row_of(dependence.mean, i, width)) row.push_back(number(mean));
    if (width > 1) continue;
    row.push_back(number(dependence.low[i]));
    row.push_back(number(dependence.high[i]));
  }
  const Align first = dependence.numbers.empty() ? Align::left : Align::right;
  std::vector<Align> alignment(rows[0].size(), Align::right);
  alignment[0] = first;
  return format_table(rows, alignment);
}

std::string text_of(const RowExplanation& explanation, const std::string& location) {
  std::string text =
      fmt::format("row {} ({}): {}\n", explanation.row + 1, printable(location),
                  explanation.unit == explanation.output
                      ? explanation.output
                      : fmt::format("{} ({})", explanation.output, explanation.unit));
  std::vector<std::vector<std::string>> rows{{"column", "value", "adds"},
                                             {"", "baseline", number(explanation.baseline)}};
  for (const Contribution& one : explanation.contributions)
    rows.push_back({one.column, one.value, fmt::format("{:+.4g}", one.amount)});
  rows.push_back({"", "prediction", number(explanation.value)});
  return text + format_table(rows, {Align::left, Align::left, Align::right});
}

Json to_json(const PermutationImportance& importance) {
  Json columns = Json::array();
  for (const ColumnImportance& column : importance.columns) {
    columns.push_back({{"column", column.column},
                       {"importance", column.importance},
                       {"low", column.interval.low},
                       {"high", column.interval.high},
                       {"repeats", column.repeats}});
  }
  return {{"metric", importance.metric},
          {"score", importance.score},
          {"rows", importance.rows},
          {"columns", columns}};
}

Json to_json(const PartialDependence& dependence) {
  const size_t width = dependence.outputs.size();
  Json points = Json::array();
  for (size_t i = 0; i < dependence.texts.size(); ++i) {
    Json value = dependence.texts[i];
    if (dependence.kind == ColumnKind::number) value = dependence.numbers[i];
    points.push_back({{"value", value},
                      {"mean", row_of(dependence.mean, i, width)},
                      {"low", row_of(dependence.low, i, width)},
                      {"high", row_of(dependence.high, i, width)}});
  }
  return {{"column", dependence.column},
          {"outputs", dependence.outputs},
          {"rows", dependence.rows},
          {"points", points}};
}

Json to_json(const RowExplanation& explanation, const std::string& location) {
  Json contributions = Json::array();
  for (const Contribution& one : explanation.contributions)
    contributions.push_back({{"column", one.column}, {"value", one.value}, {"adds", one.amount}});
  return {{"row", explanation.row + 1},       {"location", location},
          {"output", explanation.output},     {"unit", explanation.unit},
          {"baseline", explanation.baseline}, {"prediction", explanation.value},
          {"gap", explanation.gap},           {"contributions", contributions}};
}

}  // namespace sinapse::cli
