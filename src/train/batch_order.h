// Which rows make the batches of an epoch.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <sinapse/train.h>

#include "train/row_lanes.h"
#include "train/row_places.h"

namespace sinapse {

/// All training rows in an order of their own for each epoch, sequences of similar length together;
/// or, if rows go on from one another, such that row r of a batch goes on from row r of the batch
/// before. A function of the options and the epoch.
class BatchOrder {
 public:
  /// `rows` and `data` outlive it.
  BatchOrder(const Dataset& data, const Rows& rows, const TrainingOptions& options);

  /// Puts the rows in the order of that epoch.
  void begin(int64_t epoch);

  int64_t num_batches() const;
  /// Of the epoch, batch by batch.
  const RowList& rows() const { return rows_; }
  int64_t batch_begin(int64_t batch) const {
    return lanes_ ? lane_batches_[batch] : std::min(batch * batch_size_, std::ssize(given_));
  }
  int64_t batch_rows(int64_t batch) const { return batch_begin(batch + 1) - batch_begin(batch); }
  /// Of all batches that make one update with this one.
  int64_t rows_of_update(int64_t batch) const;
  /// By row of the batch: whether a sequence begins there. Empty if rows do not go on.
  std::span<const char> begins(int64_t batch) const;

 private:
  const Dataset& data_;
  const Rows& given_;
  const uint64_t seed_;
  const int64_t batch_size_, accumulate_;
  std::optional<RowLanes> lanes_;
  std::shared_ptr<const RowPlaces> places_;  // of very many rows that are shuffled
  std::vector<int64_t> order_, lane_batches_;
  std::vector<char> begins_;
  RowList rows_;
};

}  // namespace sinapse
