#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/permutation_importance.h>

#include "explain/changed_rows.h"
#include "explain/score.h"
#include "explain/series_importance.h"
#include "explain/shuffle_cost.h"
#include "features/target_columns.h"
#include "train/encode.h"
#include "train/predictor.h"

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

}  // namespace

PermutationImportance permutation_importance(const Model& model, const Table& table,
                                             const ImportanceOptions& options) {
  check(options);
  const TrainedNetwork& trained = model.trained();
  if (trained.series) return series_importance(trained, table, options);
  if (!trained.features) {
    throw Error(ErrorCode::usage,
                "permutation importance is of a table's columns, but the model takes arrays.");
  }
  require_rows_alone(trained, "permutation importance");
  const Dataset all = encode_labelled(trained, table);
  const Dataset original = copy_rows(all, rows_to_ask(all, trained.target, options));
  require_weight(original, known_rows(original), "to explain");
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  Team team(options.threads);

  const Score score(trained, original, options.metric);
  const ShuffleCost cost({score.metric(), score.larger_is_better(),
                          [&](auto outputs, auto times) { return score(outputs, times); }},
                         predictor.run(original, {}, team), original.rows, options);
  PermutationImportance result{
      .metric = score.metric(), .score = cost.plain(), .rows = original.rows, .columns = {}};
  ChangedRows shuffled(*trained.features, original);
  for (const ColumnInputs& inputs : column_inputs(*trained.features)) {
    result.columns.push_back(cost.of(inputs.column, [&](const std::vector<int64_t>& order) {
      shuffled.shuffle(inputs, order);
      return predictor.run(shuffled.data(), {}, team);
    }));
    shuffled.restore(inputs);
  }
  std::stable_sort(result.columns.begin(), result.columns.end(),
                   [](const auto& a, const auto& b) { return a.importance > b.importance; });
  return result;
}

}  // namespace sinapse
