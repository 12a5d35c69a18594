// The table of scalings, each with its formula and how it is learned, and their text form.
#include "features/scaling.h"

#include <algorithm>
#include <cmath>

#include <sinapse/error.h>

#include "data/call_text.h"
#include "data/nearest.h"

namespace sinapse {

namespace {

using Constants = std::span<const double>;

void standardise(NumberFeature& feature, const Moments& moments) {
  feature.mean = moments.mean();
  feature.scale = 1 / moments.deviation();
}

void fit_standard(NumberFeature& feature, const NumberSample& sample, Constants) {
  standardise(feature, sample.moments());
}

// The bound `low` is put into the mean: low + (x - smallest) s = (x - (smallest - low / s)) s.
void fit_min_max(NumberFeature& feature, const NumberSample& sample, Constants constants) {
  const double low = constants[0], high = constants[1], mean = feature.mean;
  const double smallest = sample.moments().smallest();
  feature.scale = (high - low) / (sample.moments().largest() - smallest);
  feature.mean = smallest - low / feature.scale;
  feature.fill = (mean - feature.mean) * feature.scale;
}

// Where half of the values are the same, all of them must do.
void fit_robust(NumberFeature& feature, const NumberSample& sample, Constants constants) {
  const std::vector<double> sorted = sample.sorted();
  const double quartiles = quantile_of(sorted, 0.75) - quantile_of(sorted, 0.25);
  feature.mean = quantile_of(sorted, 0.5);
  feature.scale = quartiles > 0 ? 1 / quartiles : 2 / (sorted.back() - sorted.front());
  feature.clip = constants[0];
}

// Values that stand at several quantiles get the middle of their levels.
void fit_quantiles(NumberFeature& feature, const NumberSample& sample, Constants constants,
                   double (*level)(int64_t k, int64_t count)) {
  const std::vector<double> sorted = sample.sorted();
  const auto count =
      std::min(static_cast<int64_t>(sorted.size()), static_cast<int64_t>(constants[0]));
  feature.curve = Curve::knots;
  feature.mean = 0;
  feature.scale = 1;
  for (int64_t k = 0; k < count;) {
    const auto value = [&](int64_t i) {
      return quantile_of(sorted, static_cast<double>(i) / static_cast<double>(count - 1));
    };
    const int64_t first = k;
    while (k < count && value(k) == value(first)) ++k;
    feature.knots.push_back(value(first));
    feature.levels.push_back((level(first, count) + level(k - 1, count)) / 2);
  }
}

void fit_quantile(NumberFeature& feature, const NumberSample& sample, Constants constants) {
  fit_quantiles(feature, sample, constants, [](int64_t k, int64_t count) {
    return normal_quantile((static_cast<double>(k) + 0.5) / static_cast<double>(count));
  });
}

void fit_quantile_uniform(NumberFeature& feature, const NumberSample& sample, Constants constants) {
  fit_quantiles(feature, sample, constants, [](int64_t k, int64_t count) {
    return static_cast<double>(k) / static_cast<double>(count - 1);
  });
  feature.fill = 0.5;
}

void fit_log(NumberFeature& feature, const NumberSample& sample, Constants) {
  feature.curve = Curve::logarithm;
  standardise(feature, sample.moments_along([&](double x) { return feature.along_curve(x); }));
}

void fit_none(NumberFeature& feature, const NumberSample&, Constants) {
  feature.fill = feature.mean;
  feature.mean = 0;
  feature.scale = 1;
}

std::vector<ScalingDefinition> make_table() {
  const std::vector<Constant> quantiles{
      {"quantiles", 100, "how many, from 2 to 1000; fewer rows make fewer", Domain::count}};
  return {
      {.name = "standard",
       .aliases = {"zscore", "standardize"},
       .formula = "(x - mean) / deviation",
       .doc = "Mean 0 and standard deviation 1.",
       .fit = fit_standard},
      {.name = "min_max",
       .aliases = {"minmax"},
       .formula = "low + (high - low) (x - min) / (max - min)",
       .doc = "From low to high; other rows may lie outside. A missing cell is the mean.",
       .constants = {{"low", 0, "of the smallest value"}, {"high", 1, "of the largest value"}},
       .fit = fit_min_max},
      {.name = "robust",
       .aliases = {"iqr"},
       .formula = "y / sqrt(1 + (y / clip)^2),  y = (x - median) / (third - first quartile)",
       .doc = "Outliers neither move the scale nor stick out.",
       .source = "Holzmüller, Grinsztajn, Steinwart 2024",
       .constants = {{"clip", 3, "the bound that is never reached; 0: no bound",
                      Domain::not_negative}},
       .fit = fit_robust},
      {.name = "quantile",
       .aliases = {"quantile_normal", "rank_gauss"},
       .formula =
           "normal quantile of (k + 1/2) / K at the k-th of K quantiles of x, straight lines "
           "between them",
       .doc = "Makes any distribution nearly normal: only the order counts.",
       .source = "Van der Waerden 1952",
       .constants = quantiles,
       .fit = fit_quantile},
      {.name = "quantile_uniform",
       .formula = "k / (K - 1) at the k-th of K quantiles of x, straight lines between them",
       .doc = "Makes any distribution nearly uniform from 0 to 1. A missing cell is 1/2.",
       .constants = quantiles,
       .fit = fit_quantile_uniform},
      {.name = "log",
       .aliases = {"log1p"},
       .formula = "sign(x) log(1 + |x|), standardised",
       .doc = "For values of many magnitudes, of either sign.",
       .fit = fit_log},
      {.name = "none",
       .aliases = {"identity"},
       .formula = "x",
       .doc = "As it stands in the file. A missing cell is the mean.",
       .fit = fit_none},
  };
}

void check(const Scaling& scaling) {
  const std::string_view name = scaling.definition->name;
  const std::vector<double>& c = scaling.constants;
  if (name == "min_max" && !(c[0] < c[1]))
    throw Error(ErrorCode::usage, "scaling min_max: low must be below high.");
  if (name.starts_with("quantile") && !(c[0] >= 2 && c[0] <= 1000))
    throw Error(ErrorCode::usage, "scaling quantile: quantiles must be from 2 to 1000.");
}

}  // namespace

const std::vector<ScalingDefinition>& scalings() {
  static const std::vector<ScalingDefinition> table = make_table();
  return table;
}

Scaling parse_scaling(std::string_view text) {
  const CallText call = parse_call("scaling", text);
  std::vector<std::string> names;
  for (const ScalingDefinition& definition : scalings()) {
    std::vector<std::string_view> all = definition.aliases;
    all.push_back(definition.name);
    names.emplace_back(definition.name);
    for (const std::string_view name : all) {
      if (plain_name(name) != plain_name(call.name)) continue;
      Scaling scaling{&definition, read_constants("scaling", call, definition.constants)};
      check(scaling);
      return scaling;
    }
  }
  throw Error(ErrorCode::usage,
              "There is no scaling \"" + call.name + "\"." + did_you_mean(call.name, names));
}

std::string to_string(const Scaling& scaling) {
  return call_text(scaling.definition->name, scaling.definition->constants, scaling.constants);
}

double quantile_of(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<size_t>(place), sorted.size() - 1);
  const auto above = std::min(below + 1, sorted.size() - 1);
  const double beyond = place - static_cast<double>(below);
  if (sorted[below] == sorted[above]) return sorted[below];
  return sorted[below] * (1 - beyond) + sorted[above] * beyond;
}

// Newton's method on the distribution function; it is smooth and the start is near.
double normal_quantile(double share) {
  if (share > 0.5) return -normal_quantile(1 - share);
  double x = share < 0.02 ? -std::sqrt(-2 * std::log(share)) : (share - 0.5) * 2.5;
  for (int i = 0; i < 60; ++i) {
    const double error = std::erfc(-x * M_SQRT1_2) / 2 - share;
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * M_PI);
    const double step = std::clamp(error / density, -0.5, 0.5);
    x -= step;
    if (std::abs(step) < 1e-15) break;
  }
  return x;
}

}  // namespace sinapse
