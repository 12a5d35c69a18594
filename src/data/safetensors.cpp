#include "data/safetensors.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>

#include "data/atomic_file.h"

namespace sinapse {

static_assert(std::endian::native == std::endian::little,
              "numbers are stored as they lie in memory");

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMetadata = "__metadata__";
constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMaxHeader = 100'000'000;  // bytes, as in the reference implementation
constexpr size_t kAlignment = 8;              // of the numbers in the file

[[noreturn]] void fail(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::file,
              fmt::format("{}: this is no safetensors file, or it is damaged: {}.", source, what));
}

std::string header_text(const Safetensors& contents) {
  Json header;
  if (!contents.metadata.empty()) header[kMetadata] = contents.metadata;
  uint64_t begin = 0;
  for (const NamedTensor& tensor : contents.tensors) {
    const uint64_t end = begin + tensor.values.size() * sizeof(float);
    if (header.contains(tensor.name)) {
      throw std::logic_error("two tensors are named " + tensor.name);
    }
    header[tensor.name] = {
        {"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

// The fields of one tensor, and where its numbers lie.
struct Entry {
  std::string name;
  Shape shape;
  uint64_t begin = 0, end = 0;  // bytes
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;  // in the order of their numbers
};

class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& source) : source_(source) {
    // JSON lets a key stand twice; which one counts would then depend on the reader.
    std::vector<std::set<std::string>> keys;
    const auto note = [&](int, Json::parse_event_t event, Json& parsed) {
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end) keys.pop_back();
      if (event == Json::parse_event_t::key &&
          !keys.back().insert(parsed.get_ref<const std::string&>()).second) {
        fail(source_, "a name stands twice in the header");
      }
      return true;
    };
    if (!text.starts_with('{')) fail(source_, "the header is no JSON object");
    json_ = Json::parse(text, note, /*allow_exceptions=*/false);
    if (!json_.is_object()) fail(source_, "the header is no JSON object");
  }

  /// `data_bytes` follow the header.
  Header parse(uint64_t data_bytes) const {
    Header header;
    for (const auto& [name, value] : json_.items()) {
      if (name == kMetadata) {
        header.metadata = metadata(value);
      } else {
        header.entries.push_back(entry(name, value));
      }
    }
    std::stable_sort(header.entries.begin(), header.entries.end(),
                     [](const Entry& a, const Entry& b) {
                       return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                     });
    uint64_t end = 0;
    for (const Entry& entry : header.entries) {
      if (entry.begin != end) {
        fail(source_, fmt::format("the numbers of \"{}\" do not follow those before", entry.name));
      }
      end = entry.end;
    }
    if (end != data_bytes) {
      fail(source_, fmt::format("the header describes {} bytes of numbers, but {} follow it", end,
                                data_bytes));
    }
    return header;
  }

 private:
  std::map<std::string, std::string> metadata(const Json& value) const {
    if (!value.is_object()) fail(source_, "__metadata__ is no object");
    std::map<std::string, std::string> result;
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail(source_, fmt::format("__metadata__.{} is no text", key));
      result[key] = text.get<std::string>();
    }
    return result;
  }

  Entry entry(const std::string& name, const Json& value) const {
    const auto wrong = [&](const char* what) {
      fail(source_, fmt::format("{} of \"{}\" is wrong", what, name));
    };
    if (!value.is_object() || value.size() != 3) wrong("the description");
    const auto type = value.find("dtype"), shape = value.find("shape"),
               offsets = value.find("data_offsets");
    if (type == value.end() || shape == value.end() || offsets == value.end()) {
      wrong("the description");
    }
    if (*type != "F32") {
      fail(source_, fmt::format("\"{}\" has numbers of type {}, but only F32 is read", name,
                                type->dump(-1, ' ', true, Json::error_handler_t::replace)));
    }
    if (!shape->is_array()) wrong("the shape");
    Entry entry{.name = name};
    uint64_t elements = 1;
    for (const Json& size : *shape) {
      if (!size.is_number_unsigned() || size.get<uint64_t>() > kMostElements) wrong("the shape");
      elements *= size.get<uint64_t>();
      if (elements > kMostElements) wrong("the shape");
      entry.shape.push_back(size.get<int64_t>());
    }
    if (!offsets->is_array() || offsets->size() != 2 || !(*offsets)[0].is_number_unsigned() ||
        !(*offsets)[1].is_number_unsigned()) {
      wrong("data_offsets");
    }
    entry.begin = (*offsets)[0].get<uint64_t>();
    entry.end = (*offsets)[1].get<uint64_t>();
    if (entry.end < entry.begin || entry.end - entry.begin != elements * sizeof(float)) {
      wrong("data_offsets");
    }
    return entry;
  }

  static constexpr uint64_t kMostElements = uint64_t{1} << 31;  // products stay within 64 bits

  const std::string& source_;
  Json json_;
};

// The length of the header, from the file's first bytes.
uint64_t header_length(std::string_view bytes, uint64_t file_size, const std::string& source) {
  if (bytes.size() < kLengthBytes) fail(source, "it is too short");
  uint64_t length;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHeader || length > file_size - kLengthBytes) {
    fail(source, fmt::format("the header should have {} bytes", length));
  }
  return length;
}

class InputFile {
 public:
  explicit InputFile(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code failed;
    size_ = std::filesystem::file_size(path, failed);
    if (failed || !file_) {
      const int error = failed ? failed.value() : errno;
      throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, std::strerror(error)));
    }
  }

  uint64_t size() const { return size_; }

  // The file may be cut off while it is read.
  std::string read(uint64_t count) {
    std::string bytes(std::min(count, size_), '\0');
    file_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<size_t>(file_.gcount()));
    return bytes;
  }

 private:
  std::string path_;
  std::ifstream file_;
  uint64_t size_ = 0;
};

}  // namespace

void write_safetensors(const std::string& path, const Safetensors& contents) {
  const std::string header = header_text(contents);
  const uint64_t length = header.size();
  std::vector<std::string_view> pieces{{reinterpret_cast<const char*>(&length), kLengthBytes},
                                       header};
  for (const NamedTensor& tensor : contents.tensors) {
    pieces.emplace_back(reinterpret_cast<const char*>(tensor.values.data()),
                        tensor.values.size() * sizeof(float));
  }
  write_file_atomically(path, pieces);
}

Safetensors parse_safetensors(std::string_view bytes, const std::string& source) {
  const uint64_t length = header_length(bytes, bytes.size(), source);
  const std::string_view data = bytes.substr(kLengthBytes + length);
  Header header = HeaderParser(bytes.substr(kLengthBytes, length), source).parse(data.size());
  Safetensors contents{.metadata = std::move(header.metadata)};
  for (Entry& entry : header.entries) {
    std::vector<float> values((entry.end - entry.begin) / sizeof(float));
    if (!values.empty()) {
      std::memcpy(values.data(), data.data() + entry.begin, values.size() * sizeof(float));
    }
    contents.tensors.push_back({std::move(entry.name), std::move(entry.shape), std::move(values)});
  }
  return contents;
}

Safetensors read_safetensors(const std::string& path) {
  InputFile file(path);
  return parse_safetensors(file.read(file.size()), path);
}

std::map<std::string, std::string> read_safetensors_metadata(const std::string& path) {
  InputFile file(path);
  const uint64_t length = header_length(file.read(kLengthBytes), file.size(), path);
  return HeaderParser(file.read(length), path).parse(file.size() - kLengthBytes - length).metadata;
}

}  // namespace sinapse
