#include "cli/model_data.h"

#include <filesystem>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/idx.h"
#include "data/npy.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

namespace fs = std::filesystem;

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

void require_images(const std::string& path) {
  if (looks_like_idx(path)) return;
  throw Error(ErrorCode::data,
              fmt::format("{}: expected a folder of IDX images (train-images-idx3-ubyte.gz and so "
                          "on), or the beginning of their names such as {}/t10k.",
                          path, path));
}

}  // namespace

Model load_model(const std::string& path) {
  return Model::load(is_folder(path) ? (fs::path(path) / "model.onnx").string() : path);
}

bool reads_arrays(const Model& model) {
  return model.trained().pixels.has_value();
}

Table read_training_table(const std::string& path, const Table* like) {
  if (is_folder(path)) {
    throw Error(ErrorCode::data,
                fmt::format("{}: this folder has no IDX images (train-images-idx3-ubyte.gz and so "
                            "on). For a table, name the file.",
                            path));
  }
  ReadOptions options;
  if (like != nullptr) {
    for (const Column& column : like->columns()) options.kinds[column.name] = column.kind;
  }
  return read_table(path, options);
}

ImageFolder read_training_images(const std::string& path, const std::string& test_path) {
  ImageFolder images = read_idx_folder(path);
  if (test_path.empty()) return images;
  require_images(test_path);
  images.test = read_labelled_samples(test_path).samples;
  return images;
}

NamedSamples read_labelled_samples(const std::string& path) {
  require_images(path);
  ImageFolder images = read_idx_folder(path);
  if (images.test) return {std::move(*images.test), path + " (test files)"};
  return {std::move(images.train), path};
}

Array read_samples(const std::string& path) {
  if (is_file(path)) return is_npy(path) ? read_npy(path) : read_idx(path);
  return read_labelled_samples(path).samples.inputs;
}

}  // namespace sinapse::cli
