#include "train/run_values.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/duration.h"

namespace sinapse {

namespace {

constexpr size_t kMaxShown = 60;  // bytes of a wrong value in a message

std::string shown(const std::string& text) {
  if (text.size() <= kMaxShown) return fmt::format("\"{}\"", text);
  return fmt::format("\"{}...\"", text.substr(0, kMaxShown));
}

template <class T>
[[noreturn]] void fail_type(const T& value, const std::string& got, const ValuePlace& place) {
  place.fail(fmt::format("expects {}, got {}", type_name(value), got));
}

template <class T>
void read_number(T& value, const std::string& text, const ValuePlace& place) {
  T number{};
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    place.fail(fmt::format("{} is outside the range of numbers", shown(text)));
  }
  const bool whole_text = error == std::errc{} && end == text.data() + text.size();
  if (!whole_text) fail_type(value, shown(text), place);
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(number)) fail_type(value, shown(text), place);
  }
  value = number;
}

std::string kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  if (node.IsScalar()) return shown(node.Scalar());
  return "nothing";
}

bool is_quoted(const YAML::Node& node) {
  return node.Tag() == "!";
}

template <class T>
void read_scalar(T& value, const YAML::Node& node, const ValuePlace& place) {
  if (!node.IsScalar()) fail_type(value, kind_of(node), place);
  if (!std::is_same_v<T, std::string> && is_quoted(node)) {
    fail_type(value, "the text " + kind_of(node), place);
  }
  read_text(value, node.Scalar(), place);
}

ValuePlace element_place(const ValuePlace& place, size_t index, const YAML::Node& node) {
  return {place.source, fmt::format("{}[{}]", place.key, index), node.Mark().line + 1};
}

template <class T>
void read_sequence(std::vector<T>& value, const YAML::Node& node, const ValuePlace& place) {
  std::vector<T> elements;
  for (const YAML::Node& element : node) {
    read_node(elements.emplace_back(), element, element_place(place, elements.size(), element));
  }
  value = std::move(elements);
}

template <class T>
void read_list(std::vector<T>& value, const YAML::Node& node, const ValuePlace& place) {
  if (node.IsSequence()) return read_sequence(value, node, place);
  if (!node.IsScalar()) fail_type(value, kind_of(node), place);
  T element{};
  read_scalar(element, node, place);
  value = {std::move(element)};
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Other YAML readers would take such a text for something else than a text.
bool needs_quotes(const std::string& text) {
  double number;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ptr == text.data() + text.size()) return true;
  const std::string word = lower(text);
  return word == "true" || word == "false" || word == "null" || word == "~";
}

}  // namespace

void ValuePlace::fail(const std::string& message) const {
  const std::string where = line > 0 ? fmt::format("{}:{}", source, line) : source;
  const bool ends = message.ends_with('?') || message.ends_with('.');
  throw Error(ErrorCode::usage, fmt::format("{}: {} {}{}", where, key, message, ends ? "" : "."));
}

std::string_view type_name(const bool&) {
  return "true or false";
}
std::string_view type_name(const int&) {
  return "a whole number";
}
std::string_view type_name(const int64_t&) {
  return "a whole number";
}
std::string_view type_name(const uint64_t&) {
  return "a whole number of at least 0";
}
std::string_view type_name(const double&) {
  return "a number";
}
std::string_view type_name(const std::chrono::duration<double>&) {
  return "a duration, as 90s, 10m or 1.5h";
}
std::string_view type_name(const std::string&) {
  return "a text";
}
std::string_view type_name(const std::vector<int64_t>&) {
  return "a list of whole numbers";
}
std::string_view type_name(const std::vector<std::string>&) {
  return "a list of texts";
}
std::string_view type_name(const std::vector<LayerDescription>&) {
  return "a list of layers";
}
std::string_view type_name(const ClassWeights&) {
  return "balanced, or classes and their weights such as {yes: 5, no: 1}";
}

std::string_view type_name(const std::vector<std::vector<std::string>>&) {
  return "a list of pairs of columns";
}
std::string_view type_name(const ColumnDeclarations&) {
  return "columns and their keys";
}

