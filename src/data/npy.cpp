#include "data/npy.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/atomic_file.h"
#include "data/npy_header.h"

namespace sinapse {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMaxHeaderBytes = size_t{1} << 20;
constexpr bool kLittleEndian = std::endian::native == std::endian::little;

using Bytes = std::vector<std::byte>;

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

struct Half {
  uint16_t bits;
};

float convert(Half half) {
  const int exponent = half.bits >> 10 & 31, fraction = half.bits & 1023;
  float value = std::ldexp(static_cast<float>(fraction + (exponent > 0 ? 1024 : 0)),
                           (exponent > 0 ? exponent : 1) - 25);
  if (exponent == 31)
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  return half.bits >> 15 ? -value : value;
}

int32_t convert(uint16_t value) {
  return value;
}
int64_t convert(uint32_t value) {
  return value;
}
int64_t convert(uint64_t value) {
  return static_cast<int64_t>(value);
}

template <typename T>
void require_fits(T, uint64_t, const std::string&) {}
void require_fits(uint64_t value, uint64_t element, const std::string& source) {
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    fail(source, fmt::format("element {} is {}, beyond the largest int64.", element, value));
}

// Elements of a type that Array does not have, as one that it has.
template <typename From>
Bytes widen(const Bytes& bytes, uint64_t first, const std::string& source) {
  using To = decltype(convert(From{}));
  const size_t count = bytes.size() / sizeof(From);
  Bytes wide(count * sizeof(To));
  for (size_t i = 0; i < count; ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
    require_fits(value, first + i, source);
    const To converted = convert(value);
    std::memcpy(wide.data() + i * sizeof(To), &converted, sizeof(To));
  }
  return wide;
}

struct Storage {
  std::string_view code;  // kind and size in bytes
  ElementType type;
  decltype(ArrayLayout::widen) widen = nullptr;
};

constexpr Storage kStorages[] = {
    {"b1", ElementType::uint8},
    {"u1", ElementType::uint8},
    {"i1", ElementType::int8},
    {"i2", ElementType::int16},
    {"i4", ElementType::int32},
    {"i8", ElementType::int64},
    {"f4", ElementType::float32},
    {"f8", ElementType::float64},
    {"u2", ElementType::int32, widen<uint16_t>},
    {"u4", ElementType::int64, widen<uint32_t>},
    {"u8", ElementType::int64, widen<uint64_t>},
    {"f2", ElementType::float32, widen<Half>},
};

const Storage& storage_of(const std::string& type, const std::string& source) {
  const std::string_view code = std::string_view(type).substr(std::min<size_t>(type.size(), 1));
  const bool ordered = type.find_first_of("<>=|") == 0;
  for (const Storage& storage : kStorages)
    if (ordered && storage.code == code) return storage;
  const bool object = code.starts_with('O');
  fail(source,
       fmt::format("elements of NumPy type '{}' cannot be read: expected booleans, integers "
                   "or floats of at most 8 bytes.{}",
                   type, object ? " Objects are Python pickles, which can run code." : ""));
}

size_t stored_size(const Storage& storage) {
  return static_cast<size_t>(storage.code[1] - '0');
}

uint64_t read_little_endian(ByteStream& stream, size_t count, const std::string& source) {
  std::byte bytes[4] = {};
  if (stream.read(std::span(bytes, count)) < count)
    fail(source, "the file is cut off in its NPY header.");
  uint64_t value = 0;
  for (size_t i = count; i-- > 0;) value = value << 8 | std::to_integer<uint64_t>(bytes[i]);
  return value;
}

NpyHeader read_header(ByteStream& stream, const std::string& source) {
  std::string magic(kMagic.size(), '\0');
  magic.resize(stream.read(std::as_writable_bytes(std::span(magic))));
  if (magic != kMagic) fail(source, "not an NPY file: expected it to start with \\x93NUMPY.");
  const uint64_t version = read_little_endian(stream, 1, source);
  if (version < 1 || version > 3)
    fail(source, fmt::format("NPY version {} is unknown; expected 1, 2 or 3.", version));
  read_little_endian(stream, 1, source);  // the minor version

  const uint64_t length = read_little_endian(stream, version == 1 ? 2 : 4, source);
  if (length > kMaxHeaderBytes)
    fail(source, fmt::format("an NPY header of {} bytes is longer than the limit of {}.", length,
                             kMaxHeaderBytes));
  std::string text(length, '\0');
  if (stream.read(std::as_writable_bytes(std::span(text))) < length)
    fail(source, "the file is cut off in its NPY header.");
  return parse_npy_header(text, source);
}

std::string_view code_of(ElementType type) {
  for (const Storage& storage : kStorages)
    if (storage.type == type && storage.code != "b1") return storage.code;
  return "";
}

}  // namespace

ArrayLayout read_npy_layout(ByteStream& stream, const std::string& source) {
  const NpyHeader header = read_header(stream, source);
  const Storage& storage = storage_of(header.type, source);
  const bool little_endian = header.type[0] == '<' || (header.type[0] != '>' && kLittleEndian);
  const size_t size = stored_size(storage);
  return {.type = storage.type,
          .shape = header.shape,
          .stored_size = size,
          .reversed = size > 1 && little_endian != kLittleEndian,
          .fortran_order = header.fortran_order && header.shape.size() > 1,
          .widen = storage.widen};
}

Array read_npy(ByteStream& stream, const std::string& source) {
  return read_elements(read_npy_layout(stream, source), stream, source);
}

Array read_npy(const std::string& path) {
  return read_npy(*open_file(path), path);
}

Array parse_npy(std::span<const std::byte> bytes, const std::string& source) {
  return read_npy(*open_memory(bytes), source);
}

void write_npy(const std::string& path, const Array& array) {
  constexpr size_t kAlignment = 64;
  std::string header =
      fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({},), }}",
                  kLittleEndian ? '<' : '>', code_of(array.type), fmt::join(array.shape, ", "));
  const size_t start = kMagic.size() + 4;
  header.append(kAlignment - 1 - (start + header.size()) % kAlignment, ' ');
  header += '\n';
  std::string file(kMagic);
  file +=
      {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  file += header;
  file.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
  write_file_atomically(path, file);
}

bool starts_like_npy(std::string_view bytes) {
  return bytes.starts_with(kMagic);
}

}  // namespace sinapse
