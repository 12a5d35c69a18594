// Typed columns read from a CSV, TSV or ARFF file, or put together in memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// What the cells of a column mean.
enum class ColumnKind : uint8_t {
  number,      ///< integers and decimals
  category,    ///< one of several texts
  boolean,     ///< exactly two texts such as true/false, yes/no
  date,        ///< calendar dates, with or without time of day
  identifier,  ///< nearly every row differs (names, keys, row numbers): nothing to learn from
  empty,       ///< every cell is missing
};

std::string_view name_of(ColumnKind kind);

class StoredCells;  // cells on disk (src/data/column_cells.h)

/// One named column. Numbers and dates fill `numbers`; every other kind fills `codes` and `categories`.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::vector<double> numbers;          // NaN where missing; a date is seconds since 1970-01-01 UTC
  std::vector<int32_t> codes;           // index into `categories`, -1 where missing
  std::vector<std::string> categories;  // distinct texts exactly as they stand in the file, sorted
  std::string date_format;              // strptime form of a date column, e.g. "%Y-%m-%d"
  std::string remark;                   // one sentence for the user where the kind needs one
  std::shared_ptr<const StoredCells> stored;  // instead of numbers and codes: cells on disk

  int64_t num_rows() const;
};

/// How to read a delimited file. The defaults detect everything.
struct ReadOptions {
  std::optional<char> delimiter;            // , ; | tab, or spaces; detected when absent
  std::optional<bool> header;               // whether line 1 names the columns; detected when absent
  std::map<std::string, ColumnKind> kinds;  // columns whose kind is known, by name; others are inferred
  std::map<std::string, std::string> date_formats;  // of columns known to be dates; others are detected
  /// Bytes that a table may take in memory: the cells of a larger CSV file are kept in a temporary
  /// file (in TMPDIR, else /var/tmp), with the same results. 0: half of what is free.
  uint64_t memory = 0;
};

class TableText;  // the cells as text (src/data/table_text.h)

/// Columns of equal length.
class Table {
 public:
  Table() = default;
  /// Takes columns built in memory. Throws Error(usage) if lengths differ or a name stands twice.
  explicit Table(std::vector<Column> columns);
  Table(std::vector<Column> columns, std::shared_ptr<const TableText> text, std::string source);

  int64_t num_rows() const;
  const std::vector<Column>& columns() const { return columns_; }

  /// The column of that name, or of that 0-based index if the name is a whole number and no column
  /// has it as its name. Throws Error(usage) naming the nearest column name otherwise.
  const Column& column(const std::string& name) const;
  const Column* find(const std::string& name) const;  ///< nullptr where column() would throw

  /// The same column read as another kind, e.g. a number column of class labels as categories
  /// with the texts exactly as they stand in the file. Throws Error(data) with file, line and
  /// column if a cell cannot be read so.
  Column reinterpret_as(const Column& column, ColumnKind kind) const;

  /// Where a row stands, for messages: "data.csv:17", or "row 16" for a table built in memory.
  std::string location(int64_t row) const;

  const std::string& source() const { return source_; }  ///< the file's path, or empty
  bool on_disk() const;  ///< whether the cells are kept in a temporary file

 private:
  std::vector<Column> columns_;
  std::shared_ptr<const TableText> text_;
  std::string source_;
};

/// Reads a CSV, TSV or ARFF file (also gzip-compressed) with columns typed by inference.
/// Throws Error(file) or Error(data).
Table read_table(const std::string& path, const ReadOptions& options = {});

}  // namespace sinapse
