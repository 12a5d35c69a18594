#include <cmath>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/table_reader.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

Table parse(const std::string& text, const ReadOptions& options = {}) {
  return parse_table(text, "data.csv", options);
}

std::string data_error(const std::string& text, const ReadOptions& options = {}) {
  return message_of(ErrorCode::data, [&] { parse(text, options); });
}

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const Column& column : table.columns()) result.push_back(column.name);
  return result;
}

using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

TEST(Csv, ReadsNumbersUnderAHeader) {
  const Table table = parse("x,y\n1,2.5\n-3,+4e1\n");
  EXPECT_EQ(names(table), (Names{"x", "y"}));
  EXPECT_EQ(table.column("x").numbers, (Numbers{1, -3}));
  EXPECT_EQ(table.column("y").numbers, (Numbers{2.5, 40}));
}

TEST(Csv, TakesEveryLineEndAndABlankEnd) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const Table table = parse("x,y" + end + "1,2" + end + "3,4" + end + end);
    EXPECT_EQ(table.column("y").numbers, (Numbers{2, 4})) << end;
    EXPECT_EQ(table.location(1), "data.csv:3");
  }
  EXPECT_EQ(parse("x,y\n1,2\n3,4").num_rows(), 2);
}

TEST(Csv, LongFilesWithEveryLineEndKeepTheirRows) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "x,y" + end;
    for (int i = 0; i < 5000; ++i)
      text += std::to_string(i) + ",\"" + std::to_string(2 * i) + "\"" + end;
    const Table table = parse(text);
    ASSERT_EQ(table.num_rows(), 5000);
    for (int i = 0; i < 5000; ++i) EXPECT_EQ(table.column("y").numbers[i], 2 * i);
  }
}

TEST(Csv, UnescapesQuotedCells) {
  const Table table = parse("x,text\n1,\"a, \"\"b\"\"\"\n2,\"two\nlines\"\n3,\"c\" \n4,5\" pipe\n");
  EXPECT_EQ(table.column("text").categories, (Names{"5\" pipe", "a, \"b\"", "c", "two\nlines"}));
  EXPECT_EQ(table.column("text").codes, (std::vector<int32_t>{1, 3, 2, 0}));
  EXPECT_EQ(table.location(2), "data.csv:5") << "the cell above holds a line end";
}

TEST(Csv, DropsAByteOrderMark) {
  EXPECT_EQ(names(parse("\xEF\xBB\xBFx,y\n1,2\n")), (Names{"x", "y"}));
}

TEST(Csv, DetectsTheDelimiter) {
  for (const std::string d : {",", ";", "\t", "|"}) {
    const Table table = parse("x" + d + "y\n1" + d + "2\n3" + d + "4\n");
    EXPECT_EQ(table.column("y").numbers, (Numbers{2, 4})) << d;
  }
  EXPECT_EQ(names(parse("a;b\n1,5;2,5\n2,5;3,5\n")), (Names{"a", "b"}));
  EXPECT_EQ(names(parse("\"a;b\",c\n1,2\n")), (Names{"a;b", "c"}));
}

TEST(Csv, TakesDecimalCommasBetweenSemicolons) {
  EXPECT_EQ(parse("x;y\n1,5;2\n-,25;3,0\n").column("x").numbers, (Numbers{1.5, -0.25}));
  const Column mixed = parse("x;y\n1,5;2\n1.500;3\n").column("x");
  EXPECT_EQ(mixed.kind, ColumnKind::category) << "1.500 may be 1500 here";
}

TEST(Csv, DetectsAMissingHeader) {
  EXPECT_EQ(names(parse("1,2\n3,4\n")), (Names{"column_0", "column_1"}));
  EXPECT_EQ(names(parse("1,a\n3,b\n")), (Names{"column_0", "column_1"}));
  EXPECT_EQ(names(parse("a,b\nc,a\na,d\n")), (Names{"column_0", "column_1"})) << "a repeats";
}

TEST(Csv, DetectsAHeader) {
  EXPECT_EQ(names(parse("x,y\n1,a\n2,b\n")), (Names{"x", "y"}));
  EXPECT_EQ(names(parse("kind,colour\na,red\nb,red\n")), (Names{"kind", "colour"}));
  EXPECT_EQ(names(parse("0,1,2\n1.5,2.5,a\n2.5,3.5,b\n")), (Names{"0", "1", "2"}));
  EXPECT_EQ(names(parse(",x\n0,5\n1,6\n")), (Names{"column_0", "x"}));
}

TEST(Csv, ObeysTheOptions) {
  ReadOptions options;
  options.header = false;
  EXPECT_EQ(parse("x,y\n1,2\n", options).num_rows(), 2);
  options.header = true;
  EXPECT_EQ(names(parse("1,2\n3,4\n", options)), (Names{"1", "2"}));
  options.delimiter = ';';
  EXPECT_EQ(names(parse("a,b;c\n1;2\n", options)), (Names{"a,b", "c"}));
}

