#include "train/stored_rows.h"

#include <vector>

#include "features/sample_parts.h"

namespace sinapse {

void StoredRows::append(std::span<const float> rows) {
  file_->write(static_cast<uint64_t>(num_rows_) * records_.record_bytes(), std::as_bytes(rows));
  num_rows_ += static_cast<int64_t>(rows.size()) / num_columns_;
}

void StoredRows::read(std::span<const int64_t> rows, float* into) const {
  records_.read(rows, reinterpret_cast<std::byte*>(into));
}

void StoredSamples::read(std::span<const int64_t> rows, float* into) const {
  std::vector<std::byte> bytes(rows.size() * samples_->record_bytes());
  samples_->read(rows, bytes.data());
  encode_samples(*pixels_, bytes, into);
}

}  // namespace sinapse
