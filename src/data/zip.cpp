// The directory at the end of the archive is what counts; of a member's own header only the length
// is read.
#include "data/zip.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/zip_member.h"

namespace sinapse {

namespace {

constexpr uint64_t kEndSize = 22, kDirectoryEntrySize = 46, kLocalHeaderSize = 30;
constexpr uint64_t kEnd64LocatorSize = 20;
constexpr uint32_t kEndMark = 0x06054b50, kDirectoryMark = 0x02014b50, kLocalMark = 0x04034b50;
constexpr uint32_t kEnd64LocatorMark = 0x07064b50, kEnd64Mark = 0x06064b50;
constexpr uint32_t kBeyond32Bits = 0xFFFFFFFF, kBeyond16Bits = 0xFFFF;
constexpr uint32_t kZip64 = 1;  // the extra field of an entry that holds its large numbers
constexpr uint64_t kMaxComment = 65535;

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

[[noreturn]] void fail_as_damaged(const std::string& source, std::string_view what) {
  fail(source, fmt::format("not a whole ZIP archive: {}.", what));
}

// Numbers in little-endian order; reading beyond the end is an error of the file.
class Fields {
 public:
  Fields(const StoredBytes& bytes, uint64_t size, const std::string& source)
      : bytes_(bytes), size_(size), source_(source) {}

  uint64_t number(uint64_t offset, uint64_t num_bytes) const {
    const std::string field = text(offset, num_bytes);
    uint64_t value = 0;
    for (uint64_t i = num_bytes; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(field[i]);
    return value;
  }
  uint32_t u16(uint64_t offset) const { return static_cast<uint32_t>(number(offset, 2)); }
  uint32_t u32(uint64_t offset) const { return static_cast<uint32_t>(number(offset, 4)); }
  uint64_t u64(uint64_t offset) const { return number(offset, 8); }

  std::string text(uint64_t offset, uint64_t size) const {
    require(offset, size);
    std::string text(size, '\0');
    bytes_.read(offset, std::as_writable_bytes(std::span(text)));
    return text;
  }

  void require(uint64_t offset, uint64_t size) const {
    if (offset > size_ || size > size_ - offset)
      fail_as_damaged(source_, "it is cut off or points beyond its end");
  }

  void require_mark(uint64_t offset, uint32_t mark, std::string_view what) const {
    if (u32(offset) != mark) fail_as_damaged(source_, what);
  }

 private:
  const StoredBytes& bytes_;
  const uint64_t size_;
  const std::string& source_;
};

// The record at the end is searched backwards: a comment may follow it.
uint64_t find_end(const Fields& fields, uint64_t size, const std::string& source) {
  const uint64_t first = size - std::min(size, kEndSize + kMaxComment);
  const std::string tail = fields.text(first, size - first);
  const std::string mark{'P', 'K', '\5', '\6'};
  const size_t found =
      size < kEndSize ? std::string::npos : tail.rfind(mark, tail.size() - kEndSize);
  if (found == std::string::npos) fail_as_damaged(source, "it has no directory");
  return first + found;
}

struct Directory {
  uint64_t num_entries, offset;
};

// Numbers that do not fit there stand in a larger record before it.
Directory find_directory(const Fields& fields, uint64_t end, const std::string& source) {
  const Directory directory{fields.u16(end + 10), fields.u32(end + 16)};
  if (directory.num_entries != kBeyond16Bits && directory.offset != kBeyond32Bits) return directory;
  if (end < kEnd64LocatorSize) fail_as_damaged(source, "it has no directory");
  const uint64_t locator = end - kEnd64LocatorSize;
  fields.require_mark(locator, kEnd64LocatorMark, "it has no directory");
  const uint64_t end64 = fields.u64(locator + 8);
  fields.require_mark(end64, kEnd64Mark, "it has no directory");
  return {fields.u64(end64 + 32), fields.u64(end64 + 48)};
}

// Sizes and the offset of an entry, in the order in which those that do not fit into 32 bits stand
// in its extra fields.
class LargeNumbers {
 public:
  LargeNumbers(const Fields& fields, uint64_t at, uint64_t end) : fields_(fields) {
    for (uint64_t size = 0; at + 4 <= end; at += 4 + size) {
      size = fields.u16(at + 2);
      if (fields.u16(at) != kZip64) continue;
      next_ = at + 4;
      end_ = std::min(next_ + size, end);
      return;
    }
  }

  uint64_t or_large(uint32_t small, const std::string& source) {
    if (small != kBeyond32Bits) return small;
    if (next_ + 8 > end_) fail_as_damaged(source, "its directory is not one");
    next_ += 8;
    return fields_.u64(next_ - 8);
  }

 private:
  const Fields& fields_;
  uint64_t next_ = 0, end_ = 0;
};

ZipMember read_entry(const Fields& fields, uint64_t at, const std::string& source) {
  fields.require_mark(at, kDirectoryMark, "its directory is not one");
  const uint64_t name_size = fields.u16(at + 28), extra = at + kDirectoryEntrySize + name_size;
  LargeNumbers numbers(fields, extra, extra + fields.u16(at + 30));
  ZipMember member{.name = fields.text(at + kDirectoryEntrySize, name_size),
                   .method = fields.u16(at + 10),
                   .crc = fields.u32(at + 16)};
  member.size = numbers.or_large(fields.u32(at + 24), source);
  member.stored_size = numbers.or_large(fields.u32(at + 20), source);
  member.offset = numbers.or_large(fields.u32(at + 42), source);
  const bool encrypted = fields.u16(at + 8) & 1;
  if (encrypted) fail(source, fmt::format("\"{}\" is encrypted.", member.name));
  return member;
}

}  // namespace

ZipArchive::ZipArchive(const StoredBytes& bytes, uint64_t size, std::string source)
    : bytes_(bytes), size_(size), source_(std::move(source)) {
  const Fields fields(bytes_, size_, source_);
  const auto [num_entries, offset] =
      find_directory(fields, find_end(fields, size_, source_), source_);
  uint64_t at = offset;
  for (uint64_t i = 0; i < num_entries; ++i) {
    members_.push_back(read_entry(fields, at, source_));
    at += kDirectoryEntrySize + fields.u16(at + 28) + fields.u16(at + 30) + fields.u16(at + 32);
  }
}

const ZipMember* ZipArchive::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const ZipMember& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::unique_ptr<ByteStream> ZipArchive::open(const ZipMember& member) const {
  const std::string source = fmt::format("{}: {}", source_, member.name);
  const bool deflated = member.method == 8;
  if (!deflated && (member.method != 0 || member.size != member.stored_size))
    fail(source,
         fmt::format("packed by method {}; expected 0 (not packed) or 8 (deflate)", member.method));
  const Fields fields(bytes_, size_, source_);
  fields.require_mark(member.offset, kLocalMark,
                      fmt::format("\"{}\" is not where it should be", member.name));
  const uint64_t begin = member.offset + kLocalHeaderSize + fields.u16(member.offset + 26) +
                         fields.u16(member.offset + 28);
  fields.require(begin, member.stored_size);
  return open_member(bytes_, {begin, member.stored_size, member.size, member.crc, deflated},
                     source);
}

}  // namespace sinapse
