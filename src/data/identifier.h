// Which columns only name their row: keys, row numbers, nearly unique texts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/block_file.h"
#include "data/text_table.h"

namespace sinapse {

/// Whether a column name promises a key: id, index, key, customer_id, PassengerId, Unnamed: 0, ...
bool sounds_like_identifier(std::string_view name);

/// Why these texts, of which so many rows are `present`, are an identifier, or nothing if they are
/// categories: more than half of at least 20 rows differ, or all differ and the name promises it.
/// `letters` are those of different texts.
std::optional<std::string> explain_text_identifier(const std::string& name, int64_t present,
                                                   int64_t different, int64_t letters);

/// The same for numbers: whole numbers that all differ under a name that promises it, or that count
/// the rows from 0 or 1 in a column without a name.
/// Of the table only names and header matter; the two questions are asked where they decide.
std::optional<std::string> explain_number_identifier(
    const TextTable& table, int64_t column, int64_t rows,
    const std::function<bool()>& all_whole_and_different, const std::function<bool()>& count_rows);

/// The answers to them, from numbers that come part by part.
class NumberFacts {
 public:
  void add(std::span<const double> numbers);

  bool counts_rows() const { return counts_rows_ && rows_ > 0; }

  /// `file` has the numbers again, in `column`. Takes about `memory` bytes.
  bool all_whole_and_different(const BlockFile<double>& file, int64_t column, size_t memory) const;

 private:
  int64_t rows_ = 0;
  double first_ = 0, last_ = 0;
  bool whole_ = true, rising_ = true, counts_rows_ = true;
};

bool all_whole_and_different(std::vector<double> numbers);
bool counts_rows(const std::vector<double>& numbers);

}  // namespace sinapse
