#include "cli/run_report.h"

#include <cmath>

#include <fmt/format.h>

#include "cli/metric_text.h"
#include "cli/output.h"
#include "data/atomic_file.h"
#include "features/target_columns.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

constexpr const char* kParts[] = {"train", "validation", "test"};

std::string plural(int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string task_text(const TrainedNetwork& trained) {
  if (trained.series) {
    return fmt::format("forecast of \"{}\", {} ahead", trained.series->columns.target,
                       plural(trained.series->horizon, "step"));
  }
  const Target& target = trained.target;
  const std::string column =
      target.column().empty() ? "" : fmt::format(" of {}", quoted_names(target.names()));
  if (!is_classification(target.task())) return fmt::format("{}{}", name_of(target.task()), column);
  return fmt::format("{} classification{}, {} classes", name_of(target.task()), column,
                     target.classes().size());
}

// Each of several targets, on the rows that were measured last.
std::string targets_text(const TrainResult& result) {
  std::string last;
  for (const char* part : kParts) {
    if (result.targets.contains(part)) last = part;
  }
  if (last.empty()) return "";
  return fmt::format("\n{} rows:\n{}", last, target_table(result.targets.at(last)));
}

// The network beside the simple ways to forecast.
std::string forecasts_text(const TrainResult& result) {
  std::vector<std::vector<std::string>> rows = {
      {"", "forecast", "MASE", "sMAPE %", "MAE", "RMSE", "windows"}};
  for (const ForecastScore& score : result.forecasts) {
    if (score.part == "train") continue;
    const bool is_first = score.method == "network";
    rows.push_back({is_first ? score.part : "", score.method,
                    std::isnan(score.mase) ? "-" : fmt::format("{:.3f}", score.mase),
                    fmt::format("{:.2f}", score.smape), fmt::format("{:.4g}", score.mae),
                    fmt::format("{:.4g}", score.rmse), with_thousands(score.forecasts)});
  }
  return format_table(rows, {Align::left, Align::left, Align::right, Align::right, Align::right,
                             Align::right, Align::right});
}

}  // namespace

nlohmann::ordered_json report_json(const TrainResult& result) {
  nlohmann::ordered_json json;
  json["task"] = name_of(result.model.trained().target.task());
  json["metrics"] = nlohmann::ordered_json::object();
  for (const char* part : kParts) {
    if (result.metrics.contains(part)) json["metrics"][part] = result.metrics.at(part);
  }
  for (const auto& [part, report] : result.class_reports) {
    json["class_reports"][part] = to_json(report);
  }
  for (const auto& [part, targets] : result.targets) {
    for (const TargetEvaluation& target : targets) {
      json["targets"][target.name][part] = to_json(target);
    }
  }
  for (const ForecastScore& score : result.forecasts) {
    json["forecasts"][score.part][score.method] = {{"mase", score.mase},
                                                   {"smape", score.smape},
                                                   {"mae", score.mae},
                                                   {"rmse", score.rmse},
                                                   {"windows", score.forecasts}};
  }
  json["epochs"] = result.epochs;
  json["best_epoch"] = result.best_epoch;
  json["seconds"] = result.seconds;
  json["precision"] = result.resolved.training.precision;
  json["parameters"] = result.parameters;
  json["weights_sha256"] = result.weights_sha256;
  json["interrupted"] = result.interrupted;
  json["out_of_time"] = result.out_of_time;
  return json;
}

std::string history_csv(const std::vector<EpochRecord>& history) {
  std::map<std::string, Metrics> all;
  for (const EpochRecord& record : history)
    all["validation"].insert(record.validation.begin(), record.validation.end());
  const auto names = metric_names(all);

  std::string csv = "epoch,loss";
  for (const std::string& name : names) csv += ",val_" + name;
  csv += ",learning_rate,seconds\n";
  for (const EpochRecord& record : history) {
    csv += fmt::format("{},{}", record.epoch, record.loss);
    for (const std::string& name : names) {
      const auto found = record.validation.find(name);
      csv += found == record.validation.end() ? "," : fmt::format(",{}", found->second);
    }
    csv += fmt::format(",{},{:.6f}\n", record.learning_rate, record.seconds);
  }
  return csv;
}

void write_run(OutputFolder& folder, const TrainResult& result, const RunDescription& run,
               const std::string& page) {
  const std::string head =
      "# Repeats the run, to the same bits:  sinapse train --config run.yaml\n";
  result.model.save(folder.stage("model.onnx"));
  write_file_atomically(folder.stage("run.yaml"), head + to_yaml(run));
  write_file_atomically(folder.stage("history.csv"), history_csv(result.history));
  write_file_atomically(folder.stage("metrics.json"), report_json(result).dump(2) + "\n");
  if (!page.empty()) write_file_atomically(folder.stage("report.html"), page);
  folder.commit();
}

std::string report_text(const TrainResult& result, const OutputFolder& folder, bool has_page) {
  return fmt::format(
      "{}: {} parameters, {} in {:.3g} s, the best was epoch {}\n\n{}\n"
      "model     {}\nrun file  {}\nhistory   {}\nmetrics   {}\n{}",
      printable(task_text(result.model.trained())), with_thousands(result.parameters),
      plural(result.epochs, "epoch"), result.seconds, result.best_epoch,
      result.forecasts.empty() ? metrics_table(result.metrics) + targets_text(result)
                               : forecasts_text(result),
      folder.path("model.onnx"), folder.path("run.yaml"), folder.path("history.csv"),
      folder.path("metrics.json"),
      has_page ? fmt::format("report    {}\n", folder.path("report.html")) : "");
}

}  // namespace sinapse::cli
