#include "train/stored_rows.h"

#include <vector>

namespace sinapse {

void StoredRows::append(std::span<const float> rows) {
  records_.write(num_rows_, std::as_bytes(rows));
  num_rows_ += static_cast<int64_t>(rows.size()) / num_columns_;
}

void StoredRows::read(std::span<const int64_t> rows, float* into) const {
  records_.read(rows, reinterpret_cast<std::byte*>(into));
}

void StoredPixels::read(std::span<const int64_t> rows, float* into) const {
  const int64_t columns = num_columns();
  std::vector<uint8_t> bytes(rows.size() * columns);
  samples_->read(rows, reinterpret_cast<std::byte*>(bytes.data()));
  for (int64_t r = 0; r < static_cast<int64_t>(rows.size()); ++r)
    pixels_->encode_bytes(bytes.data() + r * columns, into + r * columns);
}

}  // namespace sinapse
