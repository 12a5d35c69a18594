// Records of equal length that do not fit into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "data/spill_file.h"

namespace sinapse {

/// One behind the other on disk; shuffled reading costs one seek a record, which the system's cache
/// mostly spares. Any number of threads may write records of their own, or read while nobody
/// writes.
class StoredRecords {
 public:
  explicit StoredRecords(size_t record_bytes) : record_bytes_(record_bytes) {}

  size_t record_bytes() const { return record_bytes_; }

  /// Whole records, the first of which is that one.
  void write(int64_t first, std::span<const std::byte> bytes) {
    file_.write(static_cast<uint64_t>(first) * record_bytes_, bytes);
  }

  /// These records, in this order, [records, record_bytes].
  void read(std::span<const int64_t> records, std::byte* into) const;

 private:
  size_t record_bytes_;
  SpillFile file_;
};

}  // namespace sinapse
