#include "data/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw Error(ErrorCode::file, fmt::format("{}: cannot write: {}.", path, std::strerror(error)));
}

// An open file that closes itself; with a name to remove if it was not kept.
class OutputFile {
 public:
  OutputFile(std::string name, int handle) : name_(std::move(name)), handle_(handle) {}
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (handle_ >= 0) ::close(handle_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  const std::string& name() const { return name_; }
  bool opened() const { return handle_ >= 0; }
  void keep() { name_.clear(); }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(handle_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return true;
  }

  bool set_mode(mode_t mode) { return ::fchmod(handle_, mode) == 0; }
  bool sync() { return ::fsync(handle_) == 0; }
  bool close() { return ::close(std::exchange(handle_, -1)) == 0; }

 private:
  std::string name_;
  int handle_;
};

OutputFile create_beside(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  for (;;) {
    std::string name = fmt::format("{}.{}-{}.part", path, ::getpid(), counter++);
    const int handle = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (handle >= 0) return {std::move(name), handle};
    if (errno != EEXIST) return {"", -1};
  }
}

// A folder that cannot be synced (some network file systems) does not undo the rename.
void sync_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

using Produce = std::function<void(const TakeBytes&)>;

void write_pieces(OutputFile& file, const std::string& path, const Produce& produce) {
  produce([&](std::string_view bytes) {
    if (!file.write(bytes)) fail(path, errno);
  });
}

void write_directly(const std::string& path, const Produce& produce) {
  OutputFile file("", ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.opened()) fail(path, errno);
  write_pieces(file, path, produce);
  if (!file.close()) fail(path, errno);
}

std::string follow_link(const std::string& path) {
  std::error_code failed;
  const auto target = std::filesystem::canonical(path, failed);
  return failed ? path : target.string();
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view bytes) {
  write_file_atomically(path, [&](const TakeBytes& take) { take(bytes); });
}

void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces) {
  write_file_atomically(path, [&](const TakeBytes& take) {
    for (const std::string_view piece : pieces) take(piece);
  });
}

void write_file_atomically(const std::string& path, const Produce& produce) {
  struct stat old {};
  const bool replaces = ::stat(path.c_str(), &old) == 0;
  if (replaces && S_ISDIR(old.st_mode)) fail(path, EISDIR);
  if (replaces && !S_ISREG(old.st_mode)) return write_directly(path, produce);

  const std::string target = replaces ? follow_link(path) : path;
  OutputFile file = create_beside(target);
  if (!file.opened()) fail(path, errno);
  if (replaces && !file.set_mode(old.st_mode & 07777)) fail(path, errno);
  write_pieces(file, path, produce);
  if (!file.sync() || !file.close()) fail(path, errno);
  if (std::rename(file.name().c_str(), target.c_str()) != 0) fail(path, errno);
  file.keep();
  sync_folder_of(target);
}

}  // namespace sinapse
