#include "data/columns.h"

#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/table_reader.h"

namespace sinapse {
namespace {

std::string lines(const std::vector<std::string>& cells) {
  std::string text = "x,other\n";
  for (const std::string& cell : cells) text += cell + ",1\n";
  return text;
}

Column column_of(const std::vector<std::string>& cells, const ReadOptions& options = {}) {
  return parse_table(lines(cells), "t.csv", options).column("x");
}

ColumnKind kind_of(const std::vector<std::string>& cells) {
  return column_of(cells).kind;
}

std::string error_of(const std::vector<std::string>& cells, const ReadOptions& options = {}) {
  return message_of(ErrorCode::data, [&] { column_of(cells, options); });
}

TEST(ReadColumns, ReadsNumbers) {
  const Column column = column_of({"1", "-2.5", "+3e2", ".5", "1E-3"});
  EXPECT_EQ(column.kind, ColumnKind::number);
  EXPECT_EQ(column.numbers, (std::vector<double>{1, -2.5, 300, 0.5, 0.001}));
}

TEST(ReadColumns, ReadsTheNearestDouble) {
  const std::vector<std::string> cells = {
      "0.1",  "123456.789012345", "9007199254740993", "0.30000000000000004", "-0",
      "4.35", "999999999999999",  ".000000000000001"};
  const Column column = column_of(cells);
  for (size_t i = 0; i < cells.size(); ++i)
    EXPECT_EQ(column.numbers[i], std::strtod(cells[i].c_str(), nullptr)) << cells[i];
  EXPECT_TRUE(std::signbit(column.numbers[4]));
}

TEST(ReadColumns, KnowsWhatIsNoNumber) {
  for (const char* text : {".", "1.2.3", "1 2", "0x10", "1e", "--1", "+-1", "1,5", "12a"})
    EXPECT_EQ(kind_of({"1", std::string("\"") + text + "\"", "2", "2"}), ColumnKind::category)
        << text;
}

TEST(ReadColumns, KnowsMissingValues) {
  for (const char* word :
       {"", "NA", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "#N/A", "NaT", "nil"}) {
    const Column column = column_of({"1", word, "3"});
    ASSERT_EQ(column.kind, ColumnKind::number) << word;
    EXPECT_TRUE(std::isnan(column.numbers[1])) << word;
  }
}

TEST(ReadColumns, LooksAtTheWholeColumn) {
  std::vector<std::string> cells(5000, "1");
  cells.push_back("one");
  const Column column = column_of(cells);
  EXPECT_EQ(column.kind, ColumnKind::category);
  EXPECT_EQ(column.remark,
            "is read as text because of \"one\" (t.csv:5002); 5000 of 5001 values are "
            "numbers");
}

TEST(ReadColumns, RejectsNumbersBeyondDouble) {
  EXPECT_EQ(error_of({"1", "1e999"}),
            "t.csv:3: column \"x\": 1e999 is not a finite number (the "
            "largest is 1.8e308). Correct the cell, or leave it empty.");
  EXPECT_NE(error_of({"inf"}).find("t.csv:2"), std::string::npos);
}

TEST(ReadColumns, ReadsDecimalCommasBetweenSemicolons) {
  const Table table = parse_table("x;y\n1,5;a\n-2,25;b\n3;c\n", "t.csv");
  EXPECT_EQ(table.column("x").numbers, (std::vector<double>{1.5, -2.25, 3}));
  EXPECT_EQ(parse_table("x;y\n1.5;a\n2.5;b\n", "t.csv").column("x").numbers,
            (std::vector<double>{1.5, 2.5}));
  EXPECT_EQ(parse_table("x;y\n1,5;a\n2.5;b\n", "t.csv").column("x").kind, ColumnKind::category);
}

TEST(ReadColumns, FindsBooleans) {
  EXPECT_EQ(kind_of({"true", "false", "NA"}), ColumnKind::boolean);
  EXPECT_EQ(kind_of({"Yes", "No", "Yes"}), ColumnKind::boolean);
  EXPECT_EQ(kind_of({"male", "female", "male"}), ColumnKind::category);
}

TEST(ReadColumns, SortsCategories) {
  const Column column = column_of({"b", "a", "NA", "b", "C"});
  EXPECT_EQ(column.categories, (std::vector<std::string>{"C", "a", "b"}));
  EXPECT_EQ(column.codes, (std::vector<int32_t>{2, 1, -1, 2, 0}));
}

TEST(ReadColumns, FindsDates) {
  const Column column = column_of({"1970-01-02", "NA", "2000-02-29"});
  EXPECT_EQ(column.kind, ColumnKind::date);
  EXPECT_EQ(column.date_format, "%Y-%m-%d");
  EXPECT_EQ(column.numbers[0], 86400);
  EXPECT_TRUE(std::isnan(column.numbers[1]));
  EXPECT_EQ(column.numbers[2], 951782400);
}

TEST(ReadColumns, WantsOneDateFormatForAll) {
  EXPECT_EQ(column_of({"01/02/2024", "25/02/2024"}).date_format, "%d/%m/%Y");
  EXPECT_EQ(column_of({"01/02/2024", "02/25/2024"}).date_format, "%m/%d/%Y");
  EXPECT_EQ(kind_of({"25/02/2024", "02/25/2024"}), ColumnKind::category);
  EXPECT_EQ(kind_of({"2024-02-30", "2024-02-01"}), ColumnKind::category);
}

TEST(ReadColumns, SaysWhichDatesAreAmbiguous) {
  EXPECT_EQ(column_of({"01/02/2024", "03/04/2024"}).remark,
            "read as %d/%m/%Y, but %m/%d/%Y fits as well");
}

TEST(ReadColumns, FindsEmptyColumns) {
  const Column column = column_of({"", "NA", "?"});
  EXPECT_EQ(column.kind, ColumnKind::empty);
  EXPECT_EQ(column.num_rows(), 3);
}

TEST(ReadColumns, FindsTextsThatNameRows) {
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back("person " + std::to_string(i));
  const Column column = column_of(names);
  EXPECT_EQ(column.kind, ColumnKind::identifier);
  EXPECT_EQ(column.remark, "30 of 30 texts differ: it names the rows");
  EXPECT_EQ(kind_of({"a", "b", "c"}), ColumnKind::category) << "too few to tell";
}

TEST(ReadColumns, FindsRowNumbers) {
  const auto kind = [](const std::string& text) {
    return parse_table(text, "t.csv").columns()[0].kind;
  };
  EXPECT_EQ(kind("customer_id,y\n17,1\n3,1\n8,2\n"), ColumnKind::identifier);
  EXPECT_EQ(kind(",y\n0,5\n1,5\n2,7\n"), ColumnKind::identifier);
  EXPECT_EQ(kind("year,y\n2001,5\n2002,5\n2003,7\n"), ColumnKind::number);
  EXPECT_EQ(kind("id,y\n1,5\n1,5\n2,7\n"), ColumnKind::number) << "repeats itself";
}

TEST(ReadColumns, ObeysForcedKinds) {
  const Column column = column_of({"01", "1", "02"}, {.kinds = {{"x", ColumnKind::category}}});
  EXPECT_EQ(column.categories, (std::vector<std::string>{"01", "02", "1"}));
}

TEST(ReadColumns, SaysWhatDoesNotFitAForcedKind) {
  EXPECT_EQ(
      error_of({"1", "two"}, {.kinds = {{"x", ColumnKind::number}}}),
      "t.csv:3: column \"x\": expected a number, found \"two\". Correct the cell, or read the "
      "column as categories.");
  EXPECT_NE(error_of({"2024-01-01", "soon"}, {.kinds = {{"x", ColumnKind::date}}})
                .find("t.csv:3: column \"x\": expected a date like %Y-%m-%d, found \"soon\""),
            std::string::npos);
  EXPECT_NE(error_of({"a", "b", "c"}, {.kinds = {{"x", ColumnKind::boolean}}})
                .find("t.csv:4: column \"x\": expected one of two values"),
            std::string::npos);
}

}  // namespace
}  // namespace sinapse
