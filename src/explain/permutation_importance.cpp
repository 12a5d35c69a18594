#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/permutation_importance.h>

#include "data/philox.h"
#include "explain/changed_rows.h"
#include "explain/score.h"
#include "features/target_columns.h"
#include "train/encode.h"
#include "train/predictor.h"
#include "train/student.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;
constexpr int64_t kMaxRepeats = 10'000;

void check(const ImportanceOptions& options) {
  if (options.repeats < 2 || options.repeats > kMaxRepeats) {
    throw Error(ErrorCode::usage, fmt::format("repeats must be between 2 and {}, but is {}.",
                                              kMaxRepeats, options.repeats));
  }
  if (!(options.confidence > 0 && options.confidence < 1)) {
    throw Error(ErrorCode::usage, fmt::format("confidence must be above 0 and below 1, but is {}.",
                                              options.confidence));
  }
}

std::vector<int64_t> rows_to_ask(const Dataset& data, const Target& target,
                                 const ImportanceOptions& options) {
  std::vector<int64_t> rows = known_rows(data);
  if (!options.rows.empty()) {
    std::vector<int64_t> wanted = options.rows, both;
    std::sort(wanted.begin(), wanted.end());
    std::set_intersection(rows.begin(), rows.end(), wanted.begin(), wanted.end(),
                          std::back_inserter(both));
    rows = std::move(both);
  }
  if (rows.empty()) {
    throw Error(ErrorCode::data, fmt::format("No row has a value in the target column {}.",
                                             quoted_names(target.names())));
  }
  return draw_rows(std::move(rows), options.max_rows, options.seed);
}

/// The score without a shuffle and, for each repeat, the resample it is measured on besides.
class Baseline {
 public:
  Baseline(const Score& score, std::vector<float> outputs, int64_t rows,
           const ImportanceOptions& options)
      : score_(score), plain_(score(outputs)) {
    if (!std::isfinite(plain_)) {
      throw Error(ErrorCode::data, fmt::format("The metric {} is not defined for these {} rows; "
                                               "take another one, such as loss.",
                                               score.metric(), rows));
    }
    for (int64_t repeat = 0; repeat < options.repeats; ++repeat) {
      times_.push_back(draw(rows, options.seed, repeat));
      resampled_.push_back(score(outputs, times_.back()));
    }
  }

  double plain() const { return plain_; }
  double cost(std::span<const float> outputs) const { return worse(plain_, score_(outputs)); }
  double resampled_cost(std::span<const float> outputs, size_t repeat) const {
    return worse(resampled_[repeat], score_(outputs, times_[repeat]));
  }

 private:
  // How often each row stands in a resample (Efron 1979).
  static std::vector<double> draw(int64_t rows, uint64_t seed, int64_t repeat) {
    const RandomStream random(seed, Purpose::bootstrap, repeat);
    std::vector<double> times(rows);
    for (int64_t i = 0; i < rows; ++i) ++times[(uint64_t{random.bits(i)} * uint64_t(rows)) >> 32];
    return times;
  }
  double worse(double before, double after) const {
    return score_.larger_is_better() ? before - after : after - before;
  }

  const Score& score_;
  double plain_;
  std::vector<std::vector<double>> times_;
  std::vector<double> resampled_;
};

// A resample for which the metric is not defined does not count.
double deviation_of(const std::vector<double>& values, int64_t& count) {
  double sum = 0, squares = 0;
  count = 0;
  for (const double value : values)
    if (std::isfinite(value)) sum += value, ++count;
  const double mean = sum / static_cast<double>(count);
  for (const double value : values)
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  return count > 1 ? std::sqrt(squares / static_cast<double>(count - 1)) : 0;
}

void summarize(ColumnImportance& column, const std::vector<double>& resampled, double confidence) {
  double sum = 0;
  for (const double cost : column.repeats) sum += cost;
  column.importance = sum / static_cast<double>(column.repeats.size());
  int64_t count = 0;
  const double deviation = deviation_of(resampled, count);
  const double half = count > 1
                          ? student_quantile(0.5 + confidence / 2, double(count - 1)) * deviation
                          : std::numeric_limits<double>::infinity();
  column.interval = {column.importance - half, column.importance + half};
}

}  // namespace

PermutationImportance permutation_importance(const Model& model, const Table& table,
                                             const ImportanceOptions& options) {
  check(options);
  const TrainedNetwork& trained = model.trained();
  if (!trained.features) {
    throw Error(ErrorCode::usage,
                "permutation importance is of a table's columns, but the model takes arrays or "
                "series.");
  }
  require_rows_alone(trained, "permutation importance");
  const Dataset all = encode_labelled(trained, table);
  const Dataset original = copy_rows(all, rows_to_ask(all, trained.target, options));
  require_weight(original, known_rows(original), "to explain");
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  Team team(options.threads);

  const Score score(trained, original, options.metric);
  const Baseline baseline(score, predictor.run(original, {}, team), original.rows, options);
  PermutationImportance result{
      .metric = score.metric(), .score = baseline.plain(), .rows = original.rows, .columns = {}};
  ChangedRows shuffled(*trained.features, original);
  for (const ColumnInputs& inputs : column_inputs(*trained.features)) {
    ColumnImportance column{.column = inputs.column, .repeats = {}};
    std::vector<double> resampled;
    for (int64_t repeat = 0; repeat < options.repeats; ++repeat) {
      const RandomStream random(options.seed, purpose_of("shuffle " + inputs.column), repeat);
      shuffled.shuffle(inputs, random.permutation(original.rows));
      const std::vector<float> outputs = predictor.run(shuffled.data(), {}, team);
      column.repeats.push_back(baseline.cost(outputs));
      resampled.push_back(baseline.resampled_cost(outputs, static_cast<size_t>(repeat)));
    }
    shuffled.restore(inputs);
    summarize(column, resampled, options.confidence);
    result.columns.push_back(std::move(column));
  }
  std::stable_sort(result.columns.begin(), result.columns.end(),
                   [](const auto& a, const auto& b) { return a.importance > b.importance; });
  return result;
}

}  // namespace sinapse
