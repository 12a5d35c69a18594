// The table of optimizers, and their text form.
#include <sinapse/optimizer.h>

#include <sinapse/error.h>

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "data/nearest.h"
#include "ops/scalars.h"

namespace sinapse {

#include "ops/optimizers-inl.h"

const std::vector<OptimizerDefinition>& optimizers() {
  const OptimizerConstant decay{"weight_decay", 0, "times the weight is added to the gradient (L2)"};
  const OptimizerConstant momentum{"momentum", 0.9, "share of the last move that is kept"};
  const OptimizerConstant beta1{"beta1", 0.9, "decay of the mean gradient"};
  const OptimizerConstant beta2{"beta2", 0.999, "decay of the mean squared gradient"};
  const OptimizerConstant epsilon{"epsilon", 1e-8, "keeps the quotient finite"};
  static const std::vector<OptimizerDefinition> table{
      {Sgd::name, "w -= lr (g + weight_decay w)", "Robbins, Monro 1951", {decay}, Sgd::num_moments,
       0.01},
      {Momentum::name, "m = momentum m + g;  w -= lr m", "Polyak 1964", {momentum, decay},
       Momentum::num_moments, 0.01},
      {Nesterov::name, "m = momentum m + g;  w -= lr (g + momentum m)",
       "Nesterov 1983; Sutskever, Martens, Dahl, Hinton 2013", {momentum, decay},
       Nesterov::num_moments, 0.01},
      {Adam::name,
       "m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2;  w -= lr m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)",
       "Kingma, Ba 2015", {beta1, beta2, epsilon, decay}, Adam::num_moments, 0.001},
      {AdamW::name, "w -= lr weight_decay w, then as adam", "Loshchilov, Hutter 2019",
       {beta1, beta2, epsilon, {"weight_decay", 0.01, "times lr the weight shrinks"}},
       AdamW::num_moments, 0.001},
  };
  return table;
}

namespace {

std::string lowercase(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!std::isspace(static_cast<unsigned char>(c))) {
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return result;
}

const OptimizerDefinition& find_definition(const std::string& name) {
  std::vector<std::string> names;
  for (const OptimizerDefinition& definition : optimizers()) {
    if (definition.name == name) return definition;
    names.emplace_back(definition.name);
  }
  throw Error(ErrorCode::usage, fmt::format("There is no optimizer \"{}\".{}", name,
                                            did_you_mean(name, names)));
}

void set_constant(Optimizer& optimizer, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  const std::string key = assignment.substr(0, equals);
  std::vector<std::string> names;
  const auto& constants = optimizer.definition->constants;
  for (size_t i = 0; i < constants.size(); ++i) {
    names.emplace_back(constants[i].name);
    if (constants[i].name != key || equals == std::string::npos) continue;
    size_t used = 0;
    const std::string number = assignment.substr(equals + 1);
    try {
      optimizer.constants[i] = std::stod(number, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != number.size()) {
      throw Error(ErrorCode::usage, fmt::format("{}: {} expects a number, but got \"{}\".",
                                                optimizer.definition->name, key, number));
    }
    return;
  }
  throw Error(ErrorCode::usage, fmt::format("{} has no constant \"{}\".{}",
                                            optimizer.definition->name, key,
                                            did_you_mean(key, names)));
}

}  // namespace

Optimizer parse_optimizer(std::string_view given) {
  std::string text = lowercase(given);
  const size_t open = text.find('(');
  Optimizer optimizer;
  optimizer.definition = &find_definition(text.substr(0, open));
  for (const auto& constant : optimizer.definition->constants) {
    optimizer.constants.push_back(constant.default_value);
  }
  if (open == std::string::npos) return optimizer;
  if (text.back() != ')') {
    throw Error(ErrorCode::usage, fmt::format("optimizer \"{}\": the bracket is not closed.", given));
  }
  std::string list = text.substr(open + 1, text.size() - open - 2);
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(',', begin), list.size());
    set_constant(optimizer, list.substr(begin, end - begin));
    begin = end + 1;
  }
  return optimizer;
}

std::string to_string(const Optimizer& optimizer) {
  std::vector<std::string> changed;
  const auto& constants = optimizer.definition->constants;
  for (size_t i = 0; i < constants.size(); ++i) {
    if (optimizer.constants[i] != constants[i].default_value) {
      changed.push_back(fmt::format("{}={}", constants[i].name, optimizer.constants[i]));
    }
  }
  if (changed.empty()) return std::string(optimizer.definition->name);
  return fmt::format("{}({})", optimizer.definition->name, fmt::join(changed, ","));
}

}  // namespace sinapse
