// Walking over a table's cells column by column without leaving the cache: block of rows by block
// of rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "data/text_table.h"

namespace sinapse {

/// Cells of the rows [begin, end) and their text come into the cache while others are read: those
/// of one column do not stand side by side, so that the processor would ask for each when it is
/// due.
inline void prefetch_rows(const TextTable& table, int64_t begin, int64_t end) {
  constexpr size_t kCacheLine = 64, kMostText = size_t{1} << 17;
  if (begin >= end) return;
  const auto prefetch = [](const char* from, const char* to) {
    for (; from < to; from += kCacheLine) __builtin_prefetch(from);
  };
  const CellPosition* const cells = table.cells.data() + table.num_header_cells;
  const CellPosition* const first = cells + begin * table.num_columns();
  const CellPosition* const last = cells + end * table.num_columns() - 1;
  prefetch(reinterpret_cast<const char*>(first), reinterpret_cast<const char*>(last + 1));
  // Not all of a long text; cells of an ARFF file may stand anywhere.
  const char* const text = table.text.data() + first->begin;
  prefetch(text, std::min(text + kMostText, table.text.data() + last->begin));
}

/// Calls visit(begin, end) for rows whose cells fit into the cache, from the first to the last.
template <class Visit>
void for_each_row_block(const TextTable& table, Visit visit) {
  constexpr int64_t kBlockCells = 4096;
  const int64_t num_rows = table.num_rows(), num_columns = table.num_columns();
  const int64_t step = std::max<int64_t>(kBlockCells / std::max<int64_t>(num_columns, 1), 1);
  for (int64_t begin = 0; begin < num_rows; begin += step) {
    const int64_t end = std::min(begin + step, num_rows);
    prefetch_rows(table, end, std::min(end + step, num_rows));
    visit(begin, end);
  }
}

}  // namespace sinapse
