#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/attribution.h>
#include <sinapse/error.h>

#include "data/nearest.h"
#include "explain/changed_rows.h"
#include "explain/column_values.h"
#include "explain/integrated_gradients.h"
#include "explain/question.h"
#include "features/match_columns.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 64;

std::vector<double> baseline_of(const std::string& name, const InputGradient& network,
                                const Dataset& data, const AttributionOptions& options) {
  std::vector<double> baseline(static_cast<size_t>(network.width()));
  if (name == "zero") return baseline;
  if (name != "mean") {
    throw Error(ErrorCode::usage, fmt::format("There is no baseline \"{}\".{}", name,
                                              did_you_mean(name, {"mean", "zero"})));
  }
  std::vector<int64_t> rows(static_cast<size_t>(data.rows));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  const Dataset drawn = copy_rows(data, draw_rows(rows, options.max_rows, options.seed));
  const std::vector<double> points = network.points(drawn);
  for (size_t i = 0; i < points.size(); ++i) baseline[i % baseline.size()] += points[i];
  for (double& x : baseline) x /= static_cast<double>(drawn.rows);
  return baseline;
}

/// From attributions of inputs to those of columns.
class ColumnSums {
 public:
  ColumnSums(const Features& features, const InputGradient& network)
      : features_(features), columns_(column_inputs(features)), network_(network) {
    owner_.assign(static_cast<size_t>(features.width()), 0);
    for (size_t c = 0; c < columns_.size(); ++c)
      for (const int64_t input : columns_[c].dense) owner_[input] = c;
  }

  const std::vector<ColumnInputs>& columns() const { return columns_; }

  std::vector<double> of(const std::vector<double>& attributions) const {
    std::vector<double> sums(columns_.size());
    for (const auto& part : network_.parts()) {
      const double* values = attributions.data() + part.first;
      if (features_.width() > 0 && part.input == 0)
        add_dense(values, sums);
      else
        sums[embedded_in(part.input)] += std::accumulate(values, values + part.width, 0.0);
    }
    return sums;
  }

 private:
  void add_dense(const double* values, std::vector<double>& sums) const {
    const int64_t first_product = features_.first_product();
    for (int64_t i = 0; i < first_product; ++i) sums[owner_[i]] += values[i];
    for (size_t p = 0; p < features_.products().size(); ++p) {
      const auto& [left, right] = features_.products()[p];
      const double half = values[first_product + static_cast<int64_t>(p)] / 2;
      sums[owner_[left]] += half;
      sums[owner_[right]] += half;
    }
  }

  size_t embedded_in(size_t input) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const ColumnInputs& c) {
      return c.own >= 0 && input_of(features_, c) == input;
    });
    return static_cast<size_t>(found - columns_.begin());
  }

  const Features& features_;
  std::vector<ColumnInputs> columns_;
  const InputGradient& network_;
  std::vector<size_t> owner_;
};

// Between two texts there is no third halfway.
void require_no_tokens(const Features& features) {
  if (features.tokens().empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("column \"{}\" is read token by token, and rows of such texts are not "
                          "explained one by one. Permutation importance tells what each column "
                          "counts for.",
                          features.tokens().front().column));
}

void require_rows(const Table& table, const std::vector<int64_t>& rows) {
  for (const int64_t row : rows) {
    if (row >= 0 && row < table.num_rows()) continue;
    throw Error(ErrorCode::usage, fmt::format("There is no row {}: the table has {} rows.", row + 1,
                                              table.num_rows()));
  }
}

RowExplanation explained(const Integral& integral, const Question& question, const ColumnSums& sums,
                         const MatchedColumns& cells, int64_t row) {
  RowExplanation result{.row = row,
                        .output = question.name,
                        .unit = question.unit,
                        .baseline = integral.from * question.scale + question.shift,
                        .value = integral.to * question.scale + question.shift,
                        .gap = -integral.gap() * question.scale,
                        .contributions = {}};
  const std::vector<double> amounts = sums.of(integral.attributions);
  for (size_t c = 0; c < amounts.size(); ++c) {
    const std::string& name = sums.columns()[c].column;
    result.contributions.push_back(
        {name, cell_text(cells[name], row), amounts[c] * question.scale});
  }
  std::stable_sort(result.contributions.begin(), result.contributions.end(),
                   [](const Contribution& a, const Contribution& b) {
                     return std::abs(a.amount) > std::abs(b.amount);
                   });
  return result;
}

}  // namespace

std::vector<RowExplanation> explain_rows(const Model& model, const Table& table,
                                         const std::vector<int64_t>& rows,
                                         const AttributionOptions& options) {
  const TrainedNetwork& trained = model.trained();
  require_rows_alone(trained, "the explanation of a row");
  if (trained.features) require_no_tokens(*trained.features);
  const Dataset data = encode_inputs(trained, table);
  require_rows(table, rows);
  const InputGradient network(trained, Precision::twofold, kBatchRows);
  Team team(1);
  const std::vector<double> baseline = baseline_of(options.baseline, network, data, options);
  const std::vector<double> points = network.points(copy_rows(data, rows));
  const ColumnSums sums(*trained.features, network);
  const MatchedColumns cells(table, trained.features->kinds());
  const auto width = static_cast<size_t>(network.width());

  std::vector<RowExplanation> results;
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::span<const double> point = std::span(points).subspan(i * width, width);
    const Question question = question_of(trained.target, options.target, options.output,
                                          network.evaluate(point, 0, team).outputs);
    const Integral integral =
        integrate(network, point, baseline, question.output, IntegrationOptions{}, team);
    results.push_back(explained(integral, question, sums, cells, rows[i]));
  }
  return results;
}

RowExplanation explain_row(const Model& model, const Table& table, int64_t row,
                           const AttributionOptions& options) {
  return explain_rows(model, table, {row}, options).front();
}

}  // namespace sinapse
