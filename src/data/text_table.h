// The cells of a table as text: one buffer that holds the file, and where each cell stands in it.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// Eight bytes a cell. The limits are 1 TB for a file and 8 MB for a cell.
struct CellPosition {
  static constexpr uint64_t kMaxBegin = (uint64_t{1} << 40) - 1;
  static constexpr uint64_t kMaxLength = (uint64_t{1} << 23) - 1;

  uint64_t begin : 40;
  uint64_t length : 23;
  uint64_t quoted : 1;
};

/// The same as CellPosition{begin, length, quoted}, for whoever makes millions: compilers write bit
/// fields one by one into memory.
inline CellPosition packed_position(uint64_t begin, uint64_t length, bool quoted) {
#if defined(__x86_64__) || defined(__aarch64__)  // whose fields begin at the lowest bit
  return std::bit_cast<CellPosition>(begin | length << 40 | uint64_t{quoted} << 63);
#else
  return {begin, length, quoted};
#endif
}

/// Which cells are missing values.
enum class MissingRule : uint8_t {
  usual_words,    ///< nothing, NA, N/A, NaN, null, None, ?, - and the like (CSV)
  question_mark,  ///< a question mark without quotes only (ARFF)
};

/// Where a part of a file stands in it.
struct PartOfFile {
  size_t repeated_bytes = 0;  // at the start of the part: rows 1 and 2 of the file once more
  int64_t first_line = 1;     // the line of row 1
  int64_t lines_before = 0;   // before what follows the repeated bytes
};

struct TextTable {
  std::string source;              // the file's path; empty for a table built in memory
  std::string text;                // the file; quoted cells are unescaped in place
  std::vector<std::string> names;  // of the columns
  bool has_header = true;          // whether the names stand in the file
  char delimiter = ',';
  MissingRule missing_rule = MissingRule::usual_words;
  size_t num_header_cells = 0;       // at the start of `cells`
  std::vector<CellPosition> cells;   // [rows, columns], row by row
  std::vector<uint64_t> row_begins;  // only where a row's first cell does not tell it
  PartOfFile part;                   // where `text` stands, if it is not a whole file

  int64_t num_columns() const { return static_cast<int64_t>(names.size()); }
  int64_t num_rows() const;
  /// Throws Error(usage) if there is none of that name.
  int64_t column_named(const std::string& name) const;

  CellPosition position(int64_t row, int64_t column) const {
    return cells[num_header_cells + static_cast<size_t>(row) * names.size() +
                 static_cast<size_t>(column)];
  }
  std::string_view cell(int64_t row, int64_t column) const {
    return text_of(position(row, column));
  }
  std::string_view text_of(CellPosition cell) const {
    return {text.data() + cell.begin, cell.length};
  }
  bool is_missing(CellPosition cell) const;

  /// The line of the file on which a position of `text` is.
  int64_t line(size_t position) const;

  /// "data.csv:17", or "row 16" for a table built in memory.
  std::string location(int64_t row) const;
  /// Also names the column: `data.csv:17: column "price"`.
  std::string location(int64_t row, int64_t column) const;

  /// Adds a cell that does not stand in the file.
  void append_cell(std::string_view cell);
};

}  // namespace sinapse
