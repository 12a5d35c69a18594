// A run as event files for TensorBoard.
#pragma once

#include <memory>
#include <string>

#include "report/record_file.h"
#include "report/run_watcher.h"
#include "report/summaries.h"

namespace sinapse {

/// Writes events.out.tfevents.* into a folder: after every epoch losses, metrics and the learning
/// rate, and with each probe histograms of weights, gradient norms and shares of dead units; at the
/// end the graph, the settings (hparams), the final metrics and a figure.
class TensorBoard {
 public:
  /// Creates folder and file. Throws Error(file).
  explicit TensorBoard(const std::string& folder);

  void epoch(const WatchedEpoch& epoch);
  void end(const TrainResult& result);

  /// What kept it from being written to the end; empty if nothing did. A run goes on without.
  const std::string& failure() const { return failure_; }

 private:
  void append(const Message& event);
  void write(int64_t step, const Message& summary);

  std::unique_ptr<RecordFile> file_;
  double begin_ = 0;  // seconds since 1970
  std::string failure_;
};

}  // namespace sinapse
