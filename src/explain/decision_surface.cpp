#include "explain/decision_surface.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "explain/answer_columns.h"
#include "explain/changed_rows.h"
#include "explain/column_values.h"
#include "features/match_columns.h"
#include "train/encode.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;
constexpr double kSecondsPerYear = 365.2425 * 86400;

double shown(ColumnKind kind, double number) {
  return kind == ColumnKind::date ? 1970 + number / kSecondsPerYear : number;
}

/// One of the two columns.
struct Axis {
  std::string name;
  const Column* column = nullptr;
  ColumnValues values;
  Dataset encoded;  // a row for each value
  ColumnInputs inputs;
};

Axis axis_of(const Features& features, const MatchedColumns& matched, const std::string& wanted,
             int64_t resolution) {
  Axis axis{.name = input_column(features, wanted)};
  axis.column = &matched[axis.name];
  if (!has_numbers(axis.column->kind)) {
    throw Error(
        ErrorCode::usage,
        fmt::format("\"{}\" is a {}: a surface is drawn over two columns of numbers or dates.",
                    axis.name, name_of(axis.column->kind)));
  }
  axis.values = spaced_values(*axis.column, resolution);
  axis.encoded = encode_values(features, axis.name, axis.values);
  for (const ColumnInputs& inputs : column_inputs(features))
    if (inputs.column == axis.name) axis.inputs = inputs;
  return axis;
}

std::vector<double> shown_values(const Axis& axis) {
  std::vector<double> values;
  for (const double number : axis.values.numbers)
    values.push_back(shown(axis.column->kind, number));
  return values;
}

std::vector<double> shown_cells(const Axis& axis) {
  const ColumnCells cells(*axis.column);
  std::vector<double> values;
  for (int64_t row = 0; row < cells.num_rows(); ++row)
    values.push_back(shown(axis.column->kind, cells.number(row)));
  return values;
}

// Labels of the rows, if the table has the target.
std::vector<int32_t> labels_in(const Table& table, const Target& target, size_t place) {
  for (const std::string& name : target.names())
    if (std::none_of(table.columns().begin(), table.columns().end(),
                     [&](const Column& column) { return column.name == name; }))
      return std::vector<int32_t>(static_cast<size_t>(table.num_rows()), -1);
  const std::vector<float> encoded = target.encode(table);
  std::vector<int32_t> labels;
  for (size_t i = place; i < encoded.size(); i += static_cast<size_t>(target.width()))
    labels.push_back(std::isnan(encoded[i]) ? -1 : static_cast<int32_t>(encoded[i]));
  return labels;
}

}  // namespace

DecisionSurface decision_surface(const Model& model, const Table& table, const std::string& x,
                                 const std::string& y, const SurfaceOptions& options) {
  const TrainedNetwork& trained = model.trained();
  if (!trained.features)
    throw Error(ErrorCode::usage, "a surface is over two columns, but the model takes arrays.");
  require_rows_alone(trained, "a surface");
  const Features& features = *trained.features;
  const MatchedColumns matched(table, features.kinds());
  const Axis across = axis_of(features, matched, x, options.resolution);
  const Axis up = axis_of(features, matched, y, options.resolution);
  if (across.name == up.name)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" cannot be both axes of a surface.", x));
  const size_t place = target_place(trained.target, options.target);

  const auto columns = static_cast<int64_t>(across.values.size());
  const auto rows = static_cast<int64_t>(up.values.size());
  if (columns == 0 || rows == 0)
    throw Error(ErrorCode::data, fmt::format("\"{}\" and \"{}\" have no cells.", x, y));
  const Dataset typical = encode_typical_row(features, table);
  const std::vector<int64_t> same(static_cast<size_t>(columns * rows), 0);
  const Dataset plane = copy_rows(typical, same);
  std::vector<int64_t> x_of, y_of;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      x_of.push_back(column);
      y_of.push_back(row);
    }
  ChangedRows changed(features, plane);
  changed.take(across.inputs, across.encoded, x_of);
  changed.take(up.inputs, up.encoded, y_of);
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  Team team(options.threads);
  AnswerColumns answers =
      answer_columns(predictor.run(changed.data(), {}, team), trained.target, place);

  DecisionSurface surface{.x_column = across.name,
                          .y_column = up.name,
                          .x = shown_values(across),
                          .y = shown_values(up),
                          .outputs = std::move(answers.names),
                          .classes = trained.target.columns()[place].classes,
                          .values = std::move(answers.values),
                          .row_x = shown_cells(across),
                          .row_y = shown_cells(up),
                          .labels = {}};
  if (!surface.classes.empty()) surface.labels = labels_in(table, trained.target, place);
  return surface;
}

}  // namespace sinapse
