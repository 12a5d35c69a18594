// The page of a run that goes on: what --dashboard shows.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <sinapse/train.h>

#include "train/probe.h"

namespace sinapse {

/// What is known of a run so far. The training thread tells, other threads show; telling never
/// waits for a page to be made. Bounded: of very many epochs some are kept.
class LiveRun {
 public:
  static constexpr size_t kMostEpochs = 1000;

  explicit LiveRun(std::string name) : name_(std::move(name)) {}

  void remark(const std::string& text);
  void step(const Progress& progress);
  void epoch(const EpochRecord& record, const std::vector<LayerState>& layers);

  /// The whole page. Its script asks for "live" every second, and sends a POST to "stop" with the
  /// token when the button is pressed.
  std::string page(const std::string& token, const std::string& nonce) const;
  /// What "live" gives: the part of the page that changes.
  std::string fragment() const;

 private:
  struct Probed {
    int64_t epoch = 0;
    std::vector<LayerState> layers;
  };
  struct Known {
    Progress progress;
    std::vector<std::string> remarks;
    std::vector<EpochRecord> history;
    std::vector<Probed> probes;
  };
  Known known() const;
  static std::string cards(const Known& known);
  static std::string curves(const Known& known);
  static std::string layer_charts(const Known& known);
  static std::string layers(const Known& known);

  const std::string name_;
  mutable std::mutex mutex_;
  Known known_;
};

}  // namespace sinapse
