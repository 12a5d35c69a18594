#include "figures/activation_figures.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr int kPoints = 601;

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

// Of two scores x and 0: softmax gives the first the logistic function of x.
double row_wise_value(const Activation& activation, double x) {
  return activation.definition->name == "softmax" ? logistic(x) : std::log(logistic(x));
}
double row_wise_derivative(const Activation& activation, double x) {
  const double share = logistic(x);
  return activation.definition->name == "softmax" ? share * (1 - share) : 1 - share;
}

double value_of(const Activation& activation, double x) {
  return activation.definition->row_wise ? row_wise_value(activation, x) : activate(activation, x);
}
double derivative_of(const Activation& activation, double x) {
  return activation.definition->row_wise ? row_wise_derivative(activation, x)
                                         : derivative(activation, x);
}

Series sampled(std::string name, Range range, const std::function<double(double)>& f) {
  Series series{.name = std::move(name), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
  for (int i = 0; i < kPoints; ++i) {
    const double x = range.low + (range.high - range.low) * i / (kPoints - 1);
    series.x.push_back(x);
    series.y.push_back(f(x));
  }
  return series;
}

// Of curves that are the same, such as sigmoid's and softmax's, both are to be seen.
void dash_twins(std::vector<Series>& series) {
  const auto are_twins = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](double x, double y) { return std::abs(x - y) <= 1e-6; });
  };
  for (size_t i = 0; i < series.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      if (are_twins(series[i].y, series[k].y)) series[i].style = Series::Style::dashed;
}

void require_range(Range range) {
  if (range.low < range.high && std::isfinite(range.low) && std::isfinite(range.high)) return;
  throw Error(ErrorCode::usage,
              fmt::format("The range {},{} holds no numbers; give the lower end first, as in "
                          "--range -6,6.",
                          range.low, range.high));
}

// The curves that stay small must remain legible beside one that grows: x³ would flatten them all.
std::optional<Range> legible(const std::vector<Series>& series) {
  std::vector<double> sizes;
  for (const Series& one : series) {
    double largest = 0;
    for (const double y : one.y) {
      if (std::isfinite(y)) largest = std::max(largest, std::abs(y));
    }
    sizes.push_back(largest);
  }
  std::sort(sizes.begin(), sizes.end());
  const double usual = sizes[sizes.size() / 2];
  if (sizes.size() < 2 || sizes.back() <= 4 * usual || usual == 0) return std::nullopt;
  Range range = Range::nothing();
  for (const Series& one : series) {
    for (const double y : one.y) {
      if (std::abs(y) <= 1.5 * usual) range.include(y);
    }
  }
  return rounded(range, 6);
}

std::string title_of(const std::vector<Activation>& activations, bool derivatives, Words words) {
  if (activations.size() > 1)
    return words(derivatives ? Phrase("Derivatives") : Phrase("Activation functions"));
  const ActivationDefinition& definition = *activations[0].definition;
  const std::string_view formula = derivatives ? definition.derivative : definition.formula;
  const std::string name = to_string(activations[0]);
  if (formula.empty()) return name;
  return fmt::format("{}: {} = {}", name, derivatives ? "f'(x)" : "f(x)", words.formula(formula));
}

}  // namespace

Chart activation_chart(const std::vector<Activation>& activations, Range range, bool derivatives,
                       Words words) {
  require_range(range);
  Chart chart{.title = title_of(activations, derivatives, words),
              .x_label = "x",
              .y_label = derivatives ? "f'(x)" : "f(x)",
              .x_range = range,
              .cross = true,
              .words = words};
  for (const Activation& activation : activations) {
    std::string name = activations.size() > 1 ? to_string(activation) : "";
    if (activation.definition->row_wise) name = words("{} of (x, 0)", to_string(activation));
    chart.series.push_back(sampled(std::move(name), range, [&](double x) {
      return derivatives ? derivative_of(activation, x) : value_of(activation, x);
    }));
  }
  dash_twins(chart.series);
  chart.y_range = legible(chart.series);
  return chart;
}

Chart neuron_chart(const Activation& activation, const std::vector<double>& weights,
                   const std::vector<double>& biases, Range range, Words words) {
  require_range(range);
  Chart chart{.title = words("One neuron: {}(w x + b)", to_string(activation)),
              .x_label = "x",
              .y_label = "f(x, w, b)",
              .x_range = range,
              .cross = true,
              .words = words};
  for (const double weight : weights) {
    for (const double bias : biases) {
      chart.series.push_back(
          sampled(words("w = {}, b = {}", words.number(fmt::format("{:g}", weight)),
                        words.number(fmt::format("{:g}", bias))),
                  range, [&](double x) { return value_of(activation, weight * x + bias); }));
    }
  }
  return chart;
}

Chart vanishing_chart(const std::vector<Activation>& activations, int layers, double x,
                      Words words) {
  Chart chart{
      .title = words("What is left of a derivative after n layers"),
      .x_label = words("layers n"),
      .y_label = words("|d f(f(...f(x))) / dx| at x = {}", words.number(fmt::format("{:g}", x))),
      .logarithmic_y = true,
      .words = words};
  for (const Activation& activation : activations) {
    Series series{
        .name = to_string(activation), .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
    double value = x, product = 1;
    for (int layer = 1; layer <= layers; ++layer) {
      product *= derivative_of(activation, value);
      value = value_of(activation, value);
      series.x.push_back(layer);
      series.y.push_back(std::abs(product));
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace sinapse
