// Brings rows to random places on disk without ever writing at random.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/spill_file.h"
#include "train/row_places.h"

namespace sinapse {

/// Rows that come in their order are appended to buckets, each of them a part of the places; in the
/// end each bucket is sorted in memory. A file of any size takes some megabytes of memory and each
/// row is written twice, in the same room.
class RowScatter {
 public:
  /// All must outlive it.
  RowScatter(SpillFile& file, size_t record_bytes, const RowPlaces& places,
             size_t bucket_bytes = size_t{1} << 21);

  /// The next row.
  void add(std::span<const std::byte> record);
  void finish();

 private:
  struct Bucket {
    int64_t num_written = 0;
    std::vector<std::byte> pending;
  };

  void write(size_t bucket);
  void sort(size_t bucket);
  int64_t first_place(size_t bucket) const { return static_cast<int64_t>(bucket) * bucket_rows_; }

  SpillFile& file_;
  const size_t record_bytes_;
  const RowPlaces& places_;
  const int64_t bucket_rows_;
  size_t pending_bytes_;  // of a bucket
  std::vector<Bucket> buckets_;
  Bucket others_;  // rows that are not for training, behind all buckets
  int64_t next_row_ = 0;
};

}  // namespace sinapse
