#include "train/batch_order.h"

#include <algorithm>

#include "data/philox.h"
#include "train/sequence_stepper.h"

namespace sinapse {

BatchOrder::BatchOrder(const Dataset& data, std::span<const int64_t> rows,
                       const TrainingOptions& options)
    : data_(data),
      given_(rows),
      seed_(options.seed),
      batch_size_(options.batch_size),
      accumulate_(options.accumulate) {
  if (options.stateful) {
    lanes_.emplace(runs_of(data, rows), options.batch_size, /*whole=*/false);
    batch_begins_ = lanes_->order().batch_begins;
    return;
  }
  const auto all = static_cast<int64_t>(rows.size());
  for (int64_t begin = 0; begin < all; begin += options.batch_size) batch_begins_.push_back(begin);
  batch_begins_.push_back(all);
}

void BatchOrder::begin(int64_t epoch) {
  const RandomStream random(seed_, Purpose::shuffle, epoch);
  if (lanes_) {
    LaneOrder order = lanes_->order(random.permutation(lanes_->num_runs()));
    order_ = std::move(order.places);
    begins_ = std::move(order.begins);
  } else {
    order_ = random.permutation(static_cast<int64_t>(given_.size()));
  }
  for (int64_t& row : order_) row = given_[row];
  if (data_.has_sequences()) {
    put_similar_lengths_together(data_, batch_size_, seed_, epoch, order_);
  }
}

int64_t BatchOrder::rows_of_update(int64_t batch) const {
  const int64_t first = batch / accumulate_ * accumulate_;
  const int64_t end = std::min(first + accumulate_, num_batches());
  return batch_begins_[end] - batch_begins_[first];
}

std::span<const char> BatchOrder::begins(int64_t batch) const {
  if (!lanes_) return {};
  return std::span(begins_).subspan(batch_begin(batch), batch_rows(batch));
}

}  // namespace sinapse
