#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/image_set.h>

#include "data/array_samples.h"
#include "data/npy.h"
#include "data/zip.h"

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

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// The first of these names that exists, as it is or compressed.
std::string first_file(std::initializer_list<std::string> names) {
  for (const std::string& name : names)
    for (const char* compression : {"", ".gz"})
      if (is_file(name + compression)) return name + compression;
  return "";
}

// `kind` is "images" or "labels". Some copies of MNIST have a dot before "idx".
std::string find_idx(const std::string& prefix, std::string_view kind, int axes) {
  return first_file({fmt::format("{}-{}-idx{}-ubyte", prefix, kind, axes),
                     fmt::format("{}-{}.idx{}-ubyte", prefix, kind, axes)});
}

SetFiles find_set(const std::string& prefix) {
  SetFiles files{.images = find_idx(prefix, "images", 3), .labels = find_idx(prefix, "labels", 1)};
  if (files.images.empty()) files.images = find_idx(prefix, "images", 4);  // with channels
  if (!files.images.empty()) return files;
  const std::string samples = first_file({prefix + "_x.npy"});
  return samples.empty() ? files : SetFiles{samples, first_file({prefix + "_y.npy"})};
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

std::vector<int32_t> labels_of(const Array& array, const std::string& source) {
  const bool one_each = array.shape.size() == 1 || (array.shape.size() == 2 && array.shape[1] == 1);
  if (!one_each)
    fail(source, fmt::format("expected labels, one number a sample, found an array of shape [{}].",
                             fmt::join(array.shape, ", ")));
  std::vector<int32_t> labels;
  for (int64_t i = 0; i < array.num_elements(); ++i) {
    const double label = value_at(array, i);
    const bool valid = label >= 0 && label < kMaxClasses && label == static_cast<int32_t>(label);
    if (!valid)
      fail(source,
           fmt::format("label {} is {}; expected a class number counted from 0.", i, label));
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

ArrayDataset labelled(ArraySamples samples, const std::string& inputs_source, const Array& labels,
                      const std::string& labels_source) {
  ArrayDataset set{.inputs = std::move(samples.array),
                   .labels = labels_of(labels, labels_source),
                   .stored = std::move(samples.stored)};
  const int64_t count = set.inputs.shape.empty() ? 0 : set.inputs.shape[0];
  if (count != static_cast<int64_t>(set.labels.size()) || count == 0)
    fail(labels_source, fmt::format("found {} labels, but {} has {} samples.", set.labels.size(),
                                    inputs_source, count));
  set.classes = classes_of(set.labels);
  return set;
}

ArrayDataset read_set(const std::string& prefix, uint64_t memory) {
  const SetFiles files = find_set(prefix);
  if (files.labels.empty() && files.images.find("_x.npy") != std::string::npos)
    throw Error(ErrorCode::file,
                fmt::format("{}: there is no file {}_y.npy beside it.", files.images, prefix));
  if (files.images.empty() || files.labels.empty())
    throw Error(ErrorCode::file,
                fmt::format("{}: there is no file {}-{}-ubyte or {}-{}-ubyte.gz.", prefix, prefix,
                            files.images.empty() ? "images-idx3" : "labels-idx1", prefix,
                            files.images.empty() ? "images-idx3" : "labels-idx1"));
  return labelled(read_array_samples(files.images, memory), files.images, read_array(files.labels),
                  files.labels);
}

bool is_npz(const std::string& path) {
  return path.ends_with(".npz") && is_file(path);
}

// The sets of an NPZ file; `samples` and `labels` are names of its members.
class NpzSets {
 public:
  explicit NpzSets(const std::string& path)
      : path_(path), bytes_(path), archive_(bytes_, bytes_.size(), path) {}

  bool has(const std::string& name) const { return archive_.find(name + ".npy") != nullptr; }

  ArrayDataset read(const std::string& samples, const std::string& labels, uint64_t memory) const {
    const std::string source = source_of(samples), labels_source = source_of(labels);
    return labelled(read_npy_samples(*open(samples), source, memory), source,
                    read_npy(*open(labels), labels_source), labels_source);
  }

 private:
  std::string source_of(const std::string& name) const {
    return fmt::format("{}: {}", path_, name);
  }

  std::unique_ptr<ByteStream> open(const std::string& name) const {
    const ZipMember* member = archive_.find(name + ".npy");
    if (member != nullptr) return archive_.open(*member);
    std::vector<std::string> names;
    for (const ZipMember& one : archive_.members()) names.push_back(one.name);
    fail(path_, fmt::format("expected arrays x_train and y_train, or x and y; there is no \"{}\" "
                            "among: {}.",
                            name, fmt::join(names, ", ")));
  }

  const std::string path_;
  const FileBytes bytes_;
  const ZipArchive archive_;
};

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
  if (is_npz(path)) return true;
  if (!is_folder(path)) return !find_set(path).images.empty();
  return !find_set(in_folder(path, "train")).images.empty() || test_prefix(path);
}

namespace {

ImageFolder read_npz(const std::string& path, uint64_t memory) {
  const NpzSets sets(path);
  const bool split = sets.has("x_train") || !sets.has("x");
  ImageFolder folder{
      .train = split ? sets.read("x_train", "y_train", memory) : sets.read("x", "y", memory),
      .test = std::nullopt};
  if (sets.has("x_test")) folder.test = sets.read("x_test", "y_test", memory);
  return folder;
}

ImageFolder read_folder(const std::string& path, uint64_t memory) {
  ImageFolder folder{.train = read_set(in_folder(path, "train"), memory), .test = std::nullopt};
  if (const auto prefix = test_prefix(path)) folder.test = read_set(*prefix, memory);
  return folder;
}

}  // namespace

ImageFolder read_idx_folder(const std::string& path, uint64_t memory) {
  if (!is_npz(path) && !is_folder(path))
    return {.train = read_set(path, memory), .test = std::nullopt};
  ImageFolder folder = is_npz(path) ? read_npz(path, memory) : read_folder(path, memory);
  if (folder.test) match(folder.train, *folder.test, path);
  return folder;
}

}  // namespace sinapse
