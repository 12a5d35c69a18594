// A column of texts as numbers: which texts occur, and which of them each row has.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "data/text_table.h"

namespace sinapse {

struct Dictionary {
  std::vector<std::string_view> texts;  // distinct, sorted by their bytes; they live in the table
  std::vector<int64_t> counts;          // rows that have the text
  std::vector<int64_t> first_rows;      // the first of them
  std::vector<int32_t> codes;           // [rows], index into texts, -1 where missing
  int64_t num_present = 0;              // rows that are not missing
};

Dictionary make_dictionary(const TextTable& table, int64_t column);

/// Those of several columns, which takes one walk through the table.
std::vector<Dictionary> make_dictionaries(const TextTable& table, std::span<const int64_t> columns);

/// The dictionary of a column whose table is read part by part.
class DictionaryOfParts {
 public:
  DictionaryOfParts();
  ~DictionaryOfParts();
  DictionaryOfParts(DictionaryOfParts&&) noexcept;
  DictionaryOfParts& operator=(DictionaryOfParts&&) noexcept;

  /// Takes the next rows and gives their codes, in the order in which texts came; -1 where missing.
  std::vector<int32_t> add(const TextTable& part, int64_t column, int64_t first_row);

  size_t bytes() const;  ///< of memory, about

  /// The dictionary but for its codes, and the code in it for each of those that add() gave. The
  /// texts live in this object.
  Dictionary sorted(std::vector<int32_t>& new_codes) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sinapse
