#include "train/batch_order.h"

#include <algorithm>

#include "data/philox.h"
#include "train/sequence_stepper.h"

namespace sinapse {

BatchOrder::BatchOrder(const Dataset& data, const Rows& rows, const TrainingOptions& options)
    : data_(data),
      given_(rows),
      seed_(options.seed),
      batch_size_(options.batch_size),
      accumulate_(options.accumulate) {
  if (options.stateful) {
    lanes_.emplace(runs_of(data, std::vector<int64_t>(rows)), options.batch_size, /*whole=*/false);
    lane_batches_ = lanes_->order().batch_begins;
  } else if (RowPlaces::are_for(rows) && !data.has_sequences()) {
    places_ = data.places ? data.places : std::make_shared<const RowPlaces>(rows, seed_);
  }
}

int64_t BatchOrder::num_batches() const {
  return lanes_ ? std::ssize(lane_batches_) - 1
                : (std::ssize(given_) + batch_size_ - 1) / batch_size_;
}

void BatchOrder::begin(int64_t epoch) {
  if (places_) {
    int64_t columns = 0;
    for (const InputColumns& input : data_.inputs) columns += input.columns;
    rows_ = order_of_epoch(places_, columns, batch_size_, seed_, epoch);
    return;
  }
  const RandomStream random(seed_, Purpose::shuffle, epoch);
  if (lanes_) {
    LaneOrder order = lanes_->order(random.permutation(lanes_->num_runs()));
    order_ = std::move(order.places);
    begins_ = std::move(order.begins);
  } else {
    order_ = random.permutation(std::ssize(given_));
  }
  for (int64_t& row : order_) row = given_[row];
  if (data_.has_sequences()) {
    put_similar_lengths_together(data_, batch_size_, seed_, epoch, order_);
  }
  rows_ = order_;
}

int64_t BatchOrder::rows_of_update(int64_t batch) const {
  const int64_t first = batch / accumulate_ * accumulate_;
  const int64_t end = std::min(first + accumulate_, num_batches());
  return batch_begin(end) - batch_begin(first);
}

std::span<const char> BatchOrder::begins(int64_t batch) const {
  if (!lanes_) return {};
  return std::span(begins_).subspan(batch_begin(batch), batch_rows(batch));
}

}  // namespace sinapse
