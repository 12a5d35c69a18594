#include <cmath>

#include <fmt/format.h>

#include <sinapse/cross_validation.h>
#include <sinapse/error.h>

#include "train/race.h"
#include "train/student.h"
#include "train/table_folds.h"
#include "train/train_split.h"

namespace sinapse {

namespace {

void require_no_test_split(const RunOptions& options) {
  if (options.data.test_split == 0) return;
  throw Error(ErrorCode::usage,
              "data.test_split must be 0: each fold is the test part of a training.");
}

[[noreturn]] void fail_stopped() {
  throw Error(ErrorCode::interrupted, "cross-validation was stopped.");
}

FoldResult train_fold(const Table& table, const RunOptions& options, const KnownRows& known,
                      const Folds& folds, size_t fold, const TrainCallbacks& callbacks) {
  Split split = split_rows(table, known, rows_outside(folds, fold), options);
  split.test = folds[fold];
  FoldResult result{.training_rows = static_cast<int64_t>(split.train.size()),
                    .validation_rows = static_cast<int64_t>(split.validation.size()),
                    .test_rows = static_cast<int64_t>(split.test.size())};
  const std::optional<RunOptions> chosen = raced(table, options, known, split, callbacks);
  if (!chosen) fail_stopped();
  const TrainResult trained = train_on_split(table, *chosen, known, std::move(split), callbacks);
  if (trained.interrupted) fail_stopped();
  result.epochs = trained.epochs;
  result.best_epoch = trained.best_epoch;
  result.seconds = trained.seconds;
  result.metrics = trained.metrics.at("test");
  if (trained.targets.contains("test")) {
    for (const TargetEvaluation& target : trained.targets.at("test")) {
      result.targets[target.name] = target.metrics;
    }
  }
  return result;
}

MetricSummary summary_of(const std::vector<double>& values, double test_share, double confidence) {
  const auto n = static_cast<double>(values.size());
  MetricSummary summary{.count = static_cast<int64_t>(values.size())};
  for (const double value : values) summary.mean += value / n;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.deviation = std::sqrt(squares / (n - 1));
  const double half = student_quantile(0.5 + confidence / 2, n - 1) *
                      std::sqrt(1 / n + test_share) * summary.deviation;
  summary.interval = {summary.mean - half, summary.mean + half};
  return summary;
}

}  // namespace

MetricSummaries summarize(const std::vector<FoldResult>& folds, double confidence,
                          const std::string& target) {
  if (!(confidence > 0 && confidence < 1)) {
    throw Error(ErrorCode::usage,
                fmt::format("confidence must be above 0 and below 1, but is {}.", confidence));
  }
  std::map<std::string, std::vector<double>> values;
  double test = 0, training = 0;
  for (const FoldResult& fold : folds) {
    test += static_cast<double>(fold.test_rows);
    training += static_cast<double>(fold.training_rows + fold.validation_rows);
    const Metrics& metrics = target.empty() ? fold.metrics : fold.targets.at(target);
    for (const auto& [name, value] : metrics) values[name].push_back(value);
  }
  MetricSummaries summaries;
  for (const auto& [name, list] : values) {
    summaries[name] = summary_of(list, test / training, confidence);
  }
  return summaries;
}

CrossValidation cross_validate(const Table& table, const RunOptions& options,
                               const CrossValidationOptions& cross_validation,
                               const std::function<void(const FoldResult&)>& on_fold,
                               const TrainCallbacks& callbacks) {
  require_rows_alone(options, "cross-validation");
  if (cross_validation.repeats < 1) {
    throw Error(ErrorCode::usage,
                fmt::format("repeats must be at least 1, but is {}.", cross_validation.repeats));
  }
  require_no_test_split(options);
  const KnownRows known = known_rows(table, options);
  RunOptions repeated = options;
  CrossValidation result;
  for (int64_t repeat = 1; repeat <= cross_validation.repeats; ++repeat) {
    const Folds folds = folds_of(table, known, known.rows, repeated, cross_validation.folds);
    for (size_t fold = 0; fold < folds.size(); ++fold) {
      FoldResult one = train_fold(table, repeated, known, folds, fold, callbacks);
      one.repeat = repeat;
      one.fold = static_cast<int64_t>(fold) + 1;
      if (on_fold) on_fold(one);
      result.folds.push_back(std::move(one));
    }
    ++repeated.training.seed;
  }
  result.metrics = summarize(result.folds, cross_validation.confidence);
  for (const auto& [target, metrics] : result.folds.front().targets) {
    result.targets[target] = summarize(result.folds, cross_validation.confidence, target);
  }
  return result;
}

}  // namespace sinapse
