// Rows that come one by one, as tables of one row.
#pragma once

#include <istream>
#include <map>
#include <string>

#include <sinapse/table.h>

namespace sinapse::cli {

/// Lines of a stream whose first line names the columns. Throws Error(data) with the line.
class RowReader {
 public:
  /// Reads the head. The kinds of columns are by name; others are numbers if `numbers`, but for
  /// `text_column`.
  RowReader(std::istream& lines, std::map<std::string, ColumnKind> kinds,
            std::map<std::string, std::string> formats, bool numbers,
            const std::string& text_column);

  bool has_column(const std::string& name) const;

  /// False at the end. Empty lines are passed over.
  bool next(Table& row);

  /// The message with the number of the line, which is the second of its small table.
  std::string in_this_line(std::string message) const;
  std::string place() const;

 private:
  bool next_line(std::string& line);

  std::istream& lines_;
  ReadOptions options_;
  std::string head_;
  std::vector<std::string> names_;
  int64_t line_ = 0;
};

}  // namespace sinapse::cli
