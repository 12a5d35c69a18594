#include "cli/evaluate_series.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/forecast.h>

#include "cli/command_line.h"
#include "cli/output.h"
#include "data/atomic_file.h"
#include "report/evaluation_page.h"

namespace sinapse::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string ratio_text(double mase) {
  return std::isnan(mase) ? "-" : fmt::format("{:.3f}", mase);
}

std::string whole_table(const ForecastEvaluation& evaluation) {
  Rows rows = {{"forecast", "MASE", "sMAPE %", "MAE", "RMSE"}};
  for (const ForecastScore& score : evaluation.scores) {
    rows.push_back({score.method, ratio_text(score.mase), fmt::format("{:.2f}", score.smape),
                    fmt::format("{:.4g}", score.mae), fmt::format("{:.4g}", score.rmse)});
  }
  return format_table(rows, {Align::left, Align::right, Align::right, Align::right, Align::right});
}

// The network's errors, and MASE of all.
std::string step_table(const ForecastEvaluation& evaluation) {
  Rows rows = {{"step", "MAE", "sMAPE %"}};
  std::vector<Align> aligned{Align::right, Align::right, Align::right};
  for (const ForecastScore& score : evaluation.scores) {
    rows[0].push_back("MASE " + score.method);
    aligned.push_back(Align::right);
  }
  for (size_t h = 0; h < evaluation.by_step.size(); ++h) {
    const std::vector<ForecastScore>& scores = evaluation.by_step[h];
    rows.push_back({std::to_string(h + 1), fmt::format("{:.4g}", scores[0].mae),
                    fmt::format("{:.2f}", scores[0].smape)});
    for (const ForecastScore& score : scores) rows.back().push_back(ratio_text(score.mase));
  }
  return format_table(rows, aligned);
}

nlohmann::ordered_json json_number(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

nlohmann::ordered_json to_json(const std::vector<ForecastScore>& scores) {
  nlohmann::ordered_json json;
  for (const ForecastScore& score : scores) {
    json[score.method] = {{"mase", json_number(score.mase)},
                          {"smape", json_number(score.smape)},
                          {"mae", json_number(score.mae)},
                          {"rmse", json_number(score.rmse)}};
  }
  return json;
}

}  // namespace

void print_forecast_evaluation(const Model& model, const std::string& data, int threads, bool json,
                               const std::string& report) {
  const Table table = model.read(data);
  const ForecastEvaluation evaluation = evaluate_forecasts(model, table, threads);
  if (!report.empty()) {
    write_file_atomically(
        report, evaluation_page(model, evaluation, {.name = data, .table = &table}, command_line(),
                                threads));
  }
  for (const std::string& remark : evaluation.remarks) print_note(remark);
  const int64_t windows = evaluation.scores.front().forecasts;
  if (!json) {
    print(fmt::format("{}: {} forecasts of {} steps\n\n{}\n{}", printable(data),
                      with_thousands(windows), evaluation.by_step.size(), whole_table(evaluation),
                      step_table(evaluation)));
    if (!report.empty()) print(fmt::format("\nreport    {}\n", report));
    return;
  }
  nlohmann::ordered_json result = {
      {"data", data}, {"windows", windows}, {"forecasts", to_json(evaluation.scores)}};
  for (const auto& scores : evaluation.by_step) result["steps"].push_back(to_json(scores));
  if (!report.empty()) result["files"]["report"] = report;
  print(result.dump(2) + "\n");
}

}  // namespace sinapse::cli
