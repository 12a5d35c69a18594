// Labelled images and other arrays, as files of the MNIST kind or of NumPy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/array.h>

namespace sinapse {

class StoredRecords;  // data/stored_records.h

/// Samples with their classes.
struct ArrayDataset {
  Array inputs;                      // [samples, ...]; no bytes if they are on disk
  std::vector<int32_t> labels;       // [samples], class numbers counted from 0
  std::vector<std::string> classes;  // "0", "1", ... up to the largest label, or names
  std::vector<std::string> names;    // the files of the samples; empty if they stand in one
  std::shared_ptr<const StoredRecords> stored;  // the samples, if they are on disk
};

struct ImageFolder {
  ArrayDataset train;
  std::optional<ArrayDataset> test;
  int64_t num_validation = 0;        // the last samples of `train` are for validation
  std::vector<std::string> remarks;  // what could not be read
};

/// How picture files become samples of one shape.
struct ImageOptions {
  /// Height and width, or one number for both; empty: as they are, if all have one size of up to
  /// 128, else 64 x 64.
  std::vector<int64_t> size;
  std::string channels = "auto";  ///< gray, rgb or rgba; auto: gray if all are gray, else rgb
  std::string fit = "crop";       ///< of other proportions: crop, pad with black, or stretch
  std::string damaged = "skip";   ///< what cannot be read: skip with a remark, or error
  /// Bytes that the samples may take in memory: more are kept in a temporary file (in TMPDIR, else
  /// /var/tmp) and give the same results; 0: half of what is free. A test set counts for itself.
  uint64_t memory = 0;
};

/// Reads PNG, JPEG, BMP and PNM files:
/// - of a folder with train/<class>/ and, where there are any, val/<class>/ and test/<class>/; or
/// - of a folder with <class>/; or
/// - that a CSV file lists in its columns path and label (and split: train, validation or test).
/// Samples are bytes [height, width] or [height, width, channels]. Pictures are turned upright as
/// EXIF says. Throws Error(file) or Error(data).
ImageFolder read_image_folder(const std::string& path, const ImageOptions& options = {});

/// Whether read_idx_folder() finds something to read there.
bool looks_like_idx(const std::string& path);

/// Reads the training and, where there is one, the test set:
/// - of a folder with train-images-idx3-ubyte(.gz), train-labels-idx1-ubyte(.gz) and the same names
///   beginning with t10k or test; or with train_x.npy, train_y.npy and test_x.npy, test_y.npy;
/// - of an NPZ file with arrays x_train, y_train and x_test, y_test; or x, y; or
/// - of a prefix such as data/mnist/t10k, which selects that set alone (returned as `train`).
/// Samples may have any shape; labels are class numbers counted from 0, [samples] or [samples, 1].
/// The test set has the classes of the training set. Samples of a set that would take more than
/// `memory` bytes (0: half of what is free) stay on disk, and give the same results. Throws
/// Error(file) or Error(data), e.g. if there are not as many labels as images.
ImageFolder read_idx_folder(const std::string& path, uint64_t memory = 0);

}  // namespace sinapse
