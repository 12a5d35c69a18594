// The directory at the end of the archive is what counts; of a member's own header only the length
// is read.
#include "data/zip.h"

#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <zlib.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr uint64_t kEndSize = 22, kDirectoryEntrySize = 46, kLocalHeaderSize = 30;
constexpr uint32_t kEndMark = 0x06054b50, kDirectoryMark = 0x02014b50, kLocalMark = 0x04034b50;
constexpr uint32_t kBeyond32Bits = 0xFFFFFFFF;
constexpr uint64_t kMaxComment = 65535;
constexpr uint64_t kLargestExpansion = 1032;  // of deflate

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

[[noreturn]] void fail_as_damaged(const std::string& source, std::string_view what) {
  fail(source, fmt::format("not a whole ZIP archive: {}.", what));
}

// Numbers in little-endian order; reading beyond the end is an error of the file.
class Fields {
 public:
  Fields(std::span<const std::byte> bytes, const std::string& source)
      : bytes_(bytes), source_(source) {}

  uint32_t number(uint64_t offset, int num_bytes) const {
    const std::span<const std::byte> field = part(offset, static_cast<uint64_t>(num_bytes));
    uint32_t value = 0;
    for (int i = num_bytes; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(field[i]);
    return value;
  }
  uint32_t u16(uint64_t offset) const { return number(offset, 2); }
  uint32_t u32(uint64_t offset) const { return number(offset, 4); }

  std::span<const std::byte> part(uint64_t offset, uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      fail_as_damaged(source_, "it is cut off or points beyond its end");
    return bytes_.subspan(offset, size);
  }
  std::string text(uint64_t offset, uint64_t size) const {
    const auto bytes = part(offset, size);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string& source_;
};

// The record at the end is searched backwards: a comment may follow it.
uint64_t find_end(const Fields& fields, uint64_t size, const std::string& source) {
  if (size >= kEndSize) {
    const uint64_t last = size - kEndSize, first = last > kMaxComment ? last - kMaxComment : 0;
    for (uint64_t offset = last + 1; offset-- > first;)
      if (fields.u32(offset) == kEndMark) return offset;
  }
  fail_as_damaged(source, "it has no directory");
}

// With 0xFFFFFFFF in it, a field stands in an extension for archives beyond 4 GiB.
uint32_t within_32_bits(uint32_t value, const std::string& source) {
  if (value == kBeyond32Bits)
    fail(source, "archives beyond 4 GiB cannot be read; unpack it into .npy files.");
  return value;
}

ZipMember read_entry(const Fields& fields, uint64_t at, const std::string& source) {
  if (fields.u32(at) != kDirectoryMark) fail_as_damaged(source, "its directory is not one");
  ZipMember member{.name = fields.text(at + kDirectoryEntrySize, fields.u16(at + 28)),
                   .method = fields.u16(at + 10),
                   .crc = fields.u32(at + 16),
                   .stored_size = within_32_bits(fields.u32(at + 20), source),
                   .size = within_32_bits(fields.u32(at + 24), source),
                   .offset = within_32_bits(fields.u32(at + 42), source)};
  const bool encrypted = fields.u16(at + 8) & 1;
  if (encrypted) fail(source, fmt::format("\"{}\" is encrypted.", member.name));
  return member;
}

std::vector<std::byte> inflate_all(std::span<const std::byte> packed, uint64_t size,
                                   const std::string& source) {
  if (size / kLargestExpansion > packed.size())
    fail(source, fmt::format("{} bytes cannot unpack to {}.", packed.size(), size));
  std::vector<std::byte> bytes(size);
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(size);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  const int result = inflate(&stream, Z_FINISH);
  const bool complete = result == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  if (!complete) fail(source, "the packed bytes are damaged.");
  return bytes;
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> bytes, std::string source)
    : bytes_(bytes), source_(std::move(source)) {
  const Fields fields(bytes_, source_);
  const uint64_t end = find_end(fields, bytes_.size(), source_);
  const uint32_t count = fields.u16(end + 10);
  uint64_t at = within_32_bits(fields.u32(end + 16), source_);
  for (uint32_t i = 0; i < count; ++i) {
    members_.push_back(read_entry(fields, at, source_));
    at += kDirectoryEntrySize + fields.u16(at + 28) + fields.u16(at + 30) + fields.u16(at + 32);
  }
}

const ZipMember* ZipArchive::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const ZipMember& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::string ZipArchive::name_of(const ZipMember& member) const {
  return fmt::format("{}: {}", source_, member.name);
}

std::span<const std::byte> ZipArchive::packed_bytes(const ZipMember& member) const {
  const Fields fields(bytes_, source_);
  if (fields.u32(member.offset) != kLocalMark)
    fail_as_damaged(source_, fmt::format("\"{}\" is not where it should be", member.name));
  const uint64_t start = member.offset + kLocalHeaderSize + fields.u16(member.offset + 26) +
                         fields.u16(member.offset + 28);
  return fields.part(start, member.stored_size);
}

std::vector<std::byte> ZipArchive::read(const ZipMember& member) const {
  const std::span<const std::byte> packed = packed_bytes(member);
  std::vector<std::byte> bytes;
  if (member.method == 8) {
    bytes = inflate_all(packed, member.size, name_of(member));
  } else if (member.method == 0 && member.size == member.stored_size) {
    bytes.assign(packed.begin(), packed.end());
  } else {
    fail(name_of(member),
         fmt::format("packed by method {}; expected 0 (not packed) or 8 (deflate)", member.method));
  }
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  if (crc != member.crc) fail(name_of(member), "its checksum is wrong: the file is damaged.");
  return bytes;
}

}  // namespace sinapse
