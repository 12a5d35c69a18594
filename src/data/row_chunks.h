// A CSV file as a series of small tables of text, for files that do not fit into memory.
#pragma once

#include <memory>
#include <string>

#include <sinapse/table.h>

#include "data/byte_stream.h"
#include "data/text_table.h"

namespace sinapse {

/// Goes through a file once. Delimiter and header are detected as in memory; every part has whole
/// rows, and rows 1 and 2 of the file stand, as header cells, before those of all parts but the
/// first, so that the checks that compare rows with them work on parts.
class RowChunks {
 public:
  RowChunks(const std::string& path, const ReadOptions& options, size_t part_bytes = kPartBytes);

  static constexpr size_t kPartBytes = size_t{1} << 20;

  /// The next rows, at least one, valid until the next call; nullptr at the end. Throws Error(data)
  /// with file and line as the reader in memory does.
  const TextTable* next();

  /// How many rows stand before those of the part at hand.
  int64_t first_row() const { return first_row_; }

 private:
  void read_first();
  void read_more();
  void fill(size_t size);
  std::string take_rows(size_t size);

  const std::string path_;
  ReadOptions options_;
  const size_t part_bytes_;
  const std::unique_ptr<ByteStream> stream_;
  std::string pending_;  // read, but not yet given out
  bool at_end_ = false;  // of the stream
  bool started_ = false;

  TextTable table_;
  std::string first_rows_;  // rows 1 and 2, every cell in quotes
  int64_t first_line_ = 1;
  int64_t first_row_ = 0, next_row_ = 0;
  int64_t lines_ = 0;   // of what was given out
  uint64_t bytes_ = 0;  // the same
};

/// Where the last complete row of a text ends, or 0. Blank lines at the end count to the next row.
size_t end_of_rows(std::string_view text, char delimiter);

}  // namespace sinapse
