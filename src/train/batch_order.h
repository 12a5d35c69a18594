// Which rows make the batches of an epoch.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <sinapse/train.h>

#include "train/row_lanes.h"

namespace sinapse {

/// All training rows in an order of their own for each epoch, sequences of similar length together;
/// or, if rows go on from one another, such that row r of a batch goes on from row r of the batch
/// before. A function of the options and the epoch.
class BatchOrder {
 public:
  /// `rows` and `data` outlive it.
  BatchOrder(const Dataset& data, std::span<const int64_t> rows, const TrainingOptions& options);

  /// Puts the rows in the order of that epoch.
  void begin(int64_t epoch);

  int64_t num_batches() const { return static_cast<int64_t>(batch_begins_.size()) - 1; }
  /// Of the epoch, batch by batch.
  std::span<const int64_t> rows() const { return order_; }
  int64_t batch_begin(int64_t batch) const { return batch_begins_[batch]; }
  int64_t batch_rows(int64_t batch) const {
    return batch_begins_[batch + 1] - batch_begins_[batch];
  }
  /// Of all batches that make one update with this one.
  int64_t rows_of_update(int64_t batch) const;
  /// By row of the batch: whether a sequence begins there. Empty if rows do not go on.
  std::span<const char> begins(int64_t batch) const;

 private:
  const Dataset& data_;
  const std::span<const int64_t> given_;
  const uint64_t seed_;
  const int64_t batch_size_, accumulate_;
  std::optional<RowLanes> lanes_;
  std::vector<int64_t> order_, batch_begins_;
  std::vector<char> begins_;
};

}  // namespace sinapse
