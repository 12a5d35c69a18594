// Models and data as named on the command line.
#pragma once

#include <optional>
#include <string>

#include <sinapse/image_set.h>
#include <sinapse/model.h>

namespace sinapse::cli {

/// Loads a model file, or the one in the folder of a run.
Model load_model(const std::string& path);

/// Whether the model reads images or other arrays; else it reads tables.
bool reads_arrays(const Model& model);

/// A table as training reads it. `like`, if given, says of what kind the columns are.
Table read_training_table(const std::string& path, const Table* like = nullptr);

/// Images to train on; those of `test_path`, if given, are the test set.
ImageFolder read_training_images(const std::string& path, const std::string& test_path);

/// Labelled samples to use a model on, and which they are.
struct NamedSamples {
  ArrayDataset samples;
  std::string name;  ///< "pictures (test files)"
};
/// The test files of a folder of images, or its training files if there are no others.
NamedSamples read_labelled_samples(const std::string& path);

/// Samples without labels: one IDX or NPY file, or what read_labelled_samples takes.
Array read_samples(const std::string& path);

}  // namespace sinapse::cli
