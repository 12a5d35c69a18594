#include "report/record_file.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    table[byte] = crc;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kTable = make_table();

// So that the CRC of bytes that hold a CRC does not become trivial.
uint32_t masked(uint32_t crc) {
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

std::string little_endian(uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

[[noreturn]] void fail(const std::string& path) {
  throw Error(ErrorCode::file,
              fmt::format("{}: cannot be written: {}.", path, std::strerror(errno)));
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  return ~crc;
}

RecordFile::RecordFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "wbe")) {
  if (!file_) fail(path_);
}

void RecordFile::append(std::string_view record) {
  const std::string length = little_endian(record.size(), 8);
  std::string framed = length + little_endian(masked(crc32c(length)), 4);
  framed += record;
  framed += little_endian(masked(crc32c(record)), 4);
  if (std::fwrite(framed.data(), 1, framed.size(), file_.get()) != framed.size() ||
      std::fflush(file_.get()) != 0) {
    fail(path_);
  }
}

}  // namespace sinapse
