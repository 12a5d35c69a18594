// How a training run is going, on standard error: one live line on a terminal, else one plain line
// an epoch.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <sinapse/train.h>

namespace sinapse::cli {

/// What the terminal can do; found out once.
struct Terminal {
  bool live = false;    ///< the line can be redrawn
  bool colour = false;  ///< and NO_COLOR is not set
  static Terminal of_standard_error();
};

/// The live line, fitted to `width` columns: parts that do not fit are left out.
std::string progress_line(const Progress& progress, const std::optional<EpochRecord>& last,
                          int width, bool colour);

/// The plain line of an epoch.
std::string epoch_line(const EpochRecord& record, int64_t epochs);

/// The metric that says most to a person: accuracy for classes, else the root mean squared error.
std::optional<std::pair<std::string, double>> main_metric(const Metrics& metrics);

class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void remark(const std::string& text);
  void layer(const LayerSummary& layer);
  void step(const Progress& progress);
  void epoch(const EpochRecord& record);
  /// Removes the live line.
  void finish();

 private:
  void show_network();
  void clear_line();

  bool quiet_;
  Terminal terminal_;
  bool line_shown_ = false;
  int64_t epochs_ = 0;
  std::vector<LayerSummary> layers_;
  std::optional<EpochRecord> last_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace sinapse::cli
