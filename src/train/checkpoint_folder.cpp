#include "train/checkpoint_folder.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "checkpoint-", kSuffix = ".safetensors";
constexpr const char* kBest = "best.safetensors";

// 0: this is not the name of a checkpoint.
int64_t number_of(const std::string& name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return 0;
  const char* begin = name.data() + kPrefix.size();
  const char* end = name.data() + name.size() - kSuffix.size();
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc{} && stop == end && number > 0 ? number : 0;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    names.push_back(entry->path().filename().string());
  }
  return names;
}

[[noreturn]] void fail(const std::string& path, const std::error_code& error) {
  throw Error(ErrorCode::file, fmt::format("{}: cannot write: {}.", path, error.message()));
}

}  // namespace

std::vector<std::string> checkpoints_in(const std::string& path) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return {path};
  std::vector<std::string> names = names_in(path);
  std::erase_if(names, [](const std::string& name) { return number_of(name) == 0; });
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return number_of(a) > number_of(b); });
  for (std::string& name : names) name = (fs::path(path) / name).string();
  return names;
}

CheckpointFolder::CheckpointFolder(std::string path) : path_(std::move(path)), last_(0) {
  for (const std::string& name : names_in(path_)) last_ = std::max(last_, number_of(name));
}

std::string CheckpointFolder::set_aside() {
  if (last_ == 0) return "";
  const std::string old = path_ + ".old";
  std::error_code failed;
  fs::remove_all(old, failed);
  if (!failed) fs::rename(path_, old, failed);
  if (failed) fail(path_, failed);
  last_ = 0;
  return old;
}

std::string CheckpointFolder::write(const Safetensors& contents) {
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (failed) fail(path_, failed);
  const std::string name = fmt::format("{}{:06}{}", kPrefix, last_ + 1, kSuffix);
  const std::string path = (fs::path(path_) / name).string();
  write_safetensors(path, contents);
  ++last_;
  return path;
}

// A second name costs no room; where the file system knows no links it is a copy.
void CheckpointFolder::keep_as_best(const std::string& checkpoint) {
  const std::string best = (fs::path(path_) / kBest).string(), part = best + ".part";
  std::error_code failed;
  fs::remove(part, failed);
  fs::create_hard_link(checkpoint, part, failed);
  if (failed) fs::copy_file(checkpoint, part, fs::copy_options::overwrite_existing, failed);
  if (!failed) fs::rename(part, best, failed);
  if (!failed) return;
  const std::error_code reason = failed;
  fs::remove(part, failed);
  fail(best, reason);
}

void CheckpointFolder::remove_old(int64_t keep) {
  std::error_code ignored;  // what cannot be removed does no harm
  for (const std::string& name : names_in(path_)) {
    const int64_t number = number_of(name);
    const bool is_old = number > 0 && number <= last_ - keep;
    if (is_old || name.ends_with(".part")) fs::remove(fs::path(path_) / name, ignored);
  }
}

}  // namespace sinapse
