// Data files as a command line names them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <sinapse/image_set.h>
#include <sinapse/model.h>
#include <sinapse/table.h>
#include <sinapse/train.h>

namespace sinapse::cli {

/// The model file that is named, or the one in the folder of a run. Empty: none.
std::string model_path(const std::string& path);

/// A model file, or the folder of a run with model.onnx in it.
Model load_model(const std::string& path);

/// Whether the model was trained on images or other arrays, not on a table.
bool reads_arrays(const Model& model);

/// Whether training data are arrays: IDX files, a folder of pictures or a list of them.
bool is_array_data(const std::string& path);

/// Throws Error unless training data that are a table, not arrays, have a target; `command` asks.
void require_target(const char* command, const std::string& data_path, const std::string& target);

/// A table to train on; `memory` is data.memory, `like` gives the kinds of columns of the same
/// name.
Table read_training_table(const std::string& path, const std::string& memory,
                          const Table* like = nullptr);

/// Images to train on, with a test set of their own or, if `test_path` is not empty, from there;
/// `memory` is data.memory.
ImageFolder read_training_images(const std::string& path, const std::string& test_path,
                                 ImageOptions options, const std::string& memory);

/// Samples with classes, as the model wants them: the test part of a folder if it has one. What
/// cannot be read is told in a note.
struct NamedSamples {
  ArrayDataset samples;
  std::string name;
};
NamedSamples read_labelled_samples(const Model& model, const std::string& path);

/// Samples without classes: an IDX or NPY file, a picture, a folder of either. With the names of
/// the pictures.
ArrayDataset read_samples(const Model& model, const std::string& path);

/// Calls take(predictions, number of the first) for some thousand samples at a time, in order.
void predict_samples(const Model& model, const ArrayDataset& samples, int threads,
                     const std::function<void(const Predictions& part, int64_t first)>& take);

}  // namespace sinapse::cli
