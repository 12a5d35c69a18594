// Reads fields of an untrusted JSON object, each checked; what is wrong becomes Error(model).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <sinapse/error.h>

namespace sinapse {

/// Parses text that must be one JSON object. `what` names it in messages: "the model's features".
nlohmann::json parse_json_object(const std::string& text, const std::string& what);

/// JSON text on one line. Throws Error(data) if a text in it is not UTF-8.
std::string to_json_text(const nlohmann::json& value, const std::string& what);

class JsonFields {
 public:
  /// Throws if the value is no object. The value must outlive this.
  JsonFields(const nlohmann::json& value, std::string what);

  std::string text(const char* key) const;
  double number(const char* key) const;           ///< finite
  double positive_number(const char* key) const;  ///< and normal, so that 1 / x is finite
  int64_t integer(const char* key, int64_t smallest, int64_t largest) const;
  bool flag(const char* key) const;
  std::vector<double> numbers(const char* key) const;    ///< finite
  std::vector<int64_t> integers(const char* key) const;  ///< of at most 52 bits
  std::vector<std::string> texts(const char* key) const;
  std::vector<std::string> distinct_texts(const char* key) const;
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Pairs pairs(const char* key) const;  ///< [[a, b], ...]
  const nlohmann::json& list(const char* key) const;
  const nlohmann::json* find(const char* key) const;  ///< nullptr if absent or null

  [[noreturn]] void fail(const char* key, const std::string& expected) const;

 private:
  const nlohmann::json& at(const char* key) const;

  const nlohmann::json& value_;
  std::string what_;
};

}  // namespace sinapse
