// The table of initializers, each with its formula, and their text form.
#include <fmt/format.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>
#include <sinapse/initializer.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "layers/initializer_draw.h"
#include "layers/orthogonal.h"

namespace sinapse {

namespace {

using Draw = InitializerDraw;
using Values = std::vector<double>;

Values identity(const Draw& d) {
  Values values = d.all(0);
  for (int64_t i = 0; i < std::min(d.rows(), d.columns()); ++i) values[i * d.columns() + i] = d[0];
  return values;
}

Values orthogonal(const Draw& d) {
  Values values = d.normal(0, 1);
  orthogonalize(values, d.rows(), d.columns());
  for (double& value : values) value *= d[0];
  return values;
}

// An LSTM's bias: of each direction 4 gates i, o, f, g from the input, and 4 from the state before.
Values forget_gate_ones(const Draw& d) {
  Values values = d.all(0);
  const auto units = static_cast<size_t>(d[0]);
  for (size_t first = 2 * units; first + units <= values.size(); first += 8 * units) {
    std::fill_n(values.begin() + static_cast<int64_t>(first), units, 1.0);
  }
  return values;
}

void check_matrix(std::span<const double>, const Shape& shape) {
  if (shape.size() == 2) return;
  throw Error(ErrorCode::model,
              fmt::format("initializer \"identity\": it fills a matrix, but the parameter has the "
                          "shape {}.",
                          to_string(shape)));
}

void check_limits(std::span<const double> constants, const Shape&) {
  if (constants[0] <= constants[1]) return;
  throw Error(ErrorCode::usage, fmt::format("initializer \"uniform\": minimum {} is above maximum "
                                            "{}.",
                                            constants[0], constants[1]));
}

InitializerDefinition by_variance(std::string_view name, std::vector<std::string_view> aliases,
                                  std::string_view formula, std::string_view source,
                                  Values (*draw)(const Draw&)) {
  return {name,
          std::move(aliases),
          formula,
          source,
          {{"scale", 1, "times the variance", Domain::not_negative}},
          draw};
}

std::vector<InitializerDefinition> make_table() {
  const Constant gain{"gain", 1, "times the matrix"}, mean{"mean", 0, "of the distribution"};
  const Constant deviation{"deviation", 0.05, "of the distribution", Domain::not_negative};
  return {
      {"zeros", {"zero"}, "0", "", {}, [](const Draw& d) { return d.all(0); }},
      {"ones", {"one"}, "1", "", {}, [](const Draw& d) { return d.all(1); }},
      {"constant",
       {},
       "value",
       "",
       {{"value", 0, "of all elements"}},
       [](const Draw& d) { return d.all(d[0]); }},
      {"forget_gate_ones",
       {},
       "1 for the forget gates in the bias of an LSTM, 0 elsewhere",
       "Jozefowicz, Zaremba, Sutskever 2015",
       {{"units", 1, "of one direction", Domain::positive_count}},
       forget_gate_ones},
      {"identity", {}, "gain on the diagonal, 0 elsewhere", "", {gain}, identity, check_matrix},
      {"orthogonal",
       {},
       "gain times a random matrix with orthonormal rows or columns",
       "Saxe, McClelland, Ganguli 2014",
       {gain},
       orthogonal},
      {"uniform",
       {},
       "uniform from minimum to maximum",
       "",
       {{"minimum", -0.05, "lower limit"}, {"maximum", 0.05, "upper limit"}},
       [](const Draw& d) { return d.uniform(d[0], d[1]); },
       check_limits},
      {"normal",
       {},
       "normal",
       "",
       {deviation, mean},
       [](const Draw& d) { return d.normal(d[1], d[0]); }},
      {"truncated_normal",
       {},
       "normal, drawn again beyond two deviations from the mean",
       "",
       {deviation, mean},
       [](const Draw& d) { return d.truncated_normal(d[1], d[0]); }},
      by_variance("glorot_uniform", {"xavier_uniform"}, "uniform, variance 2 / (fan_in + fan_out)",
                  "Glorot, Bengio 2010",
                  [](const Draw& d) {
                    return d.uniform_of_variance(d[0] * 2 / (d.fan_in() + d.fan_out()));
                  }),
      by_variance("glorot_normal", {"xavier", "xavier_normal"},
                  "normal, variance 2 / (fan_in + fan_out)", "Glorot, Bengio 2010",
                  [](const Draw& d) {
                    return d.normal_of_variance(d[0] * 2 / (d.fan_in() + d.fan_out()));
                  }),
      by_variance("he_uniform", {"relu_uniform", "kaiming_uniform"}, "uniform, variance 2 / fan_in",
                  "He, Zhang, Ren, Sun 2015",
                  [](const Draw& d) { return d.uniform_of_variance(d[0] * 2 / d.fan_in()); }),
      by_variance("he_normal", {"relu", "kaiming_normal"}, "normal, variance 2 / fan_in",
                  "He, Zhang, Ren, Sun 2015",
                  [](const Draw& d) { return d.normal_of_variance(d[0] * 2 / d.fan_in()); }),
      by_variance("lecun_uniform", {"var_scaling_uniform_fan_in"}, "uniform, variance 1 / fan_in",
                  "LeCun, Bottou, Orr, Müller 1998",
                  [](const Draw& d) { return d.uniform_of_variance(d[0] / d.fan_in()); }),
      by_variance("lecun_normal", {"xavier_fan_in"}, "normal, variance 1 / fan_in",
                  "LeCun, Bottou, Orr, Müller 1998",
                  [](const Draw& d) { return d.normal_of_variance(d[0] / d.fan_in()); }),
      by_variance("sigmoid_uniform", {}, "uniform, variance 32 / (fan_in + fan_out)",
                  "Glorot, Bengio 2010",
                  [](const Draw& d) {
                    return d.uniform_of_variance(d[0] * 32 / (d.fan_in() + d.fan_out()));
                  }),
      by_variance(
          "xavier_legacy", {}, "normal, variance 1 / (fan_in + fan_out)", "",
          [](const Draw& d) { return d.normal_of_variance(d[0] / (d.fan_in() + d.fan_out())); }),
      by_variance("var_scaling_uniform_fan_out", {}, "uniform, variance 1 / fan_out", "",
                  [](const Draw& d) { return d.uniform_of_variance(d[0] / d.fan_out()); }),
      by_variance("var_scaling_uniform_fan_avg", {}, "uniform, variance 2 / (fan_in + fan_out)", "",
                  [](const Draw& d) {
                    return d.uniform_of_variance(d[0] * 2 / (d.fan_in() + d.fan_out()));
                  }),
      by_variance("var_scaling_normal_fan_in", {}, "truncated normal, variance 1 / fan_in", "",
                  [](const Draw& d) { return d.truncated_normal_of_variance(d[0] / d.fan_in()); }),
      by_variance("var_scaling_normal_fan_out", {}, "truncated normal, variance 1 / fan_out", "",
                  [](const Draw& d) { return d.truncated_normal_of_variance(d[0] / d.fan_out()); }),
      by_variance("var_scaling_normal_fan_avg", {},
                  "truncated normal, variance 2 / (fan_in + fan_out)", "",
                  [](const Draw& d) {
                    return d.truncated_normal_of_variance(d[0] * 2 / (d.fan_in() + d.fan_out()));
                  }),
  };
}

const InitializerDefinition& find_definition(const CallText& call) {
  const std::string wanted = plain_name(call.name);
  std::vector<std::string> names{"auto"};
  for (const InitializerDefinition& definition : initializers()) {
    if (plain_name(definition.name) == wanted) return definition;
    names.emplace_back(definition.name);
    for (const std::string_view alias : definition.aliases) {
      if (plain_name(alias) == wanted) return definition;
      names.emplace_back(alias);
    }
  }
  throw Error(ErrorCode::usage,
              "There is no initializer \"" + call.name + "\"." + did_you_mean(call.name, names));
}

struct Chosen {
  const InitializerDefinition& definition;
  std::vector<double> constants;
};

Chosen choose(std::string_view text, const Shape& shape) {
  const CallText call = parse_call("initializer", text);
  const InitializerDefinition& definition = find_definition(call);
  Chosen chosen{definition, read_constants("initializer", call, definition.constants)};
  if (definition.check) definition.check(chosen.constants, shape);
  return chosen;
}

}  // namespace

const std::vector<InitializerDefinition>& initializers() {
  static const std::vector<InitializerDefinition> table = make_table();
  return table;
}

void check_initializer(std::string_view initializer, const Shape& shape) {
  choose(initializer, shape);
}

std::vector<double> initial_values(std::string_view initializer, const Shape& shape,
                                   std::string_view parameter_name, uint64_t seed) {
  Chosen chosen = choose(initializer, shape);
  return chosen.definition.draw({std::move(chosen.constants), shape, parameter_name, seed});
}

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

}  // namespace sinapse
