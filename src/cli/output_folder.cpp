#include "cli/output_folder.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sinapse/error.h>

namespace sinapse::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = ".unfinished-";

[[noreturn]] void fail(const std::string& path, const std::string& what, int error) {
  throw Error(ErrorCode::file, fmt::format("{}: {}: {}. Choose another folder with --output.", path,
                                           what, std::strerror(error)));
}

// The folders that have to be made for `path`, innermost first.
std::vector<std::string> missing_folders(const fs::path& path) {
  std::vector<std::string> missing;
  std::error_code ignored;
  for (fs::path folder = path; !folder.empty() && !fs::exists(folder, ignored);
       folder = folder.parent_path()) {
    missing.push_back(folder.string());
  }
  return missing;
}

void remove_empty(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) ::rmdir(folder.c_str());
}

void sync_folder(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace

OutputFolder::OutputFolder(const std::string& path)
    : path_(path), staging_(fmt::format("{}/{}{}", path, kUnfinished, ::getpid())) {
  created_ = missing_folders(path_);
  for (auto folder = created_.rbegin(); folder != created_.rend(); ++folder) {
    if (::mkdir(folder->c_str(), 0777) == 0 || errno == EEXIST) continue;
    const int error = errno;
    remove_empty(created_);
    fail(path_, "cannot create this folder", error);
  }
  if (!fs::is_directory(path_)) fail(path_, "cannot write into this", ENOTDIR);
  lock();
  remove_leftovers();
  if (::mkdir(staging_.c_str(), 0777) == 0) return;
  const int error = errno;
  remove_empty(created_);
  fail(path_, "cannot write into this folder", error);
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  remove_empty(created_);  // those with files in them stay
  if (lock_ >= 0) ::close(lock_);
}

// The system gives it back however the process ends. Where there are no locks, there is none.
void OutputFolder::lock() {
  lock_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(lock_);
  throw Error(ErrorCode::file,
              fmt::format("{}: another run is writing its results into this folder. Wait for its "
                          "end, or choose another folder with --output.",
                          path_));
}

void OutputFolder::remove_leftovers() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (!entry.path().filename().string().starts_with(kUnfinished)) continue;
    fs::remove_all(entry.path(), ignored);
  }
}

std::string OutputFolder::stage(const std::string& name) {
  staged_.push_back(name);
  return staging_ + "/" + name;
}

void OutputFolder::commit() {
  for (const std::string& name : staged_) {
    if (fs::is_directory(path(name))) fail(path(name), "cannot replace this", EISDIR);
  }
  for (const std::string& name : staged_) {
    const std::string from = staging_ + "/" + name;
    if (std::rename(from.c_str(), path(name).c_str()) != 0) fail(path(name), "cannot write", errno);
  }
  staged_.clear();
  sync_folder(path_);
}

std::string OutputFolder::path(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

}  // namespace sinapse::cli
