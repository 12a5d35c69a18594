// Numbers in the metadata of a checkpoint: texts that are read back to the same bits.
#pragma once

#include <charconv>
#include <map>
#include <string>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

using Metadata = std::map<std::string, std::string>;

/// Throws Error(file): the checkpoint is damaged.
[[noreturn]] inline void fail_damaged(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::file, fmt::format("{}: this checkpoint is damaged: {}.", source, what));
}

inline const std::string& metadata_at(const Metadata& metadata, const std::string& key,
                                      const std::string& source) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) fail_damaged(source, fmt::format("it lacks \"{}\"", key));
  return found->second;
}

/// Doubles as the shortest text that is read back to the same bits; infinity is "inf".
template <class T>
bool read_exactly(T& value, const std::string& text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

inline bool read_exactly(bool& value, const std::string& text) {
  value = text == "true";
  return value || text == "false";
}

inline auto reader_of(const Metadata& metadata, const std::string& source) {
  return [&](const char* key, auto& value) {
    const std::string& text = metadata_at(metadata, key, source);
    if (!read_exactly(value, text)) fail_damaged(source, fmt::format("{} is \"{}\"", key, text));
  };
}

inline auto writer_to(Metadata& metadata) {
  return [&](const char* key, const auto& value) { metadata[key] = fmt::format("{}", value); };
}

}  // namespace sinapse
