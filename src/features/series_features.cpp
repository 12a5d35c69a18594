#include "features/series_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr double kDay = 86400, kYear = 365.2425 * kDay;
constexpr int64_t kShortestWindow = 16, kLongestWindow = 128;
constexpr int64_t kMostSteps = 1 << 16;  // of a window or a horizon

Standard standard_of_values(std::span<const double> values, double fallback) {
  double sum = 0, squares = 0, count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  if (count == 0) return {0, fallback};
  const double mean = sum / count;
  for (const double value : values) {
    if (!std::isnan(value)) squares += (value - mean) * (value - mean);
  }
  const double deviation = std::sqrt(squares / count);
  // What is left of a constant by rounding is no deviation.
  const bool varies = std::isnormal(deviation) && deviation > 1e-12 * std::abs(mean);
  return {mean, varies ? deviation : fallback};
}

std::span<const double> training_values(const TimeSeries& series, int64_t end) {
  return std::span(series.values).first(static_cast<size_t>(end));
}

double mean_of(std::span<const double> values) {
  return standard_of_values(values, 1).mean;
}

// The second half of a series with a trend lies apart from the first.
bool has_trend(std::span<const double> values) {
  const size_t half = values.size() / 2;
  const double distance = std::abs(mean_of(values.subspan(half)) - mean_of(values.first(half)));
  return distance > standard_of_values(values, std::numeric_limits<double>::infinity()).deviation;
}

bool choose_level(const SeriesSet& set, std::span<const int64_t> ends, const std::string& level) {
  if (level == "window" || level == "series") return level == "window";
  if (level != "auto") {
    throw Error(ErrorCode::usage,
                fmt::format("series.level must be auto, window or series, but is {}.", level));
  }
  for (size_t s = 0; s < set.series.size(); ++s)
    if (ends[s] > 1 && has_trend(training_values(set.series[s], ends[s]))) return true;
  return false;
}

// The season of most series; of as many the shorter one.
int64_t choose_season(const SeriesSet& set, std::span<const int64_t> ends, int64_t wanted) {
  if (wanted > 0) return wanted;
  std::map<int64_t, int> votes;
  for (size_t s = 0; s < set.series.size(); ++s)
    ++votes[find_season(std::span(set.series[s].filled).first(ends[s]), set.step)];
  const auto most = std::max_element(
      votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most->first;
}

// Two seasons if they are not too long, else some horizons; no more than half of what is there.
int64_t choose_window(const SeriesSet& set, std::span<const int64_t> ends,
                      const SeriesOptions& options, int64_t season) {
  const int64_t shortest = *std::min_element(ends.begin(), ends.end());
  const int64_t ahead = options.gap + options.horizon;
  const auto require = [&](int64_t window) {
    for (size_t s = 0; s < ends.size(); ++s) {
      if (ends[s] >= window + ahead) continue;
      const std::string& id = set.series[s].id;
      throw Error(
          ErrorCode::data,
          fmt::format("{} is too short: {} steps are left to train on, but a window of {} and the "
                      "{} steps after it need {}. Choose a shorter horizon or window, a smaller "
                      "part for validation and test, or leave the series out.",
                      id.empty() ? "the series" : fmt::format("the series \"{}\"", id), ends[s],
                      window, ahead, window + ahead));
    }
    return window;
  };
  if (options.window > 0) return require(options.window);
  const int64_t wanted = season > 1 && 2 * season <= kLongestWindow
                             ? 2 * season
                             : std::clamp(4 * options.horizon, kShortestWindow, kLongestWindow);
  return require(std::max<int64_t>(1, std::min(wanted, (shortest - ahead) / 2)));
}

void check(const SeriesOptions& options) {
  const auto require = [](const char* name, int64_t value, int64_t least) {
    if (value >= least && value <= kMostSteps) return;
    throw Error(ErrorCode::usage,
                fmt::format("series.{} must be between {} and {} steps, but is {}.", name, least,
                            kMostSteps, value));
  };
  require("horizon", options.horizon, 1);
  require("window", options.window, 0);
  require("gap", options.gap, 0);
  require("stride", options.stride, 1);
  require("season", options.season, 0);
}

}  // namespace

