// Of a search: what was tried, and how well each trial did.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include <sinapse/metric.h>

#include "figures/chart.h"
#include "report/html.h"
#include "report/sections.h"
#include "train/metric_table.h"

namespace sinapse {

namespace {

constexpr size_t kMostTrials = 20;  // in the table

// NaN of a failed trial.
std::vector<double> scores_of(const std::vector<Trial>& trials) {
  std::vector<double> scores;
  for (const Trial& trial : trials)
    scores.push_back(trial.score.value_or(std::numeric_limits<double>::quiet_NaN()));
  return scores;
}

std::vector<double> best_so_far(const std::vector<double>& scores, bool larger_is_better) {
  std::vector<double> best;
  double reached = std::numeric_limits<double>::quiet_NaN();
  for (const double score : scores) {
    const bool better = larger_is_better ? score > reached : score < reached;
    if (std::isnan(reached) || better) reached = score;
    best.push_back(reached);
  }
  return best;
}

Chart chart_of(const SearchSummary& search, bool larger_is_better) {
  std::vector<double> numbers;
  for (const Trial& trial : search.trials) numbers.push_back(static_cast<double>(trial.number));
  const std::vector<double> scores = scores_of(search.trials);
  Chart chart{.title = fmt::format("Validation: {}", search.metric),
              .x_label = "trial",
              .y_label = "",
              .series = {},
              .whole_x = true};
  chart.series.push_back({.name = "trial",
                          .x = numbers,
                          .y = scores,
                          .style = Series::Style::dots,
                          .low = {},
                          .high = {},
                          .paint = Paint::series(0)});
  chart.series.push_back({.name = "the best so far",
                          .x = numbers,
                          .y = best_so_far(scores, larger_is_better),
                          .style = Series::Style::steps,
                          .low = {},
                          .high = {},
                          .paint = Paint::series(1)});
  return chart;
}

// The best first, failed ones last.
std::vector<size_t> ranked(const std::vector<Trial>& trials, bool larger_is_better) {
  const std::vector<double> scores = scores_of(trials);
  std::vector<size_t> order(trials.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (std::isnan(scores[a]) || std::isnan(scores[b])) return !std::isnan(scores[a]);
    return larger_is_better ? scores[a] > scores[b] : scores[a] < scores[b];
  });
  return order;
}

std::string table_of(const SearchSummary& search, bool larger_is_better) {
  HtmlTable table{.caption = "The best trials", .head = {"trial", search.metric}, .numbers = {1}};
  std::set<std::string> keys;
  for (const Trial& trial : search.trials)
    for (const auto& [key, value] : trial.values) keys.insert(key);
  table.head.insert(table.head.end(), keys.begin(), keys.end());
  for (const size_t i : ranked(search.trials, larger_is_better)) {
    if (table.rows.size() == kMostTrials) break;
    const Trial& trial = search.trials[i];
    std::vector<std::string> row{fmt::format("{}", trial.number),
                                 trial.score ? number_text(*trial.score) : "failed"};
    for (const std::string& key : keys) {
      const auto found = trial.values.find(key);
      row.push_back(found == trial.values.end() ? "" : html_text(found->second));
    }
    table.rows.push_back(std::move(row));
  }
  return to_html(table);
}

}  // namespace

std::string trials_section(const Report& report) {
  if (report.search == nullptr) return "";
  const SearchSummary& search = *report.search;
  const bool larger_is_better = metric_named(search.metric).larger_is_better;
  return section("trials", "Trials",
                 figure(draw(chart_of(search, larger_is_better), {720, 330})) +
                     table_of(search, larger_is_better) +
                     note("The model of this page is that of the best trial."));
}

}  // namespace sinapse
