// A column of texts as numbers: which texts occur, and which of them each row has.
#pragma once

#include <cstdint>
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

}  // namespace sinapse
