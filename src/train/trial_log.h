// The trials of a search on disk: one JSON line each, after a line that says which search it is.
#pragma once

#include <sinapse/tune.h>

namespace sinapse {

/// Everything the trials of a search depend on, as JSON on one line: the data's content, the run,
/// the space, the method. The number of trials only for halving.
std::string describe_search(const Table& table, const RunOptions& options, const SearchSpace& space,
                            const TuneOptions& tuning);

/// What stands in a log.
struct LoggedTrials {
  std::string search;  ///< the first line; empty if there is none
  std::vector<Trial> trials;
  size_t whole_bytes = 0;  ///< without a last line that was not written to its end
};
/// Throws Error(data) naming source and line.
LoggedTrials parse_trials(const std::string& text, const std::string& source);

/// One line, with its end.
std::string trial_line(const Trial& trial);

/// Every line is on the disk before append() returns, so that a search that was killed can go on.
class TrialLog {
 public:
  /// Reads the log if there is one. Throws Error(file), Error(data), and Error(usage) if the file
  /// has trials of another search.
  TrialLog(const std::string& path, const std::string& search);
  ~TrialLog();
  TrialLog(const TrialLog&) = delete;
  TrialLog& operator=(const TrialLog&) = delete;

  const std::vector<Trial>& trials() const { return trials_; }
  void append(const Trial& trial);

 private:
  void open();

  std::string path_, search_;
  bool begun_ = false;  // the first line is on the disk
  std::vector<Trial> trials_;
  int handle_ = -1;
};

}  // namespace sinapse
