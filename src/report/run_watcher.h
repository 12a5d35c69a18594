// Passes on what can be seen of a run at the end of its epochs, at a bounded cost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "train/probe.h"

namespace sinapse {

/// The end of an epoch with what a probe found; layers are empty if there was no time for one.
struct WatchedEpoch {
  const EpochRecord& record;
  const std::map<std::string, std::vector<float>>& weights;  // empty without a probe
  const std::vector<LayerState>& layers;
};

/// Calls `see` after every epoch. Probes take a small share of the run's time: the first epochs
/// have one, later ones when enough time has passed.
class RunWatcher : public TrainingObserver {
 public:
  explicit RunWatcher(std::vector<std::function<void(const WatchedEpoch&)>> see)
      : see_(std::move(see)) {}
  ~RunWatcher() override;

  void on_start(const RunStart& start) override;
  void on_epoch(const EpochEnd& end) override;
  void on_end() override;

 private:
  using Clock = std::chrono::steady_clock;
  bool may_probe() const;

  std::vector<std::function<void(const WatchedEpoch&)>> see_;
  std::unique_ptr<RunStart> start_;
  std::unique_ptr<Probe> probe_;
  Clock::time_point begin_{};
  Clock::duration spent_{};
};

}  // namespace sinapse
