// The space of a search as people write it.
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "train/run_file.h"
#include "train/run_values.h"
#include "train/search.h"

namespace sinapse {

namespace {

constexpr size_t kMaxChoice = 10'000;  // bytes; aliases can make a short file long
constexpr int kMaxDepth = 16;

// A value on one line, as the command line takes it.
void write_flow(std::string& text, const YAML::Node& node, const ValuePlace& place, int depth = 0) {
  if (text.size() > kMaxChoice || depth > kMaxDepth) place.fail("is too long for a choice");
  const char* separator = "";
  if (node.IsSequence()) {
    text += "[";
    for (const YAML::Node& element : node) {
      text += std::exchange(separator, ", ");
      write_flow(text, element, place, depth + 1);
    }
    text += "]";
  } else if (node.IsMap()) {
    text += "{";
    for (const auto& entry : node) {
      text += std::exchange(separator, ", ");
      write_flow(text, entry.first, place, depth + 1);
      text += ": ";
      write_flow(text, entry.second, place, depth + 1);
    }
    text += "}";
  } else if (node.IsScalar() && depth > 0) {
    YAML::Emitter out;
    if (node.Tag() == "!") out << YAML::DoubleQuoted;  // a text in quotes, even if it is a number
    out << node.Scalar();
    text += out.c_str();
  } else if (node.IsScalar()) {
    text += node.Scalar();
  } else {
    place.fail("has a choice without a value");
  }
}

bool holds_whole_numbers(const std::string& key) {
  for (const RunKey& known : run_keys()) {
    if (known.path == key) return known.type.starts_with("a whole number");
  }
  return false;
}

void read_field(SearchRange& range, const std::string& field, const YAML::Node& node,
                const ValuePlace& place) {
  if (field == "low") return read_node(range.low, node, place);
  if (field == "high") return read_node(range.high, node, place);
  if (field == "log") return read_node(range.log, node, place);
  if (field != "choices") {
    place.fail(fmt::format("is no field of a range.{}",
                           did_you_mean(field, {"low", "high", "log", "choices"})));
  }
  if (!node.IsSequence() || node.size() == 0) place.fail("expects a list of choices");
  for (const YAML::Node& choice : node) {
    write_flow(range.choices.emplace_back(), choice, place);
  }
}

void add(SearchSpace& space, SearchRange range) {
  range.whole = range.choices.empty() && holds_whole_numbers(range.key);
  for (SearchRange& old : space) {
    if (old.key != range.key) continue;
    old = std::move(range);
    return;
  }
  space.push_back(std::move(range));
}

SearchRange read_range(const std::string& key, const YAML::Node& node, const std::string& source) {
  const ValuePlace place{source, key, node.Mark().line + 1};
  if (!node.IsMap()) place.fail("expects {low: 0, high: 1} or {choices: [...]}");
  SearchRange range{.key = key};
  std::set<std::string> fields;
  for (const auto& entry : node) {
    const std::string field = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const ValuePlace at{source, key + "." + field, entry.second.Mark().line + 1};
    if (!fields.insert(field).second) at.fail("is given twice");
    read_field(range, field, entry.second, at);
  }
  const bool has_ends = fields.contains("low") && fields.contains("high");
  if (fields.contains("choices") ? fields.size() > 1 : !has_ends) {
    place.fail("expects either low and high, or choices");
  }
  return range;
}

YAML::Node parse(const std::string& yaml, const std::string& source) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::ParserException& error) {
    throw Error(ErrorCode::usage, fmt::format("{}:{}: this is not YAML: {}.", source,
                                              error.mark.line + 1, error.msg));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::usage, fmt::format("{}: this is not YAML: {}.", source, error.what()));
  }
}

std::vector<std::string> split_at_bars(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '|') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

void merge_space(SearchSpace& space, const std::string& yaml, const std::string& source) {
  const YAML::Node root = parse(yaml, source);
  if (root.IsNull()) return;
  if (!root.IsMap()) {
    throw Error(ErrorCode::usage,
                source + ": a space has keys of the run file, each with its range.");
  }
  std::set<std::string> keys;
  for (const auto& entry : root) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (!keys.insert(key).second) {
      ValuePlace{source, key, entry.first.Mark().line + 1}.fail("is given twice");
    }
    add(space, read_range(key, entry.second, source));
  }
}

void merge_space_argument(SearchSpace& space, const std::string& argument) {
  const size_t equals = argument.find('=');
  const std::string key = argument.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
  const ValuePlace place{"--space", key};
  if (value.empty()) place.fail("expects KEY=LOW..HIGH, KEY=LOW..HIGH:log or KEY=A|B|C");
  if (value.starts_with('{'))
    return add(space, read_range(key, parse(value, "--space"), "--space"));
  SearchRange range{.key = key};
  const size_t dots = value.find("..");
  if (dots == std::string::npos || value.starts_with('[')) {
    range.choices = split_at_bars(value);
    return add(space, std::move(range));
  }
  range.log = value.ends_with(":log");
  const size_t end = range.log ? value.size() - std::string(":log").size() : value.size();
  read_text(range.low, value.substr(0, dots), place);
  read_text(range.high, value.substr(dots + 2, end - dots - 2), place);
  add(space, std::move(range));
}

}  // namespace sinapse
