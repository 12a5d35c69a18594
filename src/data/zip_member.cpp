#include "data/zip_member.h"

#include <algorithm>
#include <new>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr size_t kPackedAtOnce = size_t{1} << 17;
constexpr size_t kMostAtOnce = size_t{1} << 30;  // zlib counts in 32 bits

class MemberStream : public ByteStream {
 public:
  MemberStream(const StoredBytes& bytes, const PackedMember& member, std::string source)
      : bytes_(bytes), member_(member), source_(std::move(source)) {}

  size_t read(std::span<std::byte> into) override {
    size_t count = 0;
    while (count < into.size()) {
      const auto free = into.subspan(count, std::min(into.size() - count, kMostAtOnce));
      const size_t got = unpack(free);
      if (got > member_.size - given_) fail("the packed bytes are damaged.");
      crc_ = static_cast<uint32_t>(crc32_z(crc_, reinterpret_cast<const Bytef*>(free.data()), got));
      given_ += got;
      count += got;
      if (got < free.size()) {
        check();
        break;
      }
    }
    return count;
  }

 protected:
  /// As read().
  virtual size_t unpack(std::span<std::byte> into) = 0;

  /// Bytes of the archive; fewer only at the end of the member.
  size_t read_packed(std::span<std::byte> into) {
    const auto count = std::min<uint64_t>(into.size(), member_.stored_size - taken_);
    bytes_.read(member_.begin + taken_, into.first(count));
    taken_ += count;
    return count;
  }

  uint64_t packed_left() const { return member_.stored_size - taken_; }

  [[noreturn]] void fail(const char* message) const {
    throw Error(ErrorCode::data, fmt::format("{}: {}", source_, message));
  }

 private:
  void check() const {
    if (given_ != member_.size) fail("the packed bytes are damaged.");
    if (crc_ != member_.crc) fail("its checksum is wrong: the file is damaged.");
  }

  const StoredBytes& bytes_;
  const PackedMember member_;
  const std::string source_;
  uint64_t taken_ = 0, given_ = 0;
  uint32_t crc_ = 0;
};

class StoredMember : public MemberStream {
 public:
  using MemberStream::MemberStream;
  std::optional<uint64_t> remaining() const override { return packed_left(); }

 protected:
  size_t unpack(std::span<std::byte> into) override { return read_packed(into); }
};

class DeflatedMember : public MemberStream {
 public:
  DeflatedMember(const StoredBytes& bytes, const PackedMember& member, std::string source)
      : MemberStream(bytes, member, std::move(source)), packed_(kPackedAtOnce) {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~DeflatedMember() override { inflateEnd(&stream_); }

  // The directory knows, but nothing proves it before the end.
  std::optional<uint64_t> remaining() const override { return std::nullopt; }

 protected:
  size_t unpack(std::span<std::byte> into) override {
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out > 0 && !at_end_) {
      if (stream_.avail_in == 0) refill();
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END) fail("the packed bytes are damaged.");
      at_end_ = result == Z_STREAM_END;
    }
    return into.size() - stream_.avail_out;
  }

 private:
  void refill() {
    const size_t count = read_packed(packed_);
    if (count == 0) fail("the packed bytes are damaged.");
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(count);
  }

  z_stream stream_{};
  std::vector<std::byte> packed_;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> open_member(const StoredBytes& bytes, const PackedMember& member,
                                        std::string source) {
  if (member.deflated) return std::make_unique<DeflatedMember>(bytes, member, std::move(source));
  return std::make_unique<StoredMember>(bytes, member, std::move(source));
}

}  // namespace sinapse
