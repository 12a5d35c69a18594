#include "train/row_scatter.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sinapse {

namespace {

constexpr size_t kMostPending = size_t{1} << 16, kAllPending = size_t{1} << 21;

}  // namespace

RowScatter::RowScatter(SpillFile& file, size_t record_bytes, const RowPlaces& places,
                       size_t bucket_bytes)
    : file_(file),
      record_bytes_(record_bytes),
      places_(places),
      bucket_rows_(std::max<int64_t>(static_cast<int64_t>(bucket_bytes / record_bytes), 1)),
      buckets_((places.num_training_rows() + bucket_rows_ - 1) / bucket_rows_) {
  pending_bytes_ = std::min(kMostPending, kAllPending / std::max<size_t>(buckets_.size(), 1));
}

void RowScatter::add(std::span<const std::byte> record) {
  const int64_t place = places_.place_of(next_row_++);
  const bool trains = place < places_.num_training_rows();
  const size_t bucket = trains ? static_cast<size_t>(place / bucket_rows_) : buckets_.size();
  std::vector<std::byte>& pending = (trains ? buckets_[bucket] : others_).pending;
  if (pending.capacity() == 0) pending.reserve(pending_bytes_ + record_bytes_);
  pending.insert(pending.end(), record.begin(), record.end());
  if (pending.size() >= pending_bytes_) write(bucket);
}

void RowScatter::write(size_t index) {
  const bool trains = index < buckets_.size();
  Bucket& bucket = trains ? buckets_[index] : others_;
  const int64_t first = trains ? first_place(index) : places_.num_training_rows();
  file_.write(static_cast<uint64_t>(first + bucket.num_written) * record_bytes_, bucket.pending);
  bucket.num_written += static_cast<int64_t>(bucket.pending.size() / record_bytes_);
  bucket.pending.clear();
}

void RowScatter::finish() {
  for (size_t bucket = 0; bucket <= buckets_.size(); ++bucket) write(bucket);
  others_ = {};
  for (Bucket& bucket : buckets_) bucket.pending = {};
  for (size_t bucket = 0; bucket < buckets_.size(); ++bucket) sort(bucket);
}

// Rows stand there in rising order, so the places in the order of their rows say where each goes.
void RowScatter::sort(size_t index) {
  const int64_t first = first_place(index), count = buckets_[index].num_written;
  std::vector<std::pair<int64_t, int64_t>> places(count);  // rank of the row, place in the bucket
  for (int64_t i = 0; i < count; ++i) places[i] = {places_.rank_at(first + i), i};
  std::sort(places.begin(), places.end());
  std::vector<std::byte> come(count * record_bytes_), sorted(come.size());
  const uint64_t offset = static_cast<uint64_t>(first) * record_bytes_;
  file_.read(offset, come);
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(sorted.data() + places[i].second * record_bytes_, come.data() + i * record_bytes_,
                record_bytes_);
  file_.write(offset, sorted);
}

}  // namespace sinapse
