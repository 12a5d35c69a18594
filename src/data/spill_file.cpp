#include "data/spill_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

// /tmp is memory on many systems, /var/tmp is a disk (file-hierarchy(7)).
std::string folder_of_large_files() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

[[noreturn]] void fail(const std::string& folder, const char* what) {
  throw Error(ErrorCode::file,
              fmt::format("{}: cannot {} a temporary file for data larger than memory: {}. Name "
                          "another folder in the environment variable TMPDIR.",
                          folder, what, std::strerror(errno)));
}

int open_without_name(const std::string& folder) {
  const int handle = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (handle >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return handle;
  std::string path = folder + "/sinapse_XXXXXX";  // a file system that gives every file a name
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return named;
}

}  // namespace

SpillFile::SpillFile(const std::string& folder)
    : folder_(folder.empty() ? folder_of_large_files() : folder),
      handle_(open_without_name(folder_)) {
  if (handle_ < 0) fail(folder_, "create");
}

SpillFile::~SpillFile() {
  ::close(handle_);
}

void SpillFile::write(uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(folder_, "write");
    bytes = bytes.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
}

void SpillFile::read(uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(handle_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(folder_, "read");
    if (count == 0) {
      std::ranges::fill(into, std::byte{0});
      return;
    }
    into = into.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
}

}  // namespace sinapse