TEST(Csv, OneRowIsEnough) {
  EXPECT_EQ(parse("x,y\n1,a\n").num_rows(), 1);
  EXPECT_EQ(parse("5,6\n").num_rows(), 1);
}

TEST(Csv, BlankLinesAreMissingOnlyInASingleColumn) {
  EXPECT_EQ(parse("x,y\n1,2\n\n  \n3,4\n").num_rows(), 2);
  const Column column = parse("x\n1\n\n3\n\n\n").column("x");
  ASSERT_EQ(column.num_rows(), 3);
  EXPECT_TRUE(std::isnan(column.numbers[1]));
}

TEST(Csv, ReadsGzip) {
  const TemporaryFolder folder;
  const std::string path = folder.gzip_file("a.csv.gz", "x,y\n1,2\n");
  EXPECT_EQ(read_table(path).column("y").numbers, (Numbers{2}));
}

TEST(Csv, RejectsDamagedGzip) {
  const TemporaryFolder folder;
  const std::string bytes = read_back(folder.gzip_file("a.csv.gz", "x,y\n1,2\n"));
  const std::string cut = folder.file("cut.csv.gz", bytes.substr(0, bytes.size() - 6));
  EXPECT_EQ(message_of(ErrorCode::data, [&] { read_table(cut); }),
            cut + ": the gzip file is cut off.");
  std::string damaged = bytes;
  damaged[bytes.size() - 6] ^= 1;
  const std::string path = folder.file("damaged.csv.gz", damaged);
  EXPECT_EQ(message_of(ErrorCode::data, [&] { read_table(path); }),
            path + ": the gzip file is damaged.");
}

TEST(Csv, NamesTheFileThatCannotBeRead) {
  const TemporaryFolder folder;
  const std::string path = folder.path("missing.csv");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { read_table(path); }),
            path + ": cannot read: No such file or directory.");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { read_table(folder.path("")); }),
            folder.path("") + ": cannot read: Is a directory.");
}

TEST(Csv, RejectsFilesWithoutRows) {
  EXPECT_EQ(data_error(""), "data.csv: the file is empty.");
  EXPECT_EQ(data_error(" \n\r\n"), "data.csv: the file is empty.");
  EXPECT_EQ(data_error("x,y\n"),
            "data.csv: there is a header, but no rows below it. If line 1 is data, read the file "
            "without a header.");
}

TEST(Csv, RejectsRaggedRows) {
  EXPECT_EQ(data_error("x,y\n1,2\n1,2,3\n"),
            "data.csv:3: expected 2 cells as in line 1, found 3. A cell that holds the delimiter "
            "',' must stand in double quotes.");
  EXPECT_NE(data_error("x,y\n1,2\n1\n").find("data.csv:3: expected 2 cells as in line 1, found 1."),
            std::string::npos);
  EXPECT_NE(data_error("x,y\n1,2,3\n").find("data.csv:2: expected 2 cells"), std::string::npos);
}

TEST(Csv, SaysWhenOnlyLine1Differs) {
  EXPECT_EQ(
      data_error("150,4,a\n1,2,3,4,0\n5,6,7,8,1\n"),
      "data.csv:1: this line has 3 cells, but every other line has 5. Remove the line if it is "
      "neither a header nor data.");
  EXPECT_NE(data_error("x,y\na,1,2\nb,3,4\n").find("The name of a column is missing"),
            std::string::npos);
}

TEST(Csv, RejectsAQuoteThatIsNotClosed) {
  EXPECT_NE(data_error("x,y\n1,2\n3,\"4\n5,6\n").find("data.csv:3: a quote opens here"),
            std::string::npos);
  EXPECT_NE(data_error("x,y\n1,\"2\" 3\n").find("data.csv:2: cell 2 of the line goes on"),
            std::string::npos);
}

TEST(Csv, RejectsOtherEncodings) {
  using namespace std::string_literals;
  EXPECT_NE(data_error("\xFF\xFEx\0,\0y\0"s).find("UTF-16"), std::string::npos);
  EXPECT_NE(data_error("x\0,\0y\0\n\0"s).find("UTF-16"), std::string::npos);
  EXPECT_NE(data_error("x,y\n1,\0\n"s).find("data.csv:2: NUL byte"), std::string::npos);
  EXPECT_NE(data_error("x,y\n1,caf\xE9\n").find("data.csv:2: byte 6 of the line (0xE9)"),
            std::string::npos);
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"})
    EXPECT_NE(data_error("x\n" + std::string(bad)).find("is not UTF-8"), std::string::npos);
  EXPECT_EQ(parse("ä,€\n1,😀\n").column("€").categories, (Names{"😀"}));
}

TEST(Csv, RejectsRepeatedNames) {
  EXPECT_EQ(data_error("x,y,x\n1,2,3\n"),
            "data.csv:1: columns 1 and 3 are both called \"x\". Rename one of them.");
}

}  // namespace
}  // namespace sinapse
