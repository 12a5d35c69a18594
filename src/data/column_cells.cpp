#include "data/column_cells.h"

#include <algorithm>
#include <cassert>

namespace sinapse {

namespace {

constexpr int64_t kBlockRows = 1024;  // some thousand columns may be read side by side

}  // namespace

template <class T>
T ColumnCells::Window<T>::read(const Column& column, int64_t row) const {
  assert(column.stored && row >= 0 && row < column.stored->num_rows());
  first = row / kBlockRows * kBlockRows;
  block.resize(std::min(kBlockRows, column.stored->num_rows() - first));
  column.stored->read(first, std::span<T>(block));
  rows = block;
  return rows[row - first];
}

template struct ColumnCells::Window<double>;
template struct ColumnCells::Window<int32_t>;

}  // namespace sinapse
