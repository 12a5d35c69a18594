#include "data/idx.h"

#include <array>
#include <bit>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr size_t kHeaderBytes = 4;
constexpr uint32_t kLargestSize = 0x7FFFFFFF;  // sizes are signed

std::optional<ElementType> type_from(unsigned char code) {
  switch (code) {
    case 0x08:
      return ElementType::uint8;
    case 0x09:
      return ElementType::int8;
    case 0x0B:
      return ElementType::int16;
    case 0x0C:
      return ElementType::int32;
    case 0x0D:
      return ElementType::float32;
    case 0x0E:
      return ElementType::float64;
    default:
      return std::nullopt;
  }
}

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

uint32_t big_endian(const unsigned char* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

int64_t read_size(ByteStream& stream, const std::string& source, int axis) {
  std::array<unsigned char, 4> bytes{};
  if (stream.read(std::as_writable_bytes(std::span(bytes))) < bytes.size())
    fail(source, fmt::format("the IDX header ends before the size of axis {}.", axis));
  const uint32_t size = big_endian(bytes.data());
  if (size > kLargestSize)
    fail(source, fmt::format("the IDX header says that axis {} has the negative size {}.", axis,
                             static_cast<int32_t>(size)));
  return size;
}

}  // namespace

ArrayLayout read_idx_layout(ByteStream& stream, const std::string& source) {
  std::array<unsigned char, kHeaderBytes> header{};
  const size_t got = stream.read(std::as_writable_bytes(std::span(header)));
  const auto type = type_from(header[2]);
  if (got < header.size() || header[0] != 0 || header[1] != 0 || !type)
    fail(source, fmt::format("not an IDX file: expected it to start with 00 00, a type from 08 to "
                             "0E and the number of axes, found {:02X}.",
                             fmt::join(header.begin(), header.begin() + got, " ")));
  ArrayLayout layout{.type = *type, .stored_size = size_of(*type)};
  layout.reversed = layout.stored_size > 1 && std::endian::native == std::endian::little;
  for (int axis = 0; axis < header[3]; ++axis)
    layout.shape.push_back(read_size(stream, source, axis));
  return layout;
}

Array read_idx(const std::string& path) {
  const std::unique_ptr<ByteStream> stream = open_file(path);
  return read_elements(read_idx_layout(*stream, path), *stream, path);
}

Array parse_idx(std::span<const std::byte> bytes, const std::string& source) {
  const std::unique_ptr<ByteStream> stream = open_memory(bytes);
  return read_elements(read_idx_layout(*stream, source), *stream, source);
}

bool starts_like_idx(std::string_view bytes) {
  return bytes.size() >= kHeaderBytes && bytes[0] == 0 && bytes[1] == 0 && bytes[3] != 0 &&
         type_from(static_cast<unsigned char>(bytes[2])).has_value();
}

}  // namespace sinapse
