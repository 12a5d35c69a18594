#include "data/call_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/nearest.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(std::string_view kind, const CallText& call, const std::string& problem) {
  throw Error(ErrorCode::usage, fmt::format("{} \"{}\": {}", kind, call.text, problem));
}

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> choices_of(const Constant& constant) {
  std::vector<std::string> choices;
  for (size_t begin = 0; begin < constant.choices.size();) {
    const size_t end = std::min(constant.choices.find(' ', begin), constant.choices.size());
    choices.emplace_back(constant.choices.substr(begin, end - begin));
    begin = end + 1;
  }
  return choices;
}

std::optional<double> read_choice(const std::string& text, const Constant& constant) {
  const std::vector<std::string> choices = choices_of(constant);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (plain_name(choices[i]) == plain_name(text)) return static_cast<double>(i);
  }
  return std::nullopt;
}

std::optional<double> read_number(const std::string& text, const Constant& constant) {
  const Domain domain = constant.domain;
  if (domain == Domain::choice) return read_choice(text, constant);
  if (domain == Domain::flag && text == "true") return 1;
  if (domain == Domain::flag && text == "false") return 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool lies_in(double number, Domain domain) {
  if (!std::isfinite(number)) return false;
  switch (domain) {
    case Domain::number:
      return true;
    case Domain::not_negative:
      return number >= 0;
    case Domain::positive:
      return number > 0;
    case Domain::share:
      return number >= 0 && number < 1;
    case Domain::proportion:
      return number >= 0 && number <= 1;
    case Domain::at_least_one:
      return number >= 1;
    case Domain::count:
      return number >= 0 && number <= 1e9 && number == std::floor(number);
    case Domain::positive_count:
      return number >= 1 && number <= 1e9 && number == std::floor(number);
    case Domain::flag:
      return number == 0 || number == 1;
    case Domain::choice:
      return true;
  }
  return false;
}

size_t index_of(std::string_view kind, const CallText& call, std::string_view name,
                std::span<const Constant> constants) {
  std::vector<std::string> names;
  for (size_t i = 0; i < constants.size(); ++i) {
    if (plain_name(constants[i].name) == plain_name(name)) return i;
    names.emplace_back(constants[i].name);
  }
  fail(kind, call,
       fmt::format("{} has no constant \"{}\".{}", call.name, name,
                   names.empty() ? " It has none at all." : did_you_mean(name, names)));
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return plain;
}

CallText parse_call(std::string_view kind, std::string_view text) {
  CallText call{.text = std::string(text), .name = trimmed(text), .arguments = {}};
  const size_t open = call.name.find('(');
  if (open == std::string::npos) return call;
  if (call.name.back() != ')') fail(kind, call, "expected \")\" at the end.");
  const std::string inside = call.name.substr(open + 1, call.name.size() - open - 2);
  call.name = trimmed(call.name.substr(0, open));
  if (trimmed(inside).empty()) return call;
  for (size_t begin = 0; begin <= inside.size();) {
    const size_t end = std::min(inside.find(',', begin), inside.size());
    call.arguments.push_back(trimmed(inside.substr(begin, end - begin)));
    begin = end + 1;
  }
  return call;
}

std::vector<double> read_constants(std::string_view kind, const CallText& call,
                                   std::span<const Constant> constants) {
  std::vector<double> values;
  for (const Constant& constant : constants) values.push_back(constant.default_value);
  std::vector<bool> is_set(constants.size(), false);
  for (size_t position = 0; position < call.arguments.size(); ++position) {
    const std::string& argument = call.arguments[position];
    const size_t equals = argument.find('=');
    const bool named = equals != std::string::npos;
    const size_t i =
        named ? index_of(kind, call, trimmed(argument.substr(0, equals)), constants) : position;
    if (i >= constants.size()) {
      fail(kind, call, fmt::format("{} has {} constants, not more.", call.name, constants.size()));
    }
    const std::string value = named ? trimmed(argument.substr(equals + 1)) : argument;
    const std::optional<double> number = read_number(value, constants[i]);
    if (!number || !lies_in(*number, constants[i].domain)) {
      fail(kind, call,
           fmt::format("{} must be {}, but is \"{}\".", constants[i].name, describe(constants[i]),
                       value));
    }
    if (is_set[i]) fail(kind, call, fmt::format("{} is given twice.", constants[i].name));
    is_set[i] = true;
    values[i] = *number;
  }
  return values;
}

std::string call_text(std::string_view name, std::span<const Constant> constants,
                      std::span<const double> values) {
  std::string arguments;
  for (size_t i = 0; i < constants.size(); ++i) {
    if (values[i] == constants[i].default_value) continue;
    arguments += fmt::format("{}{}={}", arguments.empty() ? "" : ",", constants[i].name,
                             value_text(constants[i], values[i]));
  }
  return arguments.empty() ? std::string(name) : fmt::format("{}({})", name, arguments);
}

std::string value_text(const Constant& constant, double value) {
  if (constant.domain == Domain::flag) return value != 0 ? "true" : "false";
  if (constant.domain == Domain::choice) return choices_of(constant)[static_cast<size_t>(value)];
  return fmt::format("{}", value);
}

std::string describe(const Constant& constant) {
  switch (constant.domain) {
    case Domain::number:
      return "a finite number";
    case Domain::not_negative:
      return "a number of at least 0";
    case Domain::positive:
      return "a number above 0";
    case Domain::share:
      return "a number of at least 0 and below 1";
    case Domain::proportion:
      return "a number of at least 0 and at most 1";
    case Domain::at_least_one:
      return "a number of at least 1";
    case Domain::count:
      return "a whole number of at least 0";
    case Domain::positive_count:
      return "a whole number of at least 1";
    case Domain::flag:
      return "true or false";
    case Domain::choice:
      return fmt::format("{}", fmt::join(choices_of(constant), " or "));
  }
  return "";
}

}  // namespace sinapse
