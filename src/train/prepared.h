// What a run is once its data are read, split and encoded: the start of the training loop.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/team.h>
#include <sinapse/train.h>

#include "train/dataset.h"
#include "train/predictor.h"
#include "train/split_rows.h"

namespace sinapse {

/// A data set ready for the loop, and everything learned from it before training.
struct Prepared {
  TrainedNetwork trained;  // without network and weights
  Dataset data;
  Split split;
  std::string split_by;
  std::function<std::string(int64_t)> location;
  std::vector<std::string> remarks;
  std::optional<Dataset> test;
  std::optional<Model> start;  // whose weights training begins from
  bool same_target = false;    // as that model has
  /// Weights to begin from without such a model, by name; the others are drawn.
  std::function<std::map<std::string, std::vector<float>>(const NetworkDescription&)> first_weights;
  /// Measures the parts instead of the usual metrics, if set.
  std::function<void(const Predictor&, const Prepared&, Team&, TrainResult&)> judge;
};

/// What a network learns from the training rows of a table, whose known rows the split divides;
/// `test`, if given, is measured at the end.
Prepared prepare(const Table& table, const RunOptions& options, const KnownRows& known, Split split,
                 const Table* test);

/// The same of pictures; they are split here.
Prepared prepare(const ImageFolder& images, const RunOptions& options);

}  // namespace sinapse
