#include <gtest/gtest.h>

#include <sinapse/table.h>

#include "data/expect_error.h"
#include "data/table_reader.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

Column numbers(std::string name, std::vector<double> values) {
  Column column;
  column.name = std::move(name);
  column.numbers = std::move(values);
  return column;
}

TEST(Table, FindsColumnsByNameAndByIndex) {
  const Table table({numbers("a", {1}), numbers("b", {2})});
  EXPECT_EQ(table.column("b").numbers[0], 2);
  EXPECT_EQ(table.column("0").name, "a");
  EXPECT_EQ(table.find("c"), nullptr);
  EXPECT_EQ(table.find("2"), nullptr);
}

TEST(Table, SuggestsTheNearestName) {
  const Table table({numbers("price", {1})});
  const std::string message = message_of(ErrorCode::usage, [&] { table.column("prise"); });
  EXPECT_NE(message.find("Did you mean \"price\"?"), std::string::npos) << message;
}

TEST(Table, RejectsColumnsThatDoNotFit) {
  message_of(ErrorCode::usage, [] { Table({numbers("a", {1}), numbers("a", {2})}); });
  message_of(ErrorCode::usage, [] { Table({numbers("a", {1}), numbers("b", {2, 3})}); });
}

TEST(Table, ReadsAColumnAsAnotherKind) {
  const Table table = parse_table("x,y\n03,1\n1,2\n03,3\n", "t.csv");
  EXPECT_EQ(table.column("x").kind, ColumnKind::number);
  const Column column = table.reinterpret_as(table.column("x"), ColumnKind::category);
  EXPECT_EQ(column.categories, (std::vector<std::string>{"03", "1"}));
  EXPECT_EQ(column.codes, (std::vector<int32_t>{0, 1, 0}));
}

TEST(Table, ReadsAColumnFromMemoryAsAnotherKind) {
  const Table table({numbers("x", {3, 1.5, 3})});
  const Column column = table.reinterpret_as(table.columns()[0], ColumnKind::category);
  EXPECT_EQ(column.categories, (std::vector<std::string>{"1.5", "3"}));
}

TEST(Table, SaysWhyAColumnCannotBeReadAsAnotherKind) {
  const Table table = parse_table("x,y\na,1\nb,2\n", "t.csv");
  const std::string message = message_of(
      ErrorCode::data, [&] { table.reinterpret_as(table.column("x"), ColumnKind::number); });
  EXPECT_NE(message.find("t.csv:2: column \"x\""), std::string::npos) << message;
}

TEST(Table, LocatesRows) {
  EXPECT_EQ(parse_table("x,y\na,1\nb,2\n", "t.csv").location(1), "t.csv:3");
  EXPECT_EQ(Table({numbers("x", {1, 2})}).location(1), "row 1");
}

TEST(ReadTable, UnpacksGzip) {
  const TemporaryFolder folder;
  const Table table = read_table(folder.gzip_file("t.csv.gz", "a,b\n1,2\n"));
  EXPECT_EQ(table.column("b").numbers[0], 2);
}

TEST(ReadTable, RejectsDamagedGzip) {
  const TemporaryFolder folder;
  std::string bytes = read_back(folder.gzip_file("t.csv.gz", std::string(10000, 'x') + "\n1\n"));
  bytes.resize(bytes.size() - 9);
  const std::string path = folder.file("cut.csv.gz", bytes);
  const std::string message = message_of(ErrorCode::data, [&] { read_table(path); });
  EXPECT_NE(message.find("the gzip file is cut off"), std::string::npos) << message;
}

TEST(ReadTable, SaysWhyAFileCannotBeRead) {
  const TemporaryFolder folder;
  const std::string missing = folder.path("missing.csv");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { read_table(missing); }),
            missing + ": cannot read: No such file or directory.");
  EXPECT_EQ(message_of(ErrorCode::file, [&] { read_table(folder.path("")); }),
            folder.path("") + ": cannot read: Is a directory.");
}

TEST(ReadTable, TakesTabsForTsv) {
  const TemporaryFolder folder;
  const Table table = read_table(folder.file("t.tsv", "a,x\tb\n1\t2\n"));
  EXPECT_EQ(table.columns()[0].name, "a,x");
}

}  // namespace
}  // namespace sinapse
