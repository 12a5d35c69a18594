#include "layers/initializer.h"

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "data/nearest.h"
#include "data/philox.h"

namespace sinapse {

namespace {

struct Fans {
  double in, out;
};

Fans fans_of(const Shape& shape) {
  if (shape.empty()) return {1, 1};
  double window = 1;  // of a convolution
  for (size_t axis = 2; axis < shape.size(); ++axis) window *= static_cast<double>(shape[axis]);
  const double inputs = shape.size() < 2 ? 1 : static_cast<double>(shape[1]);
  return {inputs * window, static_cast<double>(shape[0]) * window};
}

/// Variance of the drawn values, by the fans; the distribution is uniform or normal.
struct Scheme {
  std::string_view name;
  double (*variance)(Fans);
  bool uniform;
};

constexpr Scheme kSchemes[] = {
    {"glorot_uniform", [](Fans f) { return 2 / (f.in + f.out); }, true},
    {"glorot_normal", [](Fans f) { return 2 / (f.in + f.out); }, false},
    {"he_uniform", [](Fans f) { return 2 / f.in; }, true},
    {"he_normal", [](Fans f) { return 2 / f.in; }, false},
    {"lecun_uniform", [](Fans f) { return 1 / f.in; }, true},
    {"lecun_normal", [](Fans f) { return 1 / f.in; }, false},
};

// "constant(0.25)" → 0.25
std::optional<double> argument_of(const std::string& text, std::string_view name) {
  if (!text.starts_with(name) || text.size() < name.size() + 3) return std::nullopt;
  if (text[name.size()] != '(' || text.back() != ')') return std::nullopt;
  const std::string argument = text.substr(name.size() + 1, text.size() - name.size() - 2);
  try {
    size_t used = 0;
    const double number = std::stod(argument, &used);
    if (used == argument.size() && std::isfinite(number)) return number;
  } catch (const std::exception&) {
  }
  return std::nullopt;
}

const Scheme* find_scheme(std::string_view name) {
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == name) return &scheme;
  }
  return nullptr;
}

std::vector<double> draw(const Scheme& scheme, const Shape& shape, const RandomStream& random) {
  const double variance = scheme.variance(fans_of(shape));
  const double limit = std::sqrt(3 * variance), deviation = std::sqrt(variance);
  std::vector<double> values(row_size(shape));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = scheme.uniform ? limit * (2 * random.uniform(i) - 1) : deviation * random.normal(i);
  }
  return values;
}

}  // namespace

std::string initializer_for(const std::string& text) {
  const Activation activation = parse_activation(text);
  const std::string_view name = activation.definition->name;
  if (name == "selu") return "lecun_normal";
  for (const std::string_view glorot : {"identity", "tanh", "sigmoid", "softmax", "log_softmax",
                                        "softsign", "hard_tanh", "hard_sigmoid", "rational_tanh"}) {
    if (name == glorot) return "glorot_uniform";
  }
  return "he_normal";
}

void check_initializer(const std::string& text) {
  if (text == "zeros" || text == "ones" || find_scheme(text) || argument_of(text, "constant")) return;
  if (const auto deviation = argument_of(text, "normal"); deviation && *deviation >= 0) return;
  std::vector<std::string> names{"auto", "zeros", "ones", "constant(0.1)", "normal(0.05)"};
  for (const Scheme& scheme : kSchemes) names.emplace_back(scheme.name);
  throw Error(ErrorCode::usage, fmt::format("There is no initializer \"{}\".{}", text,
                                            did_you_mean(text, names)));
}

std::vector<double> initial_values(const std::string& text, const Shape& shape,
                                   const std::string& parameter_name, uint64_t seed) {
  check_initializer(text);
  const RandomStream random(seed, purpose_of(parameter_name), 0);
  if (const Scheme* scheme = find_scheme(text)) return draw(*scheme, shape, random);
  if (const auto deviation = argument_of(text, "normal")) {
    std::vector<double> values(row_size(shape));
    for (size_t i = 0; i < values.size(); ++i) values[i] = *deviation * random.normal(i);
    return values;
  }
  const double value = text == "ones" ? 1 : argument_of(text, "constant").value_or(0);
  return std::vector<double>(row_size(shape), value);
}

}  // namespace sinapse
