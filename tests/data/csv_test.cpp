#include "data/csv.h"

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/philox.h"
#include "data/table_reader.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

Table parse(const std::string& text, const ReadOptions& options = {}) {
  return parse_table(text, "t.csv", options);
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns()) names.push_back(column.name);
  return names;
}

// The texts of a column in the order of its rows; "<missing>" where there is none.
std::vector<std::string> texts_of(const Table& table, const std::string& name) {
  const Column column = table.reinterpret_as(table.column(name), ColumnKind::category);
  std::vector<std::string> texts;
  for (const int32_t code : column.codes)
    texts.push_back(code < 0 ? "<missing>" : column.categories[code]);
  return texts;
}

std::string data_error(const std::string& text, const ReadOptions& options = {}) {
  return message_of(ErrorCode::data, [&] { parse(text, options); });
}

std::string in_quotes(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

using Texts = std::vector<std::string>;

TEST(Csv, UnescapesQuotedCells) {
  const Table table = parse("a,b\n\"x, \"\"y\"\"\",1\n\"\"\"\",2\n\"\",3\n");
  EXPECT_EQ(texts_of(table, "a"), (Texts{"x, \"y\"", "\"", "<missing>"}));
}

TEST(Csv, KeepsLineEndsInQuotes) {
  const Table table = parse("a,b\n\"one\ntwo\r\nthree\",1\nfour,2\n");
  EXPECT_EQ(texts_of(table, "a"), (Texts{"one\ntwo\r\nthree", "four"}));
  EXPECT_EQ(table.location(0), "t.csv:2");
  EXPECT_EQ(table.location(1), "t.csv:5");
}

TEST(Csv, CountsLinesBehindUnescapedQuotes) {
  const Table table = parse("a,b\n\"\"\"x\"\"\",1\ny,2\n");
  EXPECT_EQ(table.location(1), "t.csv:3");
}

TEST(Csv, TakesQuotesInsideOfPlainCellsAsTheyAre) {
  EXPECT_EQ(texts_of(parse("a,b\n5\" disk,1\nx,2\n"), "a"), (Texts{"5\" disk", "x"}));
}

TEST(Csv, ReadsEveryKindOfLineEnd) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const Table table = parse("a,b" + end + "1,2" + end + "3,4" + end);
    EXPECT_EQ(names_of(table), (Texts{"a", "b"}));
    EXPECT_EQ(table.column("b").numbers, (std::vector<double>{2, 4}));
    EXPECT_EQ(table.location(1), "t.csv:3");
  }
}

TEST(Csv, KeepsEveryRowOfALongFile) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "a,b" + end;
    for (int i = 0; i < 5000; ++i)
      text += std::to_string(i) + ",\"" + std::to_string(2 * i) + "\"" + end;
    const Table table = parse(text);
    ASSERT_EQ(table.num_rows(), 5000);
    for (int i = 0; i < 5000; ++i) EXPECT_EQ(table.column("b").numbers[i], 2 * i);
  }
}

// Cells of all kinds, rows of 1 to 300 of them, so that quotes, line ends and blanks stand at every
// place of the blocks in which a file is read.
TEST(Csv, SplitsWhatWasJoined) {
  const RandomStream random(9, 1, 0);
  uint64_t next = 0;
  const auto below = [&](uint32_t limit) { return random.bits(next++) % limit; };
  for (int round = 0; round < 300; ++round) {
    const char delimiter = ",;\t|"[round % 4];
    const std::string end = round % 3 == 0 ? "\r\n" : "\n";
    const size_t num_columns = 2 + below(round % 10 == 0 ? 300 : 12), num_rows = 2 + below(12);
    std::vector<std::string> expected;
    std::string text;
    for (size_t i = 0; i < num_rows * num_columns; ++i) {
      std::string cell = "x";  // no cell is empty: blank lines are left out
      for (uint32_t n = below(below(8) == 0 ? 100 : 9); n > 0; --n) {
        cell += "ab 1.5-\"\n,;|\xC3\xA9"[below(12)];
      }
      const bool quoted = cell.find_first_of("\"\n,;|\t\xC3\xA9") != cell.npos || below(5) == 0;
      if (cell.find('\xC3') != cell.npos || cell.find('\xA9') != cell.npos) cell = "\u00E9";
      while (cell.back() == ' ') cell.pop_back();
      expected.push_back(cell);
      if (below(6) == 0) text += ' ';
      text += quoted ? in_quotes(cell) : cell;
      if (below(6) == 0) text += ' ';
      text += (i + 1) % num_columns == 0 ? end : std::string(1, delimiter);
    }
    TextTable table;
    table.source = "t.csv", table.text = text, table.delimiter = delimiter;
    split_cells(table, 0);
    ASSERT_EQ(table.num_columns(), static_cast<int64_t>(num_columns));
    ASSERT_EQ(table.cells.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(table.text_of(table.cells[i]), expected[i]) << "round " << round << ", cell " << i;
    }
  }
}

