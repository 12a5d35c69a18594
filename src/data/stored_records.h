// Records of equal length that do not fit into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "data/stored_bytes.h"

namespace sinapse {

/// One behind the other on disk; shuffled reading costs one seek a record, which the system's cache
/// mostly spares. Any number of threads may read.
class StoredRecords {
 public:
  /// The first of them stands at `offset`.
  StoredRecords(size_t record_bytes, std::shared_ptr<const StoredBytes> bytes, uint64_t offset = 0)
      : record_bytes_(record_bytes), bytes_(std::move(bytes)), offset_(offset) {}

  size_t record_bytes() const { return record_bytes_; }

  /// These records, in this order, [records, record_bytes].
  void read(std::span<const int64_t> records, std::byte* into) const;

 private:
  size_t record_bytes_;
  std::shared_ptr<const StoredBytes> bytes_;
  uint64_t offset_;
};

}  // namespace sinapse
