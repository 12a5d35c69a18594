// The cells of a column, wherever they stand: in the column itself, or on disk where the table does
// not fit into memory.
#pragma once

#include <span>
#include <vector>

#include <sinapse/table.h>

namespace sinapse {

/// Cells on disk. Any number of threads may read.
class StoredCells {
 public:
  virtual ~StoredCells() = default;
  virtual int64_t num_rows() const = 0;
  /// As Column::numbers or Column::codes: rows first .. first + into.size() - 1. Throws
  /// Error(file).
  virtual void read(int64_t first, std::span<double> into) const = 0;
  virtual void read(int64_t first, std::span<int32_t> into) const = 0;
};

/// Reads the cells of one column, which must outlive it. Rows may be asked for in any order; rising
/// order is quick on disk, too, as neighbours are read together. For one thread.
class ColumnCells {
 public:
  ColumnCells(const Column& column)  // NOLINT: a column is its cells
      : column_(&column), numbers_(column.numbers), codes_(column.codes) {}

  const Column& column() const { return *column_; }
  const Column* operator->() const { return column_; }
  int64_t num_rows() const { return column_->num_rows(); }

  /// Of a column of numbers or dates; NaN where missing.
  double number(int64_t row) const { return numbers_.at(*column_, row); }
  /// Of any other column: index into its categories, -1 where missing.
  int32_t code(int64_t row) const { return codes_.at(*column_, row); }

 private:
  // The rows at hand: all of them, or a block read from disk.
  template <class T>
  struct Window {
    explicit Window(const std::vector<T>& in_memory) : rows(in_memory) {}
    Window(const Window& other) : rows(other.rows), first(other.first), block(other.block) {
      if (!block.empty()) rows = block;
    }
    Window& operator=(const Window&) = delete;

    T at(const Column& column, int64_t row) const {
      const auto place = static_cast<uint64_t>(row - first);
      return place < rows.size() ? rows[place] : read(column, row);
    }
    T read(const Column& column, int64_t row) const;

    mutable std::span<const T> rows;
    mutable int64_t first = 0;
    mutable std::vector<T> block;
  };

  const Column* column_;
  Window<double> numbers_;
  Window<int32_t> codes_;
};

}  // namespace sinapse