TEST(Csv, NeedsNoLineEndAtTheEnd) {
  EXPECT_EQ(parse("a,b\n1,2\n3,4").column("b").numbers, (std::vector<double>{2, 4}));
  EXPECT_EQ(texts_of(parse("a,b\nx,y\nz,"), "b"), (Texts{"y", "<missing>"}));
}

TEST(Csv, SkipsBlankLines) {
  const Table table = parse("a,b\n1,2\n\n3,4\n\n  \n\n");
  EXPECT_EQ(table.num_rows(), 2);
  EXPECT_EQ(table.location(1), "t.csv:4");
}

TEST(Csv, BlankLinesInOneColumnAreMissingValues) {
  EXPECT_EQ(texts_of(parse("a\nx\n\ny\n\n"), "a"), (Texts{"x", "<missing>", "y"}));
}

TEST(Csv, TrimsBlanksAroundCells) {
  EXPECT_EQ(texts_of(parse("a, b\n x y ,\t1\n z , 2 \n"), "a"), (Texts{"x y", "z"}));
}

TEST(Csv, TakesAnyNumberOfSpacesForOneDelimiter) {
  const Table table = parse("  a b   c \n1   2 3\r\n 4 \"x y\"  6  \n\n7 8 9 ", {.delimiter = ' '});
  EXPECT_EQ(names_of(table), (Texts{"a", "b", "c"}));
  EXPECT_EQ(texts_of(table, "b"), (Texts{"2", "x y", "8"}));
  EXPECT_EQ(table.column("c").numbers, (std::vector<double>{3, 6, 9}));
}

TEST(Csv, SkipsAByteOrderMark) {
  EXPECT_EQ(names_of(parse("\xEF\xBB\xBF"
                           "a,b\n1,2\n")),
            (Texts{"a", "b"}));
}

TEST(Csv, ReadsOneRow) {
  EXPECT_EQ(parse("a,b\n1,x\n").num_rows(), 1);
}

TEST(Csv, RejectsAQuoteThatIsNotClosed) {
  EXPECT_EQ(data_error("a,b\n1,2\n3,\"open\n5,6\n"),
            "t.csv:3: a quote opens here and is never closed. Close it, or double it (\"\") if it "
            "belongs to the text.");
}

TEST(Csv, RejectsTextBehindAClosingQuote) {
  EXPECT_NE(data_error("a,b\n1,2\n\"x\"y,2\n").find("t.csv:3: cell 1"), std::string::npos);
}

TEST(Csv, RejectsRaggedRows) {
  EXPECT_EQ(data_error("a,b,c\n1,2,3\n4,5\n6,7,8\n"),
            "t.csv:3: expected 3 cells as in line 1, found 2. A cell that holds the delimiter ',' "
            "must stand in double quotes.");
  EXPECT_NE(data_error("a,b\n1,2\n3,4\n5,6,7\n").find("t.csv:4: expected 2 cells"),
            std::string::npos);
}

TEST(Csv, SaysIfOnlyTheFirstLineDiffers) {
  EXPECT_EQ(data_error("150,4\n1,2,3\n4,5,6\n"),
            "t.csv:1: this line has 2 cells, but every other line has 3. If it is a title, remove "
            "it. Else the name of a column is missing; if it is that of row names, put a delimiter "
            "or a name at the start of the line.");
  EXPECT_NE(data_error("a,b,c,d,e\n1,2,3\n4,5,6\n").find("Remove the line"), std::string::npos);
}

TEST(Csv, RejectsFilesWithoutText) {
  EXPECT_EQ(data_error(""), "t.csv: the file is empty.");
  EXPECT_EQ(data_error("\n \n"), "t.csv: the file is empty.");
  EXPECT_NE(data_error("a,b\n").find("no rows below it"), std::string::npos);
}

TEST(Csv, RejectsOtherEncodings) {
  EXPECT_EQ(data_error("a,b\nx,caf\xE9\n").substr(0, 40),
            "t.csv:2: byte 6 of the line (0xE9) is no");
  EXPECT_NE(data_error("\xFF\xFE"
                       "a\0,\0"s)
                .find("UTF-16"),
            std::string::npos);
  EXPECT_NE(data_error("a\0,\0b\0"s).find("UTF-16"), std::string::npos);
  EXPECT_NE(data_error("a,b\n1,x\0\n"s).find("t.csv:2: NUL byte at offset 7"), std::string::npos);
}

TEST(Csv, RejectsRepeatedNames) {
  EXPECT_EQ(data_error("a,b,a\n1,2,3\n"),
            "t.csv:1: columns 1 and 3 are both called \"a\". Rename one of them.");
}

}  // namespace
}  // namespace sinapse
