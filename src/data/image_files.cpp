#include "data/image_files.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/table.h>

#include "data/byte_stream.h"

namespace sinapse {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEndings[] = {".png", ".jpg", ".jpeg", ".bmp",
                                    ".pgm", ".ppm", ".pnm",  ".pbm"};
constexpr size_t kStartOfList = 65536;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::vector<std::string> folders_in(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    const std::string name = entry.path().filename().string();
    if (is_folder(entry.path()) && !name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool has_images(const fs::path& path) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(path, ignored), end; at != end; at.increment(ignored)) {
    if (has_image_name(at->path().string())) return true;
  }
  return false;
}

bool has_classes(const fs::path& path) {
  const auto names = folders_in(path);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return has_images(path / name); });
}

// The first of these folders that is there.
fs::path part_of(const fs::path& path, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (is_folder(path / name)) return path / name;
  }
  return {};
}

class Classes {
 public:
  explicit Classes(std::vector<std::string> names) : names_(std::move(names)) {
    for (const std::string& name : names_) numbers_.emplace(name, numbers_.size());
  }
  const std::vector<std::string>& names() const { return names_; }

  int32_t number(const std::string& name, const std::string& where) const {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return static_cast<int32_t>(found->second);
    throw Error(
        ErrorCode::data,
        fmt::format("{}: there are no training pictures of the class \"{}\".", where, name));
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, size_t> numbers_;
};

std::vector<ImageFile> files_of(const fs::path& folder, const Classes& classes) {
  std::vector<ImageFile> files;
  if (folder.empty()) return files;
  for (const std::string& name : folders_in(folder)) {
    if (!has_images(folder / name)) continue;
    const int32_t label = classes.number(name, folder.string());
    for (std::string& path : image_paths((folder / name).string())) {
      files.push_back({std::move(path), label});
    }
  }
  return files;
}

std::vector<std::string> class_names(const fs::path& folder) {
  std::vector<std::string> names = folders_in(folder);
  std::erase_if(names, [&](const std::string& name) { return !has_images(folder / name); });
  return names;
}

ImageFiles files_of_folders(const fs::path& path) {
  const fs::path train = part_of(path, {"train"});
  const fs::path from = train.empty() ? path : train;
  const Classes classes(class_names(from));
  ImageFiles files{.train = files_of(from, classes), .classes = classes.names()};
  if (train.empty()) return files;
  files.validation = files_of(part_of(path, {"val", "valid", "validation"}), classes);
  files.test = files_of(part_of(path, {"test"}), classes);
  return files;
}

bool is_list(const std::string& path) {
  if (!path.ends_with(".csv") || is_folder(path)) return false;
  try {
    const std::string start = read_start(path, kStartOfList);
    const size_t line = start.find('\n');
    const std::string head = start.substr(0, line);
    if (line == std::string::npos || head.find("path") == std::string::npos ||
        head.find("label") == std::string::npos) {
      return false;
    }
    const std::string first = start.substr(line + 1, start.find('\n', line + 1) - line - 1);
    return std::any_of(std::begin(kEndings), std::end(kEndings),
                       [&](const char* ending) { return first.find(ending) != std::string::npos; });
  } catch (const Error&) {
    return false;
  }
}

// The text of a column in a row; all must be there.
std::string text_at(const Table& table, const Column& column, int64_t row) {
  const int32_t code = column.codes[row];
  if (code >= 0) return column.categories[code];
  throw Error(ErrorCode::data,
              fmt::format("{}: column \"{}\" is empty.", table.location(row), column.name));
}

std::vector<ImageFile>& part_named(ImageFiles& files, const std::string& part,
                                   const std::string& location) {
  if (part == "train") return files.train;
  if (part == "validation" || part == "valid" || part == "val") return files.validation;
  if (part == "test") return files.test;
  throw Error(ErrorCode::data,
              fmt::format("{}: column \"split\" must be train, validation or test, but is \"{}\".",
                          location, part));
}

// With these classes, or those of the list if there are none.
ImageFiles files_of_list(const std::string& path, const std::vector<std::string>& known = {}) {
  const Table table = read_table(path);
  const Column paths = table.reinterpret_as(table.column("path"), ColumnKind::category);
  const Column labels = table.reinterpret_as(table.column("label"), ColumnKind::category);
  std::optional<Column> parts;
  if (table.find("split")) {
    parts = table.reinterpret_as(table.column("split"), ColumnKind::category);
  }
  const Classes classes(known.empty() ? labels.categories : known);
  ImageFiles files{.classes = classes.names()};
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const fs::path file = fs::path(path).parent_path() / text_at(table, paths, row);
    const int32_t label = classes.number(text_at(table, labels, row), table.location(row));
    std::vector<ImageFile>& part =
        parts ? part_named(files, text_at(table, *parts, row), table.location(row)) : files.train;
    part.push_back({file.string(), label});
  }
  return files;
}

}  // namespace

bool has_image_name(const std::string& path) {
  std::string name = fs::path(path).filename().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return !name.starts_with('.') &&
         std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](const char* ending) { return name.ends_with(ending); });
}

bool looks_like_images(const std::string& path) {
  if (!is_folder(path)) return is_list(path);
  const fs::path part = part_of(path, {"train", "test"});
  return has_classes(part.empty() ? fs::path(path) : part);
}

ImageFiles image_files(const std::string& path) {
  ImageFiles files = is_folder(path) ? files_of_folders(path) : files_of_list(path);
  if (files.train.empty()) {
    throw Error(ErrorCode::data, fmt::format("{}: there are no training pictures.", path));
  }
  if (files.classes.size() < 2) {
    throw Error(
        ErrorCode::data,
        fmt::format("{}: all pictures are of the class \"{}\": there is nothing to tell "
                    "apart. Each class has a folder of its own, photos/train/<class>/*.png.",
                    path, files.classes.front()));
  }
  return files;
}

std::vector<ImageFile> labelled_files(const std::string& path,
                                      const std::vector<std::string>& classes) {
  if (!is_folder(path)) {
    ImageFiles files = files_of_list(path, classes);
    return std::move(files.test.empty() ? files.train : files.test);
  }
  const fs::path test = part_of(path, {"test"});
  return files_of(test.empty() ? fs::path(path) : test, Classes(classes));
}

std::vector<std::string> image_paths(const std::string& path) {
  if (!is_folder(path)) return {path};
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path, error), end; at != end; at.increment(error)) {
    if (at->is_regular_file() && has_image_name(at->path().string()))
      paths.push_back(at->path().string());
  }
  if (error)
    throw Error(ErrorCode::file, fmt::format("{}: cannot read: {}.", path, error.message()));
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace sinapse
