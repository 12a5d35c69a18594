#include "data/dictionary.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "data/philox.h"

namespace sinapse {
namespace {

// Words of every length over few letters, so that many share their first and last bytes.
std::string word(const RandomStream& random, uint64_t number) {
  std::string text;
  const uint32_t bits = random.bits(number);
  for (uint32_t length = bits % 23; length > 0; --length) {
    text += "ab"[random.bits(number * 32 + length) >> 3 & 1];
  }
  return text;
}

TextTable words(int64_t num_rows, int64_t num_columns) {
  const RandomStream random(4, 1, 0);
  TextTable table;
  for (int64_t c = 0; c < num_columns; ++c) table.names.push_back("c" + std::to_string(c));
  for (int64_t i = 0; i < num_rows * num_columns; ++i) table.append_cell(word(random, i));
  return table;
}

TEST(Dictionary, KnowsEveryTextOfAColumn) {
  const TextTable table = words(5000, 3);
  const std::vector<int64_t> columns = {2, 0};
  const std::vector<Dictionary> dictionaries = make_dictionaries(table, columns);
  ASSERT_EQ(dictionaries.size(), 2u);
  for (size_t d = 0; d < columns.size(); ++d) {
    std::map<std::string_view, int64_t> counts;
    for (int64_t row = 0; row < table.num_rows(); ++row) {
      const std::string_view text = table.cell(row, columns[d]);
      const int32_t code = dictionaries[d].codes[row];
      ASSERT_EQ(code < 0, text.empty());
      if (code < 0) continue;
      ASSERT_EQ(dictionaries[d].texts[code], text);
      ++counts[text];
    }
    ASSERT_EQ(dictionaries[d].texts.size(), counts.size());
    size_t code = 0;
    for (const auto& [text, count] : counts) {  // sorted, as the dictionary is
      EXPECT_EQ(dictionaries[d].texts[code], text);
      EXPECT_EQ(dictionaries[d].counts[code], count);
      EXPECT_EQ(table.cell(dictionaries[d].first_rows[code], columns[d]), text);
      ++code;
    }
  }
}

TEST(Dictionary, OfOneColumnIsTheSame) {
  const TextTable table = words(200, 2);
  const std::vector<int64_t> columns = {0, 1};
  const std::vector<Dictionary> both = make_dictionaries(table, columns);
  EXPECT_EQ(make_dictionary(table, 1).codes, both[1].codes);
  EXPECT_EQ(make_dictionary(table, 1).texts, both[1].texts);
}

TEST(CellPosition, PacksAsItsFieldsSay) {
  for (const uint64_t begin : {uint64_t{0}, uint64_t{5}, CellPosition::kMaxBegin}) {
    for (const uint64_t length : {uint64_t{0}, uint64_t{3}, CellPosition::kMaxLength}) {
      for (const bool quoted : {false, true}) {
        const CellPosition cell = packed_position(begin, length, quoted);
        EXPECT_EQ(cell.begin, begin);
        EXPECT_EQ(cell.length, length);
        EXPECT_EQ(cell.quoted, quoted);
      }
    }
  }
}

}  // namespace
}  // namespace sinapse
