#include "data/stored_bytes.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

[[noreturn]] void fail_to_read(const std::string& path, const char* reason) {
  throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, reason));
}

}  // namespace

FileBytes::FileBytes(const std::string& path)
    : path_(path), handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (handle_ < 0) fail_to_read(path_, std::strerror(errno));
  struct stat status {};
  if (::fstat(handle_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<uint64_t>(status.st_size);
    return;
  }
  ::close(handle_);
  fail_to_read(path_, "it is no regular file");
}

FileBytes::~FileBytes() {
  ::close(handle_);
}

void FileBytes::read(uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(handle_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_to_read(path_, std::strerror(errno));
    if (count == 0) fail_to_read(path_, "it has become shorter since it was opened");
    into = into.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
}

}  // namespace sinapse
