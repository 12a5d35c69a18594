#include "train/stored_rows.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "features/sample_parts.h"

namespace sinapse {

StoredRows::StoredRows(int64_t num_columns, std::shared_ptr<const RowPlaces> places)
    : num_columns_(num_columns),
      records_(static_cast<size_t>(num_columns) * sizeof(float), file_),
      places_(std::move(places)) {
  if (places_) scatter_.emplace(*file_, records_.record_bytes(), *places_);
}

void StoredRows::append(std::span<const float> rows) {
  if (scatter_) {
    for (size_t i = 0; i < rows.size(); i += num_columns_)
      scatter_->add(std::as_bytes(rows.subspan(i, num_columns_)));
  } else {
    file_->write(static_cast<uint64_t>(num_rows_) * records_.record_bytes(), std::as_bytes(rows));
  }
  num_rows_ += std::ssize(rows) / num_columns_;
}

void StoredRows::finish() {
  if (scatter_) scatter_->finish();
  scatter_.reset();
}

void StoredRows::read(std::span<const int64_t> rows, float* into) const {
  auto* const bytes = reinterpret_cast<std::byte*>(into);
  if (!places_) return records_.read(rows, bytes);
  std::vector<int64_t> places(rows.size());
  std::transform(rows.begin(), rows.end(), places.begin(),
                 [&](int64_t row) { return places_->place_of(row); });
  records_.read(places, bytes);
}

// In the order in which they stand on disk.
void StoredRows::visit(int64_t count,
                       const std::function<void(int64_t, const float*)>& take) const {
  if (!places_) return RowSource::visit(count, take);
  constexpr int64_t kRows = 1024;
  std::vector<int64_t> places;
  std::vector<float> numbers;
  int64_t other = 0;  // a row that is not for training
  for (int64_t first = 0; first < num_rows_; first += kRows) {
    places.resize(std::min(kRows, num_rows_ - first));
    std::iota(places.begin(), places.end(), first);
    numbers.resize(places.size() * num_columns_);
    records_.read(places, reinterpret_cast<std::byte*>(numbers.data()));
    const float* at = numbers.data();
    for (const int64_t place : places) {
      int64_t row = 0;
      if (place < places_->num_training_rows()) {
        row = places_->row_at(place);
      } else {
        while (places_->place_of(other) != place) ++other;
        row = other;
      }
      if (row < count) take(row, at);
      at += num_columns_;
    }
  }
}

void StoredSamples::read(std::span<const int64_t> rows, float* into) const {
  std::vector<std::byte> bytes(rows.size() * samples_->record_bytes());
  samples_->read(rows, bytes.data());
  encode_samples(*pixels_, bytes, into);
}

}  // namespace sinapse
