#include "data/dialect.h"

#include <gtest/gtest.h>

#include "data/table_reader.h"

namespace sinapse {
namespace {

std::string first_name(const std::string& text, const ReadOptions& options = {}) {
  return parse_table(text, "t.csv", options).columns()[0].name;
}

TEST(DetectDelimiter, FindsWhatCutsLinesEqually) {
  EXPECT_EQ(detect_delimiter("a,b\n1,2\n"), ',');
  EXPECT_EQ(detect_delimiter("a;b\n1,5;2,5\n"), ';');
  EXPECT_EQ(detect_delimiter("a\tb\n1, 2\t3\n4\t5\n"), '\t');
  EXPECT_EQ(detect_delimiter("a|b\n1|2\n"), '|');
}

TEST(DetectDelimiter, IgnoresDelimitersInQuotes) {
  EXPECT_EQ(detect_delimiter("a,b\n\"x;y;z\",2\n\"u;v\",3\n"), ',');
}

TEST(DetectDelimiter, FindsSpacesBetweenNumbers) {
  EXPECT_EQ(detect_delimiter("x y\n1.5  2\n-3   4\n"), ' ');
  EXPECT_EQ(detect_delimiter("1 2\n3 4\n"), ' ');
  EXPECT_EQ(detect_delimiter("full name\nAda Lovelace\nAlan Turing\n"), ',');
  EXPECT_EQ(detect_delimiter("number\n1 2\n3 4\n"), ',');
}

TEST(DetectDelimiter, IsACommaForOneColumn) {
  EXPECT_EQ(detect_delimiter("a\n1\n2\n"), ',');
}

TEST(DetectHeader, FindsTextsAboveNumbers) {
  EXPECT_EQ(first_name("size,price\n1,2\n3,4\n"), "size");
  EXPECT_EQ(first_name("x,7\n1,2\n3,4\n"), "x");
}

TEST(DetectHeader, FindsNoneAboveNumbersAlike) {
  EXPECT_EQ(first_name("5.1,3.5\n4.9,3.0\n4.7,3.2\n"), "column_0");
  EXPECT_EQ(first_name("5.1,setosa\n4.9,setosa\n6.3,virginica\n"), "column_0");
}

TEST(DetectHeader, FindsCountingNames) {
  EXPECT_EQ(first_name("0,1,2\n0.5,0.1,0.2\n0.6,0.2,0.7\n"), "0");
}

TEST(DetectHeader, TakesTextsThatRepeatBelowAsData) {
  EXPECT_EQ(first_name("yes,red\nno,red\nyes,blue\n"), "column_0");
  EXPECT_EQ(first_name("answer,colour\nno,red\nyes,blue\n"), "answer");
}

TEST(DetectHeader, ObeysTheOption) {
  EXPECT_EQ(first_name("size,price\n1,2\n", {.header = false}), "column_0");
  EXPECT_EQ(first_name("1,2\n3,4\n", {.header = true}), "1");
}

TEST(DetectHeader, NamesNamelessColumns) {
  EXPECT_EQ(first_name(",price\n1,2\n3,5\n"), "column_0");
}

}  // namespace
}  // namespace sinapse
