#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>

#include "data/idx.h"

namespace sinapse {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxClasses = 1'000'000;

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

/// The two files of one set; empty where there is none.
struct SetFiles {
  std::string images, labels;
};

// `kind` is "images" or "labels". Some copies of MNIST have a dot before "idx".
std::string find_part(const std::string& prefix, std::string_view kind, int axes) {
  for (const std::string_view separator : {"-", "."})
    for (const std::string_view compression : {"", ".gz"}) {
      std::string path =
          fmt::format("{}-{}{}idx{}-ubyte{}", prefix, kind, separator, axes, compression);
      std::error_code ignored;
      if (fs::exists(path, ignored)) return path;
    }
  return "";
}

SetFiles find_set(const std::string& prefix) {
  SetFiles files{.images = find_part(prefix, "images", 3),
                 .labels = find_part(prefix, "labels", 1)};
  if (files.images.empty()) files.images = find_part(prefix, "images", 4);  // with channels
  return files;
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::string in_folder(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

template <typename T>
double element(const Array& array, int64_t i) {
  T value;
  std::memcpy(&value, array.bytes.data() + static_cast<size_t>(i) * sizeof(T), sizeof(T));
  return static_cast<double>(value);
}

double value_at(const Array& array, int64_t i) {
  switch (array.type) {
    case ElementType::uint8:
      return element<uint8_t>(array, i);
    case ElementType::int8:
      return element<int8_t>(array, i);
    case ElementType::int16:
      return element<int16_t>(array, i);
    case ElementType::int32:
      return element<int32_t>(array, i);
    case ElementType::int64:
      return element<int64_t>(array, i);
    case ElementType::float32:
      return element<float>(array, i);
    case ElementType::float64:
      return element<double>(array, i);
  }
  return 0;
}

std::vector<int32_t> read_labels(const std::string& path) {
  const Array array = read_idx(path);
  if (array.shape.size() != 1)
    fail(path, fmt::format("expected labels, one number a sample, found an array of {} axes.",
                           array.shape.size()));
  std::vector<int32_t> labels;
  for (int64_t i = 0; i < array.num_elements(); ++i) {
    const double label = value_at(array, i);
    const bool valid = label >= 0 && label < kMaxClasses && label == static_cast<int32_t>(label);
    if (!valid)
      fail(path, fmt::format("label {} is {}; expected a class number counted from 0.", i, label));
    labels.push_back(static_cast<int32_t>(label));
  }
  return labels;
}

std::vector<std::string> classes_of(const std::vector<int32_t>& labels) {
  std::vector<std::string> classes;
  const int32_t largest = *std::max_element(labels.begin(), labels.end());
  for (int32_t i = 0; i <= largest; ++i) classes.push_back(std::to_string(i));
  return classes;
}

ArrayDataset read_set(const std::string& prefix) {
  const SetFiles files = find_set(prefix);
  if (files.images.empty() || files.labels.empty())
    throw Error(ErrorCode::file,
                fmt::format("{}: there is no file {}-{}-ubyte or {}-{}-ubyte.gz.", prefix, prefix,
                            files.images.empty() ? "images-idx3" : "labels-idx1", prefix,
                            files.images.empty() ? "images-idx3" : "labels-idx1"));
  ArrayDataset set{
      .inputs = read_idx(files.images), .labels = read_labels(files.labels), .classes = {}};
  if (set.inputs.shape[0] != static_cast<int64_t>(set.labels.size()))
    fail(files.labels, fmt::format("found {} labels, but {} has {} samples.", set.labels.size(),
                                   files.images, set.inputs.shape[0]));
  set.classes = classes_of(set.labels);
  return set;
}

// Both sets must have samples of one shape, and the same classes.
void match(const ArrayDataset& train, ArrayDataset& test, const std::string& path) {
  if (!std::equal(train.inputs.shape.begin() + 1, train.inputs.shape.end(),
                  test.inputs.shape.begin() + 1, test.inputs.shape.end()))
    fail(path,
         fmt::format("training samples have shape [{}], but test samples [{}].",
                     fmt::join(train.inputs.shape.begin() + 1, train.inputs.shape.end(), ", "),
                     fmt::join(test.inputs.shape.begin() + 1, test.inputs.shape.end(), ", ")));
  if (test.classes.size() > train.classes.size())
    fail(path, fmt::format("the test labels go up to {}, but the training labels only to {}.",
                           test.classes.size() - 1, train.classes.size() - 1));
  test.classes = train.classes;
}

std::optional<std::string> test_prefix(const std::string& folder) {
  for (const char* name : {"t10k", "test"}) {
    std::string prefix = in_folder(folder, name);
    if (!find_set(prefix).images.empty()) return prefix;
  }
  return std::nullopt;
}

}  // namespace

bool looks_like_idx(const std::string& path) {
  if (!is_folder(path)) return !find_set(path).images.empty();
  return !find_set(in_folder(path, "train")).images.empty() || test_prefix(path);
}

ImageFolder read_idx_folder(const std::string& path) {
  if (!is_folder(path)) return {.train = read_set(path), .test = std::nullopt};
  ImageFolder folder{.train = read_set(in_folder(path, "train")), .test = std::nullopt};
  if (const auto prefix = test_prefix(path)) {
    folder.test = read_set(*prefix);
    match(folder.train, *folder.test, path);
  }
  return folder;
}

}  // namespace sinapse
