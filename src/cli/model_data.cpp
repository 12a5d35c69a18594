#include "cli/model_data.h"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cli/output.h"
#include "data/array_samples.h"
#include "data/image_files.h"
#include "data/image_reader.h"
#include "data/memory_limit.h"
#include "data/take_samples.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kSamplesAtOnce = 2048;

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_npy(const std::string& path) {
  return path.ends_with(".npy") || path.ends_with(".npy.gz");
}

NamedSamples read_idx_samples(const std::string& path, uint64_t memory = 0) {
  ImageFolder images = read_idx_folder(path, memory);
  if (images.test) return {std::move(*images.test), path + " (test files)"};
  return {std::move(images.train), path};
}

ArrayDataset without_labels(const std::string& path) {
  ArraySamples samples = read_array_samples(path, /*memory=*/0);
  return {.inputs = std::move(samples.array), .stored = std::move(samples.stored)};
}

constexpr const char* kExpected =
    "expected pictures in <class>/ or train/<class>/, a CSV file with the columns path and label, "
    "IDX files (train-images-idx3-ubyte.gz and so on, or the beginning of their names), "
    "train_x.npy and train_y.npy, or an .npz file";

[[noreturn]] void fail_no_images(const std::string& path) {
  throw Error(ErrorCode::data, fmt::format("{}: {}.", path, kExpected));
}

// Which pictures the model can be shown.
ImageShape picture_shape(const Model& model, const std::string& path) {
  const ArrayFeatures& pixels = *model.trained().pixels;
  const std::vector<int64_t>& shape = pixels.shape;
  const bool gray = shape.size() == 2;
  const bool colors = shape.size() == 3 && pixels.channels == Channels::last;
  if (pixels.type == ElementType::uint8 && gray) return {shape[0], shape[1], 1};
  if (pixels.type == ElementType::uint8 && colors) return {shape[0], shape[1], shape[2]};
  throw Error(ErrorCode::data,
              fmt::format("{}: the model takes {} arrays of shape {}, not pictures.", path,
                          name_of(pixels.type), to_string(Shape(shape))));
}

ImageOptions picture_options(const Model& model) {
  ImageOptions options;
  if (!model.trained().pixels->fit.empty()) options.fit = model.trained().pixels->fit;
  return options;
}

}  // namespace

std::string model_path(const std::string& path) {
  return is_folder(path) ? (fs::path(path) / "model.onnx").string() : path;
}

Model load_model(const std::string& path) {
  return Model::load(model_path(path));
}

bool reads_arrays(const Model& model) {
  return model.trained().pixels.has_value();
}

bool is_array_data(const std::string& path) {
  return looks_like_idx(path) || looks_like_images(path);
}

void require_target(const char* command, const std::string& data_path, const std::string& target) {
  if (!target.empty() || is_array_data(data_path)) return;
  std::error_code ignored;
  if (!fs::exists(data_path, ignored)) {
    throw Error(ErrorCode::data,
                fmt::format("{}: there is no file or folder {}", command, data_path));
  }
  throw Error(ErrorCode::usage,
              fmt::format("{}: which column is to be predicted? Name it with --target.", command));
}

Table read_training_table(const std::string& path, const std::string& memory, const Table* like) {
  if (is_folder(path)) {
    throw Error(ErrorCode::data,
                fmt::format("{}: {}. For a table, name the file.", path, kExpected));
  }
  ReadOptions options;
  if (memory != "auto") options.memory = parse_bytes(memory, "data.memory");
  if (like != nullptr) {
    for (const Column& column : like->columns()) options.kinds[column.name] = column.kind;
  }
  return read_table(path, options);
}

ImageFolder read_training_images(const std::string& path, const std::string& test_path,
                                 ImageOptions options, const std::string& memory) {
  if (memory != "auto") options.memory = parse_bytes(memory, "data.memory");
  const bool is_idx = looks_like_idx(path);
  ImageFolder images =
      is_idx ? read_idx_folder(path, options.memory) : read_image_folder(path, options);
  if (test_path.empty()) return images;
  if (is_idx) {
    if (!looks_like_idx(test_path)) fail_no_images(test_path);
    images.test = read_idx_samples(test_path, options.memory).samples;
  } else {
    if (!looks_like_images(test_path)) fail_no_images(test_path);
    const std::vector<int64_t>& shape = images.train.inputs.shape;
    images.test = read_labelled_images(test_path, images.train.classes,
                                       {shape[1], shape[2], shape.size() == 4 ? shape[3] : 1},
                                       options, images.remarks);
  }
  return images;
}

NamedSamples read_labelled_samples(const Model& model, const std::string& path) {
  if (looks_like_idx(path)) return read_idx_samples(path);
  if (!looks_like_images(path)) fail_no_images(path);
  std::vector<std::string> remarks;
  ArrayDataset samples =
      read_labelled_images(path, model.trained().target.classes(), picture_shape(model, path),
                           picture_options(model), remarks);
  print_notes(remarks);
  return {std::move(samples), path};
}

ArrayDataset read_samples(const Model& model, const std::string& path) {
  const bool file = is_file(path);
  if (file && is_npy(path)) return without_labels(path);
  if (looks_like_idx(path)) return std::move(read_idx_samples(path).samples);
  if (file && !has_image_name(path)) return without_labels(path);
  const std::vector<std::string> paths = image_paths(path);
  if (paths.empty()) fail_no_images(path);
  std::vector<ImageFile> files;
  for (const std::string& one : paths) files.push_back({one});
  ImageOptions options = picture_options(model);
  options.damaged = "error";  // every picture has its line
  std::vector<std::string> remarks;
  return read_images(files, {}, picture_shape(model, path), options, remarks);
}

void predict_samples(const Model& model, const ArrayDataset& samples, int threads,
                     const std::function<void(const Predictions& part, int64_t first)>& take) {
  const int64_t count = samples.inputs.shape.empty() ? 0 : samples.inputs.shape[0];
  for (int64_t first = 0; first < count; first += kSamplesAtOnce) {
    std::vector<int64_t> rows(static_cast<size_t>(std::min(kSamplesAtOnce, count - first)));
    std::iota(rows.begin(), rows.end(), first);
    take(model.predict(take_samples(samples, rows), threads), first);
  }
}

}  // namespace sinapse::cli
