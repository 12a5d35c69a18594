#include "features/json_fields.h"

#include <cmath>
#include <set>

#include <fmt/format.h>

namespace sinapse {

using nlohmann::json;

namespace {

constexpr size_t kMaxShown = 60;

std::string shown(const json& value) {
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= kMaxShown ? text : text.substr(0, kMaxShown) + "...";
}

}  // namespace

json parse_json_object(const std::string& text, const std::string& what) {
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object())
    throw Error(ErrorCode::model,
                fmt::format("{} must be a JSON object; the model file is damaged", what));
  return value;
}

std::string to_json_text(const json& value, const std::string& what) {
  try {
    return value.dump();
  } catch (const json::type_error& error) {
    throw Error(ErrorCode::data,
                fmt::format("{}: a column name or a cell is not UTF-8 text. Convert the file, for "
                            "example with iconv -f LATIN1 -t UTF-8. ({})",
                            what, error.what()));
  }
}

JsonFields::JsonFields(const json& value, std::string what)
    : value_(value), what_(std::move(what)) {
  if (!value_.is_object())
    throw Error(ErrorCode::model,
                fmt::format("{} must be a JSON object, but is {}", what_, shown(value_)));
}

void JsonFields::fail(const char* key, const std::string& expected) const {
  const json* value = find(key);
  throw Error(ErrorCode::model,
              fmt::format("{}: \"{}\" must be {}, but is {}; the model file is damaged", what_, key,
                          expected, value ? shown(*value) : "absent"));
}

const json* JsonFields::find(const char* key) const {
  const auto found = value_.find(key);
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

const json& JsonFields::at(const char* key) const {
  const json* value = find(key);
  if (!value) fail(key, "present");
  return *value;
}

std::string JsonFields::text(const char* key) const {
  if (!at(key).is_string()) fail(key, "a text");
  return at(key).get<std::string>();
}

double JsonFields::number(const char* key) const {
  if (!at(key).is_number() || !std::isfinite(at(key).get<double>())) fail(key, "a finite number");
  return at(key).get<double>();
}

double JsonFields::positive_number(const char* key) const {
  const double value = number(key);
  if (value <= 0 || !std::isnormal(value)) fail(key, "a positive number");
  return value;
}

int64_t JsonFields::integer(const char* key, int64_t smallest, int64_t largest) const {
  const json& value = at(key);
  const bool fits = value.is_number_integer() &&
                    value.get<double>() >= static_cast<double>(smallest) &&
                    value.get<double>() <= static_cast<double>(largest);
  if (!fits) fail(key, fmt::format("a whole number from {} to {}", smallest, largest));
  return value.get<int64_t>();
}

bool JsonFields::flag(const char* key) const {
  if (!at(key).is_boolean()) fail(key, "true or false");
  return at(key).get<bool>();
}

const json& JsonFields::list(const char* key) const {
  if (!at(key).is_array()) fail(key, "a list");
  return at(key);
}

std::vector<double> JsonFields::numbers(const char* key) const {
  std::vector<double> numbers;
  for (const json& item : list(key)) {
    if (!item.is_number() || !std::isfinite(item.get<double>()))
      fail(key, "a list of finite numbers");
    numbers.push_back(item.get<double>());
  }
  return numbers;
}

std::vector<int64_t> JsonFields::integers(const char* key) const {
  std::vector<int64_t> integers;
  for (const json& item : list(key)) {
    if (!item.is_number_integer() || std::abs(item.get<double>()) > 0x1p52)
      fail(key, "a list of whole numbers");
    integers.push_back(item.get<int64_t>());
  }
  return integers;
}

std::vector<std::string> JsonFields::texts(const char* key) const {
  std::vector<std::string> texts;
  for (const json& item : list(key)) {
    if (!item.is_string()) fail(key, "a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

JsonFields::Pairs JsonFields::pairs(const char* key) const {
  Pairs pairs;
  for (const json& item : list(key)) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string())
      fail(key, "a list of pairs of texts");
    pairs.emplace_back(item[0].get<std::string>(), item[1].get<std::string>());
  }
  return pairs;
}

std::vector<std::string> JsonFields::distinct_texts(const char* key) const {
  std::vector<std::string> texts;
  std::set<std::string_view> seen;
  for (const json& item : list(key)) {
    if (!item.is_string()) fail(key, "a list of texts");
    texts.push_back(item.get<std::string>());
    if (!seen.insert(item.get_ref<const std::string&>()).second)
      fail(key, fmt::format("a list without repetitions (\"{}\" stands twice)", texts.back()));
  }
  return texts;
}

}  // namespace sinapse