void read_text(bool& value, const std::string& text, const ValuePlace& place) {
  const std::string word = lower(text);
  if (word != "true" && word != "false") fail_type(value, shown(text), place);
  value = word == "true";
}

void read_text(int& value, const std::string& text, const ValuePlace& place) {
  read_number(value, text, place);
}
void read_text(int64_t& value, const std::string& text, const ValuePlace& place) {
  read_number(value, text, place);
}
void read_text(uint64_t& value, const std::string& text, const ValuePlace& place) {
  read_number(value, text, place);
}
void read_text(double& value, const std::string& text, const ValuePlace& place) {
  read_number(value, text, place);
}
void read_text(std::chrono::duration<double>& value, const std::string& text,
               const ValuePlace& place) {
  const auto duration = parse_duration(text);
  if (!duration) fail_type(value, shown(text), place);
  value = *duration;
}
void read_text(std::string& value, const std::string& text, const ValuePlace&) {
  value = text;
}

void read_node(bool& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(int& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(int64_t& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(uint64_t& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(double& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(std::chrono::duration<double>& value, const YAML::Node& node,
               const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(std::string& value, const YAML::Node& node, const ValuePlace& place) {
  read_scalar(value, node, place);
}
void read_node(std::vector<int64_t>& value, const YAML::Node& node, const ValuePlace& place) {
  read_list(value, node, place);
}
void read_node(std::vector<std::string>& value, const YAML::Node& node, const ValuePlace& place) {
  read_list(value, node, place);
}
void read_node(std::vector<LayerDescription>& value, const YAML::Node& node,
               const ValuePlace& place) {
  if (!node.IsSequence()) fail_type(value, kind_of(node), place);
  read_sequence(value, node, place);
}

void read_node(std::vector<std::vector<std::string>>& value, const YAML::Node& node,
               const ValuePlace& place) {
  if (!node.IsSequence()) fail_type(value, kind_of(node), place);
  read_sequence(value, node, place);
}

void read_node(ClassWeights& value, const YAML::Node& node, const ValuePlace& place) {
  ClassWeights weights;
  if (node.IsScalar() && lower(node.Scalar()) == "balanced") {
    weights.balanced = true;
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) fail_type(value, kind_of(entry.first), place);
      read_node(weights.by_class[entry.first.Scalar()], entry.second, place);
    }
  } else if (!node.IsNull() && !(node.IsScalar() && node.Scalar().empty())) {
    fail_type(value, kind_of(node), place);
  }
  value = std::move(weights);
}

void write(YAML::Emitter& out, bool value) {
  out << value;
}
void write(YAML::Emitter& out, int value) {
  out << value;
}
void write(YAML::Emitter& out, int64_t value) {
  out << value;
}
void write(YAML::Emitter& out, uint64_t value) {
  out << value;
}
void write(YAML::Emitter& out, double value) {
  std::string text = fmt::format("{}", value);
  const size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) {
    text.insert(exponent, ".0");  // "1e-08" is a text to readers of YAML 1.1
  }
  out << text;
}

void write(YAML::Emitter& out, std::chrono::duration<double> value) {
  out << duration_text(value);
}

void write(YAML::Emitter& out, const std::string& value) {
  if (needs_quotes(value)) out << YAML::DoubleQuoted;
  out << value;
}

void write(YAML::Emitter& out, const std::vector<int64_t>& value) {
  out << YAML::Flow << value;
}

void write(YAML::Emitter& out, const std::vector<std::string>& value) {
  out << YAML::Flow << YAML::BeginSeq;
  for (const std::string& element : value) write(out, element);
  out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const std::vector<std::vector<std::string>>& value) {
  out << YAML::Flow << YAML::BeginSeq;
  for (const std::vector<std::string>& element : value) write(out, element);
  out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const ClassWeights& value) {
  if (value.by_class.empty()) return write(out, std::string(value.balanced ? "balanced" : ""));
  out << YAML::Flow << YAML::BeginMap;
  for (const auto& [name, weight] : value.by_class) {
    out << YAML::Key;
    write(out, name);
    out << YAML::Value;
    write(out, weight);
  }
  out << YAML::EndMap;
}

}  // namespace sinapse
