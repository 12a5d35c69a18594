#include "report/run_watcher.h"

namespace sinapse {

namespace {

constexpr double kShare = 0.03;  // of the run's time, for probes
constexpr std::chrono::milliseconds kGrace{50};

}  // namespace

RunWatcher::~RunWatcher() = default;

void RunWatcher::on_start(const RunStart& start) {
  start_ = std::make_unique<RunStart>(start);
  begin_ = Clock::now();
}

void RunWatcher::on_end() {
  probe_.reset();
  start_.reset();
}

bool RunWatcher::may_probe() const {
  return spent_ < kGrace + kShare * (Clock::now() - begin_);
}

void RunWatcher::on_epoch(const EpochEnd& end) {
  const Clock::time_point before = Clock::now();
  std::map<std::string, std::vector<float>> weights;
  std::vector<LayerState> layers;
  if (may_probe()) {
    if (!probe_) probe_ = std::make_unique<Probe>(*start_);
    weights = end.weights();
    layers = probe_->look(weights);
  }
  for (const auto& see : see_) see({end.record, weights, layers});
  spent_ += Clock::now() - before;
}

}  // namespace sinapse
