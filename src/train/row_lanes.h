// Rows that go on from one another, in batches: row r of a batch goes on from row r of the batch
// before, or begins anew.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/dataset.h"

namespace sinapse {

/// Places [begin, begin + count) of a list of rows, each of which goes on from the one before.
struct RowRun {
  int64_t begin = 0, count = 0;

  bool operator==(const RowRun&) const = default;
};

/// Rows go on from one another where they stand side by side in the data set and in the list, and
/// belong to one sequence.
std::vector<RowRun> runs_of(const Dataset& data, std::span<const int64_t> rows);

/// Places in a list of rows, batch by batch.
struct LaneOrder {
  std::vector<int64_t> places;
  std::vector<char> begins;           // by place: whether it begins a run
  std::vector<int64_t> batch_begins;  // of each batch in `places`, and the end

  int64_t num_batches() const { return static_cast<int64_t>(batch_begins.size()) - 1; }
};

/// Each row of a batch is a lane on which run follows run.
class RowLanes {
 public:
  /// The longest run first goes to the lane that has the fewest rows so far. Unless runs are to
  /// stay `whole`, one with more rows than a lane's share of all is cut there.
  RowLanes(std::vector<RowRun> runs, int64_t max_lanes, bool whole);

  /// The runs of a lane in the order of `ranks` (one number for each of num_runs()), or as they
  /// stand in the list. All orders have batches of the same sizes.
  LaneOrder order(std::span<const int64_t> ranks = {}) const;
  int64_t num_runs() const { return static_cast<int64_t>(runs_.size()); }

 private:
  std::vector<RowRun> runs_;                // in the order of the list
  std::vector<std::vector<size_t>> lanes_;  // indices of runs, the longest lane first
};

}  // namespace sinapse
