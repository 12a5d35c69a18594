#include "data/csv.h"

#include <gtest/gtest.h>

#include "data/expect_error.h"
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
