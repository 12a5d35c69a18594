// From cells to typed columns.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/table.h>

#include "data/dictionary.h"
#include "data/text_table.h"

namespace sinapse {

/// What decides of which kind a column of texts is.
struct TextFacts {
  std::string name;
  std::optional<std::string> date_format;     // that fits all of them
  int64_t present = 0;                        // rows that are not missing
  int64_t different = 0;                      // texts
  int64_t letters = 0;                        // of different texts
  int64_t numbers = 0, dressed_numbers = 0;   // rows that are, or look like, numbers
  int64_t first_row = 0, first_text_row = 0;  // that has a text; one that is no number
  std::string first, first_text;              // what they have
  bool opposites = false;                     // just true and false, or the like
};
TextFacts facts_of(const std::string& name, const Dictionary& dictionary, int64_t first_text_row);

/// Of texts that are no dates.
struct TextMeaning {
  ColumnKind kind;
  std::string remark;
};
/// `location` gives the place of a row: "data.csv:17".
TextMeaning meaning_of(const TextFacts& facts,
                       const std::function<std::string(int64_t row)>& location);

/// Says so where 03/04/2024 could be March or April throughout; else empty.
std::string remark_on_ambiguity(const std::string& date_format, const Dictionary& dictionary);
std::string remark_on_exchange(const std::string& date_format, const std::string& exchanged);

// All throw Error(data); `place` is that of the cell.
[[noreturn]] void fail_no_date(const std::string& place, std::string_view cell,
                               const std::string& expected_format);
[[noreturn]] void fail_boolean(const Dictionary& dictionary,
                               const std::function<std::string(int64_t row)>& place);

/// All columns, of the kinds that `options` gives or else inferred from all of their cells.
std::vector<Column> read_columns(const TextTable& table, const ReadOptions& options);

/// One column as that kind; `date_format` is detected if empty. Throws Error(data) with file, line
/// and column at the first cell that cannot be read so.
Column read_column(const TextTable& table, int64_t column, ColumnKind kind,
                   const std::string& date_format = "");

}  // namespace sinapse
