// Seeing a training run from inside: more than numbers, and without touching it.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <sinapse/train.h>

#include "train/answers.h"

namespace sinapse {

/// A run that is about to begin. Valid until on_end().
struct RunStart {
  const TrainedNetwork& trained;  // without weights
  const Dataset& data;
  const Rows& training_rows;
  const std::vector<std::string>& frozen;  // as build_network takes it
  Team& team;
};

/// The end of an epoch. Valid during the call.
struct EpochEnd {
  const EpochRecord& record;
  const std::function<std::map<std::string, std::vector<float>>()>& weights;  // as they are now
};

/// A part of the data, measured with the weights that the model has in the end. Valid during the
/// call.
struct MeasuredPart {
  std::string name;  // "train", "validation" or "test"
  const Answers& answers;
  const Target& target;           // by which answers are encoded; another one after a final fit
  std::span<const int64_t> rows;  // their places in the data
  bool of_test_data = false;      // which stand apart from the training data
};

/// Called on the training thread. Whatever it does, the run has the same bits.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void on_start(const RunStart&) {}
  virtual void on_epoch(const EpochEnd&) {}
  virtual void on_measured(const MeasuredPart&) {}
  virtual void on_end() {}  // however it ends: what RunStart refers to is about to go
};

/// Tells observers that a run begins, and that it ends.
class ObservedRun {
 public:
  ObservedRun(const std::vector<TrainingObserver*>& observers, const RunStart& start)
      : observers_(observers) {
    for (TrainingObserver* observer : observers_) observer->on_start(start);
  }
  ~ObservedRun() {
    for (TrainingObserver* observer : observers_) observer->on_end();
  }
  ObservedRun(const ObservedRun&) = delete;
  ObservedRun& operator=(const ObservedRun&) = delete;

 private:
  const std::vector<TrainingObserver*>& observers_;
};

}  // namespace sinapse
