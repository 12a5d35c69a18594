#include "report/evaluation_page.h"

#include <cmath>
#include <filesystem>

#include <sinapse/error.h>

#include "report/report.h"
#include "train/encode.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr const char* kPart = "test";
constexpr int64_t kBatchRows = 512;

Dataset encode(const TrainedNetwork& trained, const EvaluatedData& data) {
  if (data.table != nullptr) return encode_labelled(trained, *data.table);
  const ArrayDataset& samples = data.samples->train;
  Dataset encoded = encode_inputs(*trained.pixels, samples);
  encoded.target.assign(samples.labels.begin(), samples.labels.end());
  return encoded;
}

KeptAnswers answers_to(const TrainedNetwork& trained, const Dataset& data, Team& team) {
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  const Loss loss = choose_loss(trained.loss, trained.target.task());
  const Measurement measured(predictor, data, known_rows(data), trained.target, loss, team,
                             /*in_memory=*/false, most_shown(predictor.num_outputs()));
  KeptAnswers kept;
  kept.on_measured({kPart, measured.shown(), trained.target, measured.shown_rows()});
  return kept;
}

// A run of no epochs.
TrainResult result_of(const Model& model) {
  TrainResult result{.model = model};
  for (const LayerSummary& layer : model.layers()) result.parameters += layer.num_parameters;
  result.weights_sha256 = weights_sha256(model.trained());
  return result;
}

// Whose only part these data are.
TrainResult result_of(const Model& model, const Evaluation& evaluation) {
  TrainResult result = result_of(model);
  result.metrics[kPart] = evaluation.metrics;
  if (is_classification(model.trained().target.task()))
    result.class_reports[kPart] = evaluation.report;
  if (!evaluation.targets.empty()) result.targets[kPart] = evaluation.targets;
  return result;
}

TrainResult result_of(const Model& model, const ForecastEvaluation& evaluation) {
  TrainResult result = result_of(model);
  result.forecasts = evaluation.scores;
  for (ForecastScore& score : result.forecasts) score.part = kPart;
  const ForecastScore& network = evaluation.scores.front();
  result.metrics[kPart] = {{"mae", network.mae}, {"rmse", network.rmse}, {"smape", network.smape}};
  if (std::isfinite(network.mase)) result.metrics[kPart]["mase"] = network.mase;
  return result;
}

std::string name_of(const EvaluatedData& data) {
  return std::filesystem::path(data.name).lexically_normal().filename().string();
}

}  // namespace

std::string evaluation_page(const Model& model, const Evaluation& evaluation,
                            const EvaluatedData& data, const std::string& command, int threads) {
  const TrainedNetwork& trained = model.trained();
  require_rows_alone(trained, "evaluate: --report");
  Team team(threads);
  const TrainResult result = result_of(model, evaluation);
  const KeptAnswers answers = answers_to(trained, encode(trained, data), team);
  return report_page({.result = result,
                      .answers = answers,
                      .name = name_of(data),
                      .command = command,
                      .run_file = "",
                      .remarks = {},
                      .threads = team.num_threads(),
                      .table = data.table,
                      .images = data.samples},
                     team);
}

std::string evaluation_page(const Model& model, const ForecastEvaluation& evaluation,
                            const EvaluatedData& data, const std::string& command, int threads) {
  Team team(threads);
  const TrainResult result = result_of(model, evaluation);
  const KeptAnswers none;
  return report_page({.result = result,
                      .answers = none,
                      .name = name_of(data),
                      .command = command,
                      .run_file = "",
                      .remarks = evaluation.remarks,
                      .threads = team.num_threads(),
                      .table = data.table,
                      .evaluation = &evaluation},
                     team);
}

}  // namespace sinapse
