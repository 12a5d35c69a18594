// Which columns the model relies on, within a bound of time.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/permutation_importance.h>

#include "features/column_inputs.h"
#include "figures/explain_figures.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr int64_t kMostCells = 5'000'000;  // of the table, which is read again
constexpr double kMostMultiplyAdds = 5e9;  // some tenths of a second
constexpr int64_t kMostRows = 1000, kFewestRows = 50;
constexpr int64_t kRepeats = 10;
constexpr size_t kMostBars = 20;

// How many rows there is time to shuffle; 0: too few to tell anything.
int64_t affordable_rows(const std::vector<LayerSummary>& layers, size_t columns) {
  double one_row = 1;
  for (const LayerSummary& layer : layers) one_row += static_cast<double>(layer.multiply_adds);
  const double rows = kMostMultiplyAdds / (one_row * static_cast<double>(columns) * kRepeats);
  return rows < kFewestRows ? 0 : std::min(static_cast<int64_t>(rows), kMostRows);
}

std::string no_time() {
  return note(
      "It would take long for this table and network; <code>sinapse explain</code> does it.");
}

std::string importance(const Report& report, const KeptPart& part, const Table& table) {
  const Model& model = report.result.model;
  const int64_t rows =
      affordable_rows(model.layers(), column_inputs(*model.trained().features).size());
  const auto columns = static_cast<int64_t>(table.columns().size());
  if (rows == 0 || table.on_disk() || table.num_rows() * columns > kMostCells) return no_time();
  const PermutationImportance found =
      permutation_importance(model, table,
                             {.repeats = kRepeats,
                              .max_rows = rows,
                              .rows = part.rows,
                              .seed = report.result.resolved.training.seed,
                              .threads = report.threads});
  return figure(draw(importance_bars(found, kMostBars), 720)) +
         note(fmt::format(
             "How much {} gets worse when a column is shuffled, on {} {} rows, with 95 % "
             "intervals (Breiman 2001). Columns that say the same share their importance.{}",
             html_text(found.metric), number_text(static_cast<double>(found.rows)),
             judge_of(report),
             has_final_fit(report) && !report.result.metrics.contains("test")
                 ? " The model has learned from these rows in the end (training.final_fit)."
                 : ""));
}

// Of a model of series, on data that it is judged on.
std::string importance_of_past(const Report& report) {
  const Model& model = report.result.model;
  const int64_t rows = affordable_rows(model.layers(), kMostBars);
  if (rows == 0) return no_time();
  const PermutationImportance found = permutation_importance(
      model, *report.table, {.repeats = kRepeats, .max_rows = rows, .threads = report.threads});
  return figure(draw(importance_bars(found, kMostBars), 720)) +
         note(fmt::format("How much the mean absolute error grows when steps of the past, a known "
                          "column or the calendar are shuffled among {} windows, with 95 % "
                          "intervals (Breiman 2001).",
                          number_text(static_cast<double>(found.rows))));
}

}  // namespace

std::string importance_section(const Report& report) {
  if (report.evaluation != nullptr && report.table != nullptr)
    return section("importance", "What it relies on", importance_of_past(report));
  const KeptPart* part = judging_part(report);
  if (part == nullptr || report.table == nullptr) return "";
  const Table& table = part->of_test_data ? *report.test_table : *report.table;
  std::string html;
  try {
    html = importance(report, *part, table);
  } catch (const Error&) {  // the metric is not defined for these rows
    return "";
  }
  return section("importance", "What it relies on", html);
}

}  // namespace sinapse
