#include "data/byte_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <sinapse/error.h>

#include "data/huge_pages.h"

namespace sinapse {

namespace {

constexpr size_t kLargestRead = size_t{1} << 30;  // read() and gzread() take no more at once
constexpr size_t kFirstChunk = size_t{1} << 20;

[[noreturn]] void fail_to_read(const std::string& path, const char* reason) {
  throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, reason));
}

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t read(std::span<std::byte> into) override {
    const size_t count = std::min(into.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, into.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

  std::optional<uint64_t> remaining() const override { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
};

class PlainFile : public ByteStream {
 public:
  PlainFile(std::string path, int handle, uint64_t size)
      : path_(std::move(path)), handle_(handle), remaining_(size) {}
  ~PlainFile() override { ::close(handle_); }

  size_t read(std::span<std::byte> into) override {
    size_t count = 0;
    while (count < into.size()) {
      const size_t wanted = std::min(into.size() - count, kLargestRead);
      const ssize_t got = ::read(handle_, into.data() + count, wanted);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_to_read(path_, std::strerror(errno));
      if (got == 0) break;
      count += static_cast<size_t>(got);
    }
    remaining_ -= std::min<uint64_t>(remaining_, count);
    return count;
  }

  std::optional<uint64_t> remaining() const override { return remaining_; }

 private:
  std::string path_;
  int handle_;
  uint64_t remaining_;
};

// zlib passes bytes through that are not gzip, which serves pipes as well.
class GzipFile : public ByteStream {
 public:
  GzipFile(std::string path, int handle) : path_(std::move(path)), file_(gzdopen(handle, "rb")) {
    if (!file_) {
      ::close(handle);
      fail_to_read(path_, "out of memory");
    }
    gzbuffer(file_, 1 << 17);
  }
  ~GzipFile() override { gzclose(file_); }

  size_t read(std::span<std::byte> into) override {
    size_t count = 0;
    while (count < into.size()) {
      const auto wanted = static_cast<unsigned>(std::min(into.size() - count, kLargestRead));
      const int got = gzread(file_, into.data() + count, wanted);
      if (got > 0) count += static_cast<size_t>(got);
      if (got < static_cast<int>(wanted)) check();
      if (got <= 0) break;
    }
    return count;
  }

  std::optional<uint64_t> remaining() const override { return std::nullopt; }

 private:
  void check() const {
    int code = Z_OK;
    gzerror(file_, &code);
    if (code == Z_ERRNO) fail_to_read(path_, std::strerror(errno));
    if (code == Z_BUF_ERROR)
      throw Error(ErrorCode::data, fmt::format("{}: the gzip file is cut off.", path_));
    if (code != Z_OK && code != Z_STREAM_END)
      throw Error(ErrorCode::data, fmt::format("{}: the gzip file is damaged.", path_));
  }

  std::string path_;
  gzFile file_;
};

bool starts_like_gzip(int handle) {
  std::array<unsigned char, 2> magic{};
  return ::pread(handle, magic.data(), magic.size(), 0) == 2 && magic[0] == 0x1f &&
         magic[1] == 0x8b;
}

uint64_t memory_of_this_machine() {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::unique_ptr<ByteStream> open_file(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) fail_to_read(path, std::strerror(errno));
  struct stat status {};
  if (::fstat(handle, &status) != 0 || S_ISDIR(status.st_mode)) {
    ::close(handle);
    fail_to_read(path, std::strerror(EISDIR));
  }
  if (!S_ISREG(status.st_mode) || starts_like_gzip(handle))
    return std::make_unique<GzipFile>(path, handle);
  return std::make_unique<PlainFile>(path, handle, static_cast<uint64_t>(status.st_size));
}

std::unique_ptr<ByteStream> open_memory(std::span<const std::byte> bytes) {
  return std::make_unique<MemoryStream>(bytes);
}

std::string read_all(ByteStream& stream, const std::string& source) {
  static const uint64_t limit = memory_of_this_machine();
  std::string bytes;
  uint64_t room = stream.remaining().value_or(kFirstChunk) + 1;  // one more shows the end
  for (;;) {
    if (room > limit)
      throw Error(ErrorCode::data, fmt::format("{}: is larger than this machine's memory of {} "
                                               "bytes. Split it into smaller files.",
                                               source, limit));
    const size_t start = bytes.size();
    bytes.reserve(room);
    prefer_huge_pages(bytes.data() + start, room - start);
    bytes.resize(room);
    const auto free = std::as_writable_bytes(std::span(bytes)).subspan(start);
    const size_t got = stream.read(free);
    bytes.resize(start + got);
    if (got < free.size()) return bytes;
    room = 2 * bytes.size();
  }
}

std::string read_start(const std::string& path, size_t count) {
  std::string bytes(count, '\0');
  bytes.resize(open_file(path)->read(std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

}  // namespace sinapse
