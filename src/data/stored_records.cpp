#include "data/stored_records.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

namespace sinapse {

namespace {

constexpr size_t kMostSkipped = 4096, kMostAtOnce = size_t{1} << 16;  // bytes

}  // namespace

// In the order in which they stand on the disk; what lies between near ones is read, too.
void StoredRecords::read(std::span<const int64_t> records, std::byte* into) const {
  std::vector<std::pair<int64_t, int32_t>> order(records.size());  // record, place in `into`
  for (size_t i = 0; i < order.size(); ++i) order[i] = {records[i], static_cast<int32_t>(i)};
  std::sort(order.begin(), order.end());
  const auto bytes_between = [&](size_t a, size_t b) {  // from beginning to beginning
    return static_cast<size_t>(order[b].first - order[a].first) * record_bytes_;
  };
  std::vector<std::byte> together;
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() &&
                          bytes_between(end - 1, end) <= record_bytes_ + kMostSkipped &&
                          bytes_between(begin, end) < kMostAtOnce;)
      ++end;
    const uint64_t offset = offset_ + static_cast<uint64_t>(order[begin].first) * record_bytes_;
    if (end == begin + 1) {
      bytes_->read(offset, {into + order[begin].second * record_bytes_, record_bytes_});
      continue;
    }
    together.resize(bytes_between(begin, end - 1) + record_bytes_);
    bytes_->read(offset, together);
    for (size_t i = begin; i < end; ++i)
      std::memcpy(into + order[i].second * record_bytes_, together.data() + bytes_between(begin, i),
                  record_bytes_);
  }
}

}  // namespace sinapse
