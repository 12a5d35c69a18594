#include "data/arff.h"

#include <cmath>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/table_reader.h"

namespace sinapse {
namespace {

constexpr const char* kHeader =
    "% weather\n@RELATION weather\n\n@attribute outlook {sunny, 'very rainy', \"it's dry\"}\n"
    "@Attribute 'temperature in C' REAL % degrees\n@attribute windy {TRUE,FALSE}\n@data\n";

Table parse(const std::string& text) {
  return parse_table(text, "w.arff");
}

std::string data_error(const std::string& text) {
  return message_of(ErrorCode::data, [&] { parse(text); });
}

TEST(Arff, ReadsTypedColumns) {
  const Table table = parse(std::string(kHeader) +
                            "sunny,85,FALSE\n'very rainy', 70.5 ,TRUE\n\n"
                            "% a comment\n\"it's dry\",?,TRUE % another\n");
  EXPECT_EQ(table.num_rows(), 3);
  EXPECT_EQ(table.column("outlook").kind, ColumnKind::category);
  EXPECT_EQ(table.column("outlook").categories,
            (std::vector<std::string>{"it's dry", "sunny", "very rainy"}));
  EXPECT_EQ(table.column("temperature in C").numbers[1], 70.5);
  EXPECT_TRUE(std::isnan(table.column("temperature in C").numbers[2]));
  EXPECT_EQ(table.column("windy").kind, ColumnKind::boolean);
  EXPECT_EQ(table.location(2), "w.arff:12");
}

TEST(Arff, OnlyABareQuestionMarkIsMissing) {
  const Table table = parse("@relation r\n@attribute a {none,NA,'?'}\n@data\nnone\nNA\n'?'\n?\n");
  EXPECT_EQ(table.column("a").codes, (std::vector<int32_t>{2, 1, 0, -1}));
}

TEST(Arff, SeparatesByBlanksAsWell) {
  EXPECT_EQ(parse("@relation r\n@attribute a real\n@attribute b real\n@data\n1 2\n3\t,4\n")
                .column("b")
                .numbers,
            (std::vector<double>{2, 4}));
}

TEST(Arff, ReadsEscapes) {
  const Table table =
      parse("@relation r\n@attribute s string\n@data\n'it\\'s\\n50\\%'\n'a \\\\ b'\n'it\\'s'\n");
  EXPECT_EQ(table.column("s").categories,
            (std::vector<std::string>{"a \\ b", "it's", "it's\n50%"}));
  EXPECT_EQ(table.location(1), "w.arff:5");
}

TEST(Arff, UnfoldsSparseRows) {
  const Table table = parse(
      "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@attribute c numeric\n@data\n"
      "{0 5, 2 7}\n{1 y}\n{}\n{2 ?}\n");
  EXPECT_EQ(table.column("a").numbers, (std::vector<double>{5, 0, 0, 0}));
  EXPECT_EQ(table.column("b").codes, (std::vector<int32_t>{0, 1, 0, 0}));
  EXPECT_EQ(table.column("c").numbers[0], 7);
  EXPECT_TRUE(std::isnan(table.column("c").numbers[3]));
}

TEST(Arff, ReadsDates) {
  const Table table = parse(
      "@relation r\n@attribute d date 'dd.MM.yyyy HH:mm'\n@attribute e date\n@data\n"
      "'02.01.1970 01:00',1970-01-01T00:00:05\n");
  EXPECT_EQ(table.column("d").date_format, "%d.%m.%Y %H:%M");
  EXPECT_EQ(table.column("d").numbers[0], 90000);
  EXPECT_EQ(table.column("e").numbers[0], 5);
}

TEST(Arff, RejectsUnlistedValues) {
  EXPECT_EQ(data_error(std::string(kHeader) + "suny,85,FALSE\n"),
            "w.arff:8: column \"outlook\": \"suny\" is not among the values of the attribute. Did "
            "you mean \"sunny\"?");
}

TEST(Arff, RejectsRowsOfOtherLength) {
  EXPECT_EQ(data_error(std::string(kHeader) + "sunny,85,FALSE\nsunny,85\n"),
            "w.arff:9: expected 3 values, one for each attribute, found 2.");
  EXPECT_NE(data_error(std::string(kHeader) + "sunny,,FALSE\n").find("expected a value"),
            std::string::npos);
}

TEST(Arff, RejectsBadSparseRows) {
  const std::string header = "@relation r\n@attribute a real\n@attribute b real\n@data\n";
  EXPECT_NE(data_error(header + "{2 1}\n").find("(0 to 1), found \"2\""), std::string::npos);
  EXPECT_NE(data_error(header + "{1 1, 0 1}\n").find("must ascend"), std::string::npos);
  EXPECT_NE(data_error(header + "{1 1\n").find("w.arff:5"), std::string::npos);
}

TEST(Arff, RejectsBadHeaders) {
  EXPECT_NE(data_error("@relation r\n@attribute a\n@data\n1\n").find("has no type"),
            std::string::npos);
  EXPECT_NE(data_error("@relation r\n@attribute a nummeric\n@data\n1\n").find("unknown type"),
            std::string::npos);
  EXPECT_NE(data_error("@relation r\n@attribute a real\n").find("without @data"),
            std::string::npos);
  EXPECT_NE(data_error("@relation r\n@data\n1\n").find("without any @attribute"),
            std::string::npos);
  EXPECT_NE(data_error("@relation r\n@attribute a {x,y\n@data\n").find("w.arff"),
            std::string::npos);
  EXPECT_EQ(data_error("@relation r\n@attribute a real\n@attribute a real\n@data\n1,2\n"),
            "w.arff:3: attribute \"a\" is declared twice.");
  EXPECT_NE(data_error("@relation 'r\n@attribute a real\n@data\n1\n").find("w.arff:1: a quote"),
            std::string::npos);
}

TEST(Arff, RejectsTextsAmongNumbers) {
  EXPECT_NE(data_error(std::string(kHeader) + "sunny,warm,FALSE\n")
                .find("w.arff:8: column \"temperature in C\": expected a number, found \"warm\""),
            std::string::npos);
}

TEST(FromJavaDate, TranslatesPatterns) {
  EXPECT_EQ(from_java_date("yyyy-MM-dd'T'HH:mm:ss.SSSZ"), "%Y-%m-%dT%H:%M:%S%z");
  EXPECT_EQ(from_java_date("d MMM yy hh:mm a"), "%d %b %y %I:%M %p");
  EXPECT_EQ(from_java_date("w"), std::nullopt);
}

}  // namespace
}  // namespace sinapse
