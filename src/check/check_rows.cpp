#include "check/check_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "data/philox.h"
#include "explain/changed_rows.h"
#include "train/encode.h"
#include "train/metrics.h"
#include "train/predictor.h"
#include "train/split_rows.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512, kRowsToShuffle = 2000;
constexpr double kLeak = 0.99, kManyTwins = 0.05, kNoChange = 1e-6;
constexpr size_t kNamed = 5;

std::vector<float> predict(const TrainedNetwork& trained, const Dataset& data, Team& team) {
  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  return predictor.run(data, {}, team);
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
  return most;
}

CheckResult label_noise(size_t count, int64_t rows, const std::vector<std::string>& named,
                        const std::string& where) {
  CheckResult result{
      .name = "labels", .result = fmt::format("{} of {} rows", count, rows), .findings = {}};
  if (count == 0) return result;
  result.findings.push_back(
      {result.name, Severity::note, where,
       fmt::format("{} of {} answers look wrong: {}{}.", count, rows, fmt::join(named, "; "),
                   count > named.size() ? "; and others" : ""),
       "Look at these rows; correct them, or leave them out. If they are right, the model lacks an "
       "input that tells them apart."});
  return result;
}

}  // namespace

CheckResult check_columns(const TrainedNetwork& trained, const Dataset& data,
                          const CheckOptions& options, Team& team) {
  CheckResult result{.name = "unused_columns", .result = "", .findings = {}};
  std::vector<int64_t> all(static_cast<size_t>(data.rows));
  std::iota(all.begin(), all.end(), int64_t{0});
  const Dataset rows = copy_rows(data, draw_rows(all, kRowsToShuffle, options.seed));
  const std::vector<float> before = predict(trained, rows, team);
  const auto [low, high] = std::minmax_element(before.begin(), before.end());
  const double spread = before.empty() ? 0 : double{*high} - double{*low};
  ChangedRows changed(*trained.features, rows);
  const std::vector<ColumnInputs> columns = column_inputs(*trained.features);
  for (const ColumnInputs& column : columns) {
    const RandomStream random(options.seed, purpose_of("shuffle " + column.column), 0);
    changed.shuffle(column, random.permutation(rows.rows));
    const double difference = largest_difference(before, predict(trained, changed.data(), team));
    changed.restore(column);
    if (difference > kNoChange * spread) continue;
    result.findings.push_back(
        {result.name, Severity::warning, column.column,
         fmt::format("\"{}\" changes no prediction.", column.column),
         fmt::format("Leave it out (--ignore-column {}), or train longer.", column.column)});
  }
  result.result = fmt::format("{} columns, {} rows", columns.size(), rows.rows);
  return result;
}

CheckResult check_leakage(const TrainedNetwork& trained, const Table& table,
                          const std::vector<float>& encoded) {
  CheckResult result{.name = "leakage", .result = "", .findings = {}};
  const std::vector<LoneColumn> columns =
      lone_columns(*trained.features, table, trained.target, encoded);
  for (const LoneColumn& one : columns) {
    if (one.score < kLeak) continue;
    result.findings.push_back(
        {result.name, Severity::warning, one.column,
         fmt::format("\"{}\" alone predicts \"{}\" ({:.2f} % of what there is to explain).",
                     one.column, trained.target.column(), 100 * one.score),
         fmt::format("If it is not known before the answer is, leave it out: --ignore-column {}.",
                     one.column)});
  }
  if (!columns.empty())
    result.result = fmt::format("the best column alone, \"{}\", explains {:.0f} %",
                                columns.front().column, 100 * std::max(0.0, columns.front().score));
  return result;
}

CheckResult check_duplicates(const Dataset& data, const std::vector<NamedRows>& parts,
                             const Location& location) {
  CheckResult result{.name = "duplicates", .result = "", .findings = {}};
  int64_t rows = 0;
  std::vector<std::string> names;
  for (const NamedRows& part : parts) {
    rows += static_cast<int64_t>(part.rows.size());
    names.push_back(part.name);
  }
  result.result = fmt::format("{} rows ({})", rows, fmt::join(names, ", "));
  for (const Twins& twins : find_twins(data, parts)) {
    const double share = static_cast<double>(twins.rows) / static_cast<double>(twins.of);
    const bool within = twins.part == twins.other;
    result.findings.push_back(
        {result.name, !within && share > kManyTwins ? Severity::warning : Severity::note,
         location(twins.example),
         within
             ? fmt::format("{} of {} rows have the inputs of an earlier row, such as {} and {}.",
                           twins.rows, twins.of, location(twins.example), location(twins.twin))
             : fmt::format("{} of the {} {} rows ({:.1f} %) have the inputs of a {} row, such as "
                           "{} and {}: what is measured there is too good.",
                           twins.rows, twins.of, twins.part, 100 * share, twins.other,
                           location(twins.example), location(twins.twin)),
         within ? "Keep them in one part when splitting: data.split_by=hash, or a group column."
                : "Remove the duplicates, or keep them in one part: data.split_by=hash, or a group "
                  "column (data.group)."});
  }
  return result;
}

CheckResult check_labels(const TrainedNetwork& trained, const Dataset& data,
                         const Location& location, Team& team) {
  const Target& target = trained.target;
  const std::vector<float> outputs = predict(trained, data, team), truth = all_targets(data);
  std::vector<std::string> named;
  if (is_classification(target.task())) {
    const auto& classes = target.classes();
    const auto doubtful = doubtful_labels(probabilities_of(outputs, target), truth, classes.size());
    for (size_t i = 0; i < std::min(kNamed, doubtful.size()); ++i)
      named.push_back(fmt::format("{} is \"{}\", rather \"{}\"", location(doubtful[i].row),
                                  classes[static_cast<size_t>(doubtful[i].given)],
                                  classes[static_cast<size_t>(doubtful[i].suggested)]));
    return label_noise(doubtful.size(), data.rows, named,
                       doubtful.empty() ? "" : location(doubtful[0].row));
  }
  const std::vector<float> decoded = target.decode(outputs), restored = target.restore(truth);
  const auto doubtful = doubtful_numbers(std::vector<double>(restored.begin(), restored.end()),
                                         std::vector<double>(decoded.begin(), decoded.end()));
  for (size_t i = 0; i < std::min(kNamed, doubtful.size()); ++i)
    named.push_back(fmt::format("{} is {:.4g}, rather {:.4g}", location(doubtful[i].row),
                                doubtful[i].truth, doubtful[i].predicted));
  return label_noise(doubtful.size(), data.rows, named,
                     doubtful.empty() ? "" : location(doubtful[0].row));
}

std::vector<NamedRows> parts_of(const Table& table, const RunOptions* run, int64_t rows) {
  std::vector<int64_t> all(static_cast<size_t>(rows));
  std::iota(all.begin(), all.end(), int64_t{0});
  if (run == nullptr) return {{"data", std::move(all)}};
  const KnownRows known = known_rows(table, *run);
  const Split split = split_rows(table, known, known.rows, *run);
  std::vector<NamedRows> parts{{"training", split.train}};
  if (!split.validation.empty()) parts.push_back({"validation", split.validation});
  if (!split.test.empty()) parts.push_back({"test", split.test});
  return parts;
}

bool has_one_plain_target(const Target& target) {
  return is_classification(target.task()) || (target.task() == Task::regression && target.is_one());
}

}  // namespace sinapse
