// Bytes that do not fit into memory, in a file without a name that is gone with its owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "data/stored_bytes.h"

namespace sinapse {

/// Any number of threads may read while nobody writes, or write places that do not overlap.
class SpillFile : public StoredBytes {
 public:
  /// In that folder; if it is empty in TMPDIR, else in /var/tmp. Throws Error(file).
  explicit SpillFile(const std::string& folder = "");
  ~SpillFile() override;
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Throws Error(file) naming the folder if the disk is full.
  void write(uint64_t offset, std::span<const std::byte> bytes);

  /// What was written there before; what was not is zero.
  void read(uint64_t offset, std::span<std::byte> into) const override;

 private:
  std::string folder_;
  int handle_ = -1;
};

}  // namespace sinapse
