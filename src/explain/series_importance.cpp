#include "explain/series_importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "explain/rows.h"
#include "explain/shuffle_cost.h"
#include "train/judged_windows.h"
#include "train/predictor.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchRows = 512;

/// Numbers of one input of the network that are shuffled together.
struct InputGroup {
  std::string name;
  size_t input = 0;
  std::vector<int64_t> columns;
};

std::string steps_back(int64_t first, int64_t last) {
  return first == last ? fmt::format("{} step{} back", first, first == 1 ? "" : "s")
                       : fmt::format("{} to {} steps back", first, last);
}

// The window is [steps, channels], the target first.
std::vector<InputGroup> groups_of_window(const SeriesFeatures& features) {
  const int64_t channels = features.channels();
  std::vector<InputGroup> groups;
  for (int64_t first = 1, size = 1; first <= features.window; first += size, size = first - 1) {
    const int64_t last = std::min(features.window, first + size - 1);
    InputGroup group{features.columns.target + ", " + steps_back(first, last), 0, {}};
    for (int64_t back = first; back <= last; ++back)
      group.columns.push_back((features.window - back) * channels);
    groups.push_back(std::move(group));
  }
  for (int64_t channel = 1; channel < channels; ++channel) {
    InputGroup group{features.columns.known[channel - 1] + ", in the window", 0, {}};
    for (int64_t step = 0; step < features.window; ++step)
      group.columns.push_back(step * channels + channel);
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string cycle_name(double seconds) {
  constexpr double kDay = 86400;
  return seconds > 8 * kDay ? "time of the year"
         : seconds > kDay   ? "time of the week"
                            : "time of the day";
}

// Known columns, each [horizon], then sine and cosine of each cycle.
std::vector<InputGroup> groups_of_future(const SeriesFeatures& features) {
  std::vector<InputGroup> groups;
  int64_t at = 0;
  const auto add = [&](std::string name, int64_t count) {
    InputGroup group{std::move(name), 1, std::vector<int64_t>(static_cast<size_t>(count))};
    std::iota(group.columns.begin(), group.columns.end(), at);
    groups.push_back(std::move(group));
    at += count;
  };
  for (const std::string& known : features.columns.known)
    add(known + ", to come", features.horizon);
  for (const double period : features.periods()) add(cycle_name(period), 2);
  return groups;
}

void shuffle(Dataset& changed, const Dataset& original, const InputGroup& group,
             const std::vector<int64_t>& order) {
  const int64_t width = original.inputs[group.input].columns;
  const std::vector<float>& from = original.inputs[group.input].numbers;
  std::vector<float>& to = changed.inputs[group.input].numbers;
  for (size_t row = 0; row < order.size(); ++row)
    for (const int64_t column : group.columns)
      to[static_cast<int64_t>(row) * width + column] = from[order[row] * width + column];
}

// Mean absolute error over all windows and steps with a known value.
double mean_error(const SeriesSet& set, const SeriesFeatures& features,
                  const SeriesWindows& windows, std::span<const float> outputs,
                  std::span<const double> times) {
  double sum = 0, count = 0;
  for (size_t row = 0; row < windows.places.size(); ++row) {
    const auto& [series, origin] = windows.places[row];
    const double weight = times.empty() ? 1 : times[row];
    for (int64_t h = 0; h < features.horizon; ++h) {
      const double y = set.series[series].values[origin + features.gap + h];
      if (std::isnan(y)) continue;
      sum += weight * std::abs(y - restored(windows, row, outputs[row * features.horizon + h]));
      count += weight;
    }
  }
  return sum / count;
}

}  // namespace

PermutationImportance series_importance(const TrainedNetwork& trained, const Table& table,
                                        const ImportanceOptions& options) {
  if (options.metric != "auto" && options.metric != "mae") {
    throw Error(
        ErrorCode::usage,
        fmt::format("What a forecast relies on is measured by mae, not by {}.", options.metric));
  }
  const SeriesFeatures& features = *trained.series;
  const SeriesSet set = read_series(table, features.columns, features.step);
  const std::vector<WindowPlace> places = judged_places(set, features, table);
  std::vector<int64_t> rows(places.size());
  std::iota(rows.begin(), rows.end(), int64_t{0});
  SeriesWindows windows;
  for (const int64_t row : draw_rows(std::move(rows), options.max_rows, options.seed))
    append_window(windows, set, features, places[static_cast<size_t>(row)], false);

  Predictor predictor(trained.network, input_descriptions(trained), kBatchRows);
  predictor.set_weights(trained.weights);
  Team team(options.threads);
  const auto num_windows = static_cast<int64_t>(windows.places.size());
  const ShuffleCost cost({"mae", false,
                          [&](auto outputs, auto times) {
                            return mean_error(set, features, windows, outputs, times);
                          }},
                         predictor.run(windows.data, {}, team), num_windows, options);
  PermutationImportance result{
      .metric = "mae", .score = cost.plain(), .rows = num_windows, .columns = {}};
  std::vector<InputGroup> groups = groups_of_window(features);
  for (InputGroup& group : groups_of_future(features)) groups.push_back(std::move(group));
  Dataset changed = windows.data;
  for (const InputGroup& group : groups) {
    result.columns.push_back(cost.of(group.name, [&](const std::vector<int64_t>& order) {
      shuffle(changed, windows.data, group, order);
      return predictor.run(changed, {}, team);
    }));
    changed.inputs[group.input].numbers = windows.data.inputs[group.input].numbers;
  }
  std::stable_sort(result.columns.begin(), result.columns.end(),
                   [](const auto& a, const auto& b) { return a.importance > b.importance; });
  return result;
}

}  // namespace sinapse
