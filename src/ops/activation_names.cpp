// Names of activations, read and written: "leaky_relu(alpha=0.2)".
#include "ops/activation_names.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <sinapse/error.h>

#include "data/nearest.h"

namespace sinapse {
namespace {

/// The letters that count when names are compared.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-' && c != ' ')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return plain;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void fail(std::string_view text, const std::string& problem) {
  throw Error(ErrorCode::usage, "activation \"" + std::string(text) + "\": " + problem);
}

const ActivationDefinition& require_activation(std::string_view name, std::string_view text) {
  if (const ActivationDefinition* found = find_activation(name)) return *found;
  if (plain_name(name) == "prelu")
    fail(text, "PReLU learns its slope, so it is a layer: write it as one, or use leaky_relu");
  std::vector<std::string> names;
  for (const ActivationDefinition* definition : activations()) {
    names.emplace_back(definition->name);
    names.insert(names.end(), definition->aliases.begin(), definition->aliases.end());
  }
  fail(text, "there is no activation \"" + std::string(name) + "\"." + did_you_mean(name, names));
}

std::optional<double> read_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

size_t constant_index(const ActivationDefinition& definition, std::string_view name,
                      std::string_view text) {
  std::vector<std::string> names;
  for (size_t i = 0; i < definition.constants.size(); ++i) {
    if (plain_name(definition.constants[i].name) == plain_name(name)) return i;
    names.emplace_back(definition.constants[i].name);
  }
  const std::string problem = std::string(definition.name) + " has no constant \"" +
                              std::string(name) + "\"." +
                              (names.empty() ? " It has none at all." : did_you_mean(name, names));
  fail(text, problem);
}

/// Sets the constant that an argument, "alpha=0.2" or just "0.2", stands for.
void set_constant(Activation& activation, std::vector<bool>& is_set, size_t position,
                  std::string_view argument, std::string_view text) {
  const ActivationDefinition& definition = *activation.definition;
  const size_t equals = argument.find('=');
  const bool named = equals != std::string_view::npos;
  const size_t index =
      named ? constant_index(definition, trimmed(argument.substr(0, equals)), text) : position;
  if (index >= definition.constants.size())
    fail(text, std::string(definition.name) + " has " +
                   std::to_string(definition.constants.size()) + " constants, not more");
  const std::string_view value = named ? trimmed(argument.substr(equals + 1)) : argument;
  const std::optional<double> number = read_number(value);
  const std::string name(definition.constants[index].name);
  if (!number || !std::isfinite(*number))
    fail(text, "expected a finite number for " + name + ", got \"" + std::string(value) + "\"");
  if (is_set[index]) fail(text, name + " is given twice");
  is_set[index] = true;
  activation.constants[index] = *number;
}

std::vector<std::string_view> split_arguments(std::string_view arguments) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= arguments.size();) {
    const size_t end = std::min(arguments.find(',', begin), arguments.size());
    parts.push_back(trimmed(arguments.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

Activation with_defaults(const ActivationDefinition& definition) {
  Activation activation{&definition, {}};
  for (const ActivationConstant& constant : definition.constants)
    activation.constants.push_back(constant.default_value);
  return activation;
}

}  // namespace

const ActivationDefinition* find_activation(std::string_view name) {
  const std::string wanted = plain_name(name);
  for (const ActivationDefinition* definition : activations()) {
    if (plain_name(definition->name) == wanted) return definition;
    for (const std::string_view alias : definition->aliases)
      if (plain_name(alias) == wanted) return definition;
  }
  return nullptr;
}

Activation parse_activation(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const size_t open = whole.find('(');
  const std::string_view name = trimmed(whole.substr(0, open));
  if (open == std::string_view::npos) return with_defaults(require_activation(name, text));
  if (whole.back() != ')') fail(text, "expected \")\" at the end");
  const std::string_view inside = trimmed(whole.substr(open + 1, whole.size() - open - 2));
  if (const auto* variant = find_activation(std::string(name) + "_" + std::string(inside)))
    return with_defaults(*variant);  // gelu(tanh) is gelu_tanh
  Activation activation = with_defaults(require_activation(name, text));
  if (inside.empty()) return activation;
  std::vector<bool> is_set(activation.constants.size(), false);
  const std::vector<std::string_view> arguments = split_arguments(inside);
  for (size_t i = 0; i < arguments.size(); ++i)
    set_constant(activation, is_set, i, arguments[i], text);
  return activation;
}

std::string to_string(const Activation& activation) {
  const ActivationDefinition& definition = *activation.definition;
  std::string arguments;
  for (size_t i = 0; i < activation.constants.size(); ++i) {
    if (activation.constants[i] == definition.constants[i].default_value) continue;
    char number[32];
    char* const end = std::to_chars(number, number + sizeof number, activation.constants[i]).ptr;
    arguments += arguments.empty() ? "(" : ", ";
    arguments += std::string(definition.constants[i].name) + "=" + std::string(number, end);
  }
  return std::string(definition.name) + arguments + (arguments.empty() ? "" : ")");
}

}  // namespace sinapse
