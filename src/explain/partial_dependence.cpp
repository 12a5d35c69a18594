#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/partial_dependence.h>

#include "explain/answer_columns.h"
#include "explain/changed_rows.h"
#include "explain/column_values.h"
#include "features/match_columns.h"
#include "train/bootstrap.h"
#include "train/encode.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;
constexpr double kLowQuantile = 0.025, kHighQuantile = 0.975, kBand = 0.1;

void check(const Features& features, const std::string& column, const DependenceOptions& options) {
  if (options.points < 2 || options.points > 10'000) {
    throw Error(ErrorCode::usage,
                fmt::format("points must be between 2 and 10000, but is {}.", options.points));
  }
  if (features.is_text(column)) {
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is text: partial dependence is of numbers, "
                                              "dates and categories.",
                                              column));
  }
}

std::vector<int64_t> all_rows(int64_t count) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  return rows;
}

// Appends mean and band of each output over the rows.
void append_summary(const AnswerColumns& answers, PartialDependence& result) {
  const size_t width = answers.names.size(), rows = answers.values.size() / width;
  for (size_t output = 0; output < width; ++output) {
    std::vector<double> values;
    for (size_t r = 0; r < rows; ++r) values.push_back(answers.values[r * width + output]);
    result.mean.push_back(std::accumulate(values.begin(), values.end(), 0.0) /
                          static_cast<double>(rows));
    std::sort(values.begin(), values.end());
    result.low.push_back(quantile(values, kBand));
    result.high.push_back(quantile(values, 1 - kBand));
  }
}

}  // namespace

PartialDependence partial_dependence(const Model& model, const Table& table,
                                     const std::string& column, const DependenceOptions& options) {
  const TrainedNetwork& trained = model.trained();
  require_rows_alone(trained, "partial dependence");
  const Dataset all = encode_inputs(trained, table);
  const Features& features = *trained.features;
  const std::string name = input_column(features, column);
  check(features, name, options);
  const size_t target = target_place(trained.target, options.target);

  const MatchedColumns matched(table, features.kinds());
  const ColumnValues values =
      typical_values(matched[name], options.points, kLowQuantile, kHighQuantile);
  const Dataset of_values = encode_values(features, name, values);
  const Dataset original =
      copy_rows(all, draw_rows(all_rows(all.rows), options.max_rows, options.seed));
  if (original.rows == 0) throw Error(ErrorCode::data, "there are no rows to predict.");
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  Team team(options.threads);

  PartialDependence result{.column = name,
                           .kind = values.kind,
                           .numbers = values.numbers,
                           .texts = values.texts,
                           .outputs = {},
                           .mean = {},
                           .low = {},
                           .high = {},
                           .rows = original.rows};
  ChangedRows changed(features, original);
  for (const ColumnInputs& inputs : column_inputs(features)) {
    if (inputs.column != name) continue;
    for (size_t i = 0; i < values.size(); ++i) {
      changed.set(inputs, of_values, static_cast<int64_t>(i));
      const AnswerColumns answers =
          answer_columns(predictor.run(changed.data(), {}, team), trained.target, target);
      result.outputs = answers.names;
      append_summary(answers, result);
    }
  }
  for (std::string& text : result.texts)
    if (text.empty()) text = "missing";
  return result;
}

}  // namespace sinapse
