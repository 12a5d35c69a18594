// Labelled images and other arrays, as files of the MNIST kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/array.h>

namespace sinapse {

/// Samples with their classes.
struct ArrayDataset {
  Array inputs;                      // [samples, ...]
  std::vector<int32_t> labels;       // [samples], class numbers counted from 0
  std::vector<std::string> classes;  // "0", "1", ... up to the largest label
};

struct ImageFolder {
  ArrayDataset train;
  std::optional<ArrayDataset> test;
};

/// Whether read_idx_folder() finds something to read there.
bool looks_like_idx(const std::string& path);

/// Reads the training and, where there is one, the test set:
/// - of a folder with train-images-idx3-ubyte(.gz), train-labels-idx1-ubyte(.gz) and the same names
///   beginning with t10k or test; or
/// - of a prefix such as data/mnist/t10k, which selects that set alone (returned as `train`).
/// The test set has the classes of the training set. Throws Error(file) or Error(data), e.g. if
/// there are not as many labels as images.
ImageFolder read_idx_folder(const std::string& path);

}  // namespace sinapse
