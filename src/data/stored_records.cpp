#include "data/stored_records.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sinapse {

// In the order in which they stand on the disk, neighbours together.
void StoredRecords::read(std::span<const int64_t> records, std::byte* into) const {
  std::vector<int32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int32_t a, int32_t b) { return records[a] < records[b]; });
  const auto follows = [&](int32_t a, int32_t b) {
    return b == a + 1 && records[b] == records[a] + 1;
  };
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && follows(order[end - 1], order[end]);) ++end;
    const auto first = static_cast<size_t>(order[begin]);
    bytes_->read(offset_ + static_cast<uint64_t>(records[first]) * record_bytes_,
                 std::span(into + first * record_bytes_, (end - begin) * record_bytes_));
  }
}

}  // namespace sinapse