SeriesFeatures SeriesFeatures::fit(const SeriesSet& set, std::span<const int64_t> ends,
                                   const SeriesOptions& options) {
  check(options);
  SeriesFeatures features{.columns = set.columns,
                          .step = set.step,
                          .horizon = options.horizon,
                          .gap = options.gap,
                          .season = choose_season(set, ends, options.season),
                          .window_level = choose_level(set, ends, options.level)};
  features.window = choose_window(set, ends, options, features.season);
  bool varies = false;
  for (size_t s = 0; s < set.series.size(); ++s) {
    const TimeSeries& series = set.series[s];
    const auto values = training_values(series, ends[s]);
    Standard standard = standard_of_values(values, 1);
    varies = varies || standard_of_values(values, -1).deviation > 0;
    if (features.window_level) {
      // Deviations from the means of windows are what the network will see.
      std::vector<double> distances;
      for (int64_t end = features.window; end <= ends[s]; end += features.window) {
        const auto window =
            std::span(series.filled).subspan(end - features.window, features.window);
        for (const double value : window) distances.push_back(value - mean_of(window));
      }
      standard.deviation = standard_of_values(distances, standard.deviation).deviation;
    }
    features.ids.push_back(series.id);
    features.standards.push_back(standard);
  }
  if (!varies) {
    throw Error(ErrorCode::data,
                fmt::format("\"{}\" has one value throughout the training steps; there is nothing "
                            "to learn.",
                            set.columns.target));
  }
  for (size_t k = 0; k < set.columns.known.size(); ++k) {
    std::vector<double> all;
    for (size_t s = 0; s < set.series.size(); ++s) {
      const auto& values = set.series[s].known[k];
      all.insert(all.end(), values.begin(), values.begin() + ends[s]);
    }
    features.known.push_back(standard_of_values(all, 1));
  }
  return features;
}

std::vector<double> SeriesFeatures::periods() const {
  std::vector<double> periods;
  if (!step.date) return periods;
  for (const double period : {kYear, 7 * kDay, kDay})
    if (step.approximate_size() < 0.45 * period) periods.push_back(period);
  return periods;
}

int64_t SeriesFeatures::future_width() const {
  return static_cast<int64_t>(known.size()) * horizon + 2 * static_cast<int64_t>(periods().size());
}

int64_t SeriesFeatures::index_of(const std::string& id) const {
  if (columns.id.empty()) return 0;
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  return found != ids.end() && *found == id ? found - ids.begin() : -1;
}

Standard SeriesFeatures::standard_of(const TimeSeries& series, int64_t origin) const {
  const int64_t index = index_of(series.id);
  const auto seen = std::span(series.filled).subspan(origin - window, window);
  if (index < 0) return standard_of_values(seen, 1);
  Standard standard = standards[index];
  if (window_level) standard.mean = mean_of(seen);
  return standard;
}

void SeriesFeatures::encode(const TimeSeries& series, int64_t origin, const Standard& standard,
                            float* to, float* future) const {
  const auto scaled = [](double x, const Standard& by) {
    const double y = (x - by.mean) / by.deviation;
    return std::isnan(y) ? 0.0f : static_cast<float>(y);
  };
  for (int64_t s = origin - window; s < origin; ++s) {
    *to++ = scaled(series.filled[s], standard);
    for (size_t k = 0; k < known.size(); ++k) *to++ = scaled(series.known[k][s], known[k]);
  }
  const int64_t first = origin + gap;
  for (size_t k = 0; k < known.size(); ++k)
    for (int64_t s = first; s < first + horizon; ++s)
      *future++ = scaled(series.known[k][s], known[k]);
  const double time = step.after(series.start, first);
  for (const double period : periods()) {
    const double turns = time / period;
    const auto angle = static_cast<float>(2 * std::numbers::pi * (turns - std::floor(turns)));
    *future++ = std::sin(angle);
    *future++ = std::cos(angle);
  }
}

void SeriesFeatures::encode_target(const TimeSeries& series, int64_t origin,
                                   const Standard& standard, float* target) const {
  for (int64_t s = origin + gap; s < origin + gap + horizon; ++s)
    *target++ = static_cast<float>((series.values[s] - standard.mean) / standard.deviation);
}

std::vector<int64_t> SeriesFeatures::origins(const TimeSeries& series, int64_t first, int64_t last,
                                             int64_t stride) const {
  std::vector<int64_t> known_before{0};
  for (const double value : series.values)
    known_before.push_back(known_before.back() + (std::isnan(value) ? 0 : 1));
  const auto known_in = [&](int64_t begin, int64_t end) {
    return known_before[end] - known_before[begin];
  };
  std::vector<int64_t> origins;
  const int64_t begin = std::max(window, first - gap);
  for (int64_t origin = begin; origin + gap + horizon <= last; origin += stride) {
    const int64_t ahead = origin + gap;
    if (2 * known_in(origin - window, origin) < window || known_in(ahead, ahead + horizon) == 0)
      continue;
    origins.push_back(origin);
  }
  return origins;
}

}  // namespace sinapse
