// Seeing a training run from inside: more than numbers, and without touching it.
#pragma once

#include <span>
#include <string>

#include "train/answers.h"

namespace sinapse {

/// A part of the data, measured with the weights that the model has in the end. Valid during the
/// call.
struct MeasuredPart {
  std::string name;  // "train", "validation" or "test"
  const Answers& answers;
  std::span<const int64_t> rows;  // their places in the data
  bool of_test_data = false;      // which stand apart from the training data
};

/// Called on the training thread. Whatever it does, the run has the same bits.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_measured(const MeasuredPart&) {}
};

}  // namespace sinapse
