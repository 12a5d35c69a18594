// Rows of a table as sequences: those with the same text in one column belong together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <sinapse/table.h>

namespace sinapse {

/// The rows of each sequence one after the other, in the order of their steps. Sequences stand in
/// the order of their first rows in the file.
struct RowSequences {
  std::vector<std::string> ids;
  std::vector<int64_t> rows;  // of the table
  std::vector<int64_t> offsets{
      0};  // sequence s has rows offsets[s] .. offsets[s + 1] - 1 of `rows`

  int64_t size() const { return static_cast<int64_t>(ids.size()); }
  int64_t length(int64_t sequence) const { return offsets[sequence + 1] - offsets[sequence]; }
  int64_t longest() const;
  std::span<const int64_t> rows_of(int64_t sequence) const {
    return std::span(rows).subspan(offsets[sequence], length(sequence));
  }
};

/// Groups the rows by the texts of column `id`; steps are in the order of the dates or numbers of
/// column `order`, or, if that is empty, in the order of the file. Throws Error(data), naming the
/// place and the column, where an id or a step's place is missing, and where two rows of a sequence
/// have the same one.
RowSequences sequences_of(const Table& table, const std::string& id, const std::string& order);

}  // namespace sinapse
