#include "train/stored_rows.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sinapse {

void StoredRows::append(std::span<const float> rows) {
  file_.write(size_, std::as_bytes(rows));
  size_ += rows.size_bytes();
}

// In the order in which they stand on the disk, neighbours together.
void StoredRows::read(std::span<const int64_t> rows, float* into) const {
  std::vector<int32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return rows[a] < rows[b]; });
  const uint64_t row_bytes = static_cast<uint64_t>(num_columns_) * sizeof(float);
  const auto follows = [&](int32_t a, int32_t b) { return b == a + 1 && rows[b] == rows[a] + 1; };
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && follows(order[end - 1], order[end]);) ++end;
    const std::span run(into + order[begin] * num_columns_, (end - begin) * num_columns_);
    file_.read(static_cast<uint64_t>(rows[order[begin]]) * row_bytes, std::as_writable_bytes(run));
  }
}

}  // namespace sinapse
