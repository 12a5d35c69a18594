// What is learned of columns while a file goes by part by part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sinapse/table.h>

#include "data/block_file.h"
#include "data/dictionary.h"
#include "data/identifier.h"
#include "data/number_scan.h"

namespace sinapse {

/// One column while it is read as numbers: until a cell is none.
class NumberColumn {
 public:
  NumberColumn(const TextTable& part, int64_t index) : scan_(part, index), index_(index) {}

  /// Numbers go into the open block of the file.
  void add(const TextTable& part, int64_t first_row, BlockFile<double>& file, int64_t slot);

  bool failed() const { return first_text_ >= 0; }
  bool found_numbers() const { return scan_.found_numbers(); }
  int64_t first_text() const { return first_text_; }
  const NumberFacts& facts() const { return facts_; }

  /// Throws Error(data) at the first cell that is no number.
  void require_numbers() const;

 private:
  void note_problems(const TextTable& part, int64_t first_row);

  NumberScan scan_;
  int64_t index_;
  NumberFacts facts_;
  int64_t first_text_ = -1;
  std::string text_, text_place_, infinite_, infinite_place_;
};

/// One column while its texts are collected.
struct TextsOfColumn {
  int64_t index = 0;
  std::optional<ColumnKind> kind;  // absent: to be inferred
  std::string date_format;         // empty: to be detected
  int64_t first_text = 0;          // the first row that is no number
  DictionaryOfParts dictionary = {};
  bool large = false;  // has more different texts than are kept

  bool is_needed_whole() const {
    return kind == ColumnKind::category || kind == ColumnKind::boolean;
  }
};

/// While the texts take more than `limit` bytes, gives up those of the column that has the most.
void limit_texts(std::vector<TextsOfColumn>& columns, size_t limit);

}  // namespace sinapse
