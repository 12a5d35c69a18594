#include <numeric>

#include <fmt/format.h>

#include <sinapse/check.h>

#include "check/check_network.h"
#include "check/check_rows.h"
#include "train/encode.h"

namespace sinapse {

namespace {

void append(std::vector<CheckResult>& to, std::vector<CheckResult> results) {
  for (CheckResult& one : results) to.push_back(std::move(one));
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "";
}

std::vector<CheckResult> check(const Model& model, const CheckOptions& options) {
  std::vector<CheckResult> results{check_weights(model.trained())};
  append(results, check_network(checked(model.trained()), nullptr, options));
  return results;
}

std::vector<CheckResult> check(const Model& model, const Table& table, const CheckOptions& options,
                               const RunOptions* run) {
  const TrainedNetwork& trained = model.trained();
  require_rows_alone(trained, "check");
  const Dataset data = encode_labelled(trained, table);
  Team team(options.threads);
  std::vector<CheckResult> results{check_weights(trained)};
  append(results, check_network(checked(trained), &data, options));
  results.push_back(check_columns(trained, data, options, team));
  const Location location = [&](int64_t row) { return table.location(row); };
  if (has_one_plain_target(trained.target))
    results.push_back(check_leakage(trained, table, all_targets(data)));
  if (!data.source)
    results.push_back(check_duplicates(data, parts_of(table, run, data.rows), location));
  if (has_one_plain_target(trained.target))
    results.push_back(check_labels(trained, data, location, team));
  return results;
}

std::vector<CheckResult> check(const Model& model, const ArrayDataset& samples,
                               const CheckOptions& options) {
  const TrainedNetwork& trained = model.trained();
  if (!trained.pixels) return check(model, options);
  Dataset data = encode_inputs(*trained.pixels, samples);
  data.target.assign(samples.labels.begin(), samples.labels.end());
  Team team(options.threads);
  const Location location = [&](int64_t row) {
    return samples.names.empty() ? fmt::format("sample {}", row + 1)
                                 : samples.names[static_cast<size_t>(row)];
  };
  std::vector<int64_t> all(static_cast<size_t>(data.rows));
  std::iota(all.begin(), all.end(), int64_t{0});
  std::vector<CheckResult> results{check_weights(trained)};
  append(results, check_network(checked(trained), &data, options));
  if (!data.source) results.push_back(check_duplicates(data, {{"data", std::move(all)}}, location));
  results.push_back(check_labels(trained, data, location, team));
  return results;
}

}  // namespace sinapse
