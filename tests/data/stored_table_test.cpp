#include "data/stored_table.h"

#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/column_cells.h"
#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {
namespace {

constexpr size_t kSmallParts = 4096;

void expect_same(const Column& stored, const Column& expected, int64_t rows) {
  SCOPED_TRACE(expected.name);
  EXPECT_EQ(stored.name, expected.name);
  EXPECT_EQ(stored.kind, expected.kind);
  EXPECT_EQ(stored.date_format, expected.date_format);
  EXPECT_EQ(stored.remark, expected.remark);
  ASSERT_EQ(stored.num_rows(), rows);
  const ColumnCells cells(stored);
  for (int64_t row = 0; row < rows; ++row) {
    if (expected.numbers.empty()) {
      if (stored.kind == ColumnKind::identifier) continue;  // asked for by kind only
      ASSERT_EQ(cells.code(row), expected.codes[row]) << row;
    } else if (std::isnan(expected.numbers[row])) {
      ASSERT_TRUE(std::isnan(cells.number(row))) << row;
    } else {
      ASSERT_EQ(cells.number(row), expected.numbers[row]) << row;
    }
  }
  if (stored.kind != ColumnKind::identifier) EXPECT_EQ(stored.categories, expected.categories);
}

void expect_same(const std::string& path, ReadOptions options = {}) {
  const Table expected = read_table(path, options);
  options.memory = 1;
  const Table stored = read_stored_table(path, options, kSmallParts);
  EXPECT_TRUE(stored.on_disk());
  EXPECT_FALSE(expected.on_disk());
  ASSERT_EQ(stored.num_rows(), expected.num_rows());
  ASSERT_EQ(stored.columns().size(), expected.columns().size());
  for (size_t i = 0; i < expected.columns().size(); ++i) {
    const Column& column = expected.columns()[i];
    expect_same(stored.columns()[i], column, expected.num_rows());
    expect_same(stored.reinterpret_as(stored.columns()[i], ColumnKind::category),
                expected.reinterpret_as(column, ColumnKind::category), expected.num_rows());
  }
  for (const int64_t row : {int64_t{0}, expected.num_rows() / 2, expected.num_rows() - 1})
    EXPECT_EQ(stored.location(row), expected.location(row));
}

// Cells of every kind and form; `broken`, if given, stands in the middle.
std::string mixed_csv(int rows, const std::string& broken = "", const std::string& end = "\n") {
  std::string csv = "n,whole,city,text,day,moment,flag,nothing,id,key" + end;
  for (int i = 0; i < rows; ++i) {
    if (i == rows / 2 && !broken.empty()) csv += broken + end;
    csv += fmt::format("{},{},{},\"line {}\n of \"\"text\"\"\",{:02}/{:02}/2020,", 0.1 * i,
                       i % 7 == 0 ? "NA" : std::to_string(i % 9), "city " + std::to_string(i % 40),
                       i % 11, i % 12 + 1, i % 12 + 1);
    csv += fmt::format("2024-01-{:02} 10:{:02}:{:02},{},,user {},{}{}", i / 86400 + 1, i / 60 % 60,
                       i % 60, i % 3 == 0 ? "yes" : "no", (i * 7919) % 100000, (i * 7919) % 100003,
                       end);
  }
  return csv;
}

TEST(StoredTable, EqualsTheTableInMemory) {
  const TemporaryFolder folder;
  expect_same(folder.file("mixed.csv", mixed_csv(5000)));
  expect_same(folder.file("crlf.csv", mixed_csv(3000, "", "\r\n")));
  expect_same(folder.file("small.csv", "a,b\n1,x\n2,y\n"));
}

TEST(StoredTable, HasTheKindsThatAreAskedFor) {
  const TemporaryFolder folder;
  const std::string path = folder.file("mixed.csv", mixed_csv(3000));
  expect_same(path, {.kinds = {{"whole", ColumnKind::category},
                               {"n", ColumnKind::category},
                               {"id", ColumnKind::category},
                               {"day", ColumnKind::category},
                               {"moment", ColumnKind::date},
                               {"flag", ColumnKind::boolean},
                               {"nothing", ColumnKind::number}},
                     .date_formats = {{"day", "%m/%d/%Y"}}});
}

TEST(StoredTable, TakesOneColumnWithBlankLines) {
  const TemporaryFolder folder;
  std::string csv = "\n\nx\n";
  for (int i = 0; i < 4000; ++i) csv += i % 5 == 0 ? "\n\n" : std::to_string(i) + "\n";
  expect_same(folder.file("one.csv", csv + "\n\n\n"));
}

TEST(StoredTable, TakesColumnsBetweenSpaces) {
  const TemporaryFolder folder;
  std::string csv;
  for (int i = 0; i < 3000; ++i) csv += fmt::format("  {}   {}  {}  \n", i, 2 * i + 1, i % 13);
  expect_same(folder.file("spaces.txt", csv));
}

TEST(StoredTable, TakesSemicolonsAndDecimalCommas) {
  const TemporaryFolder folder;
  std::string csv = "\xEF\xBB\xBFsep=;\na;b;late\n";
  for (int i = 0; i < 3000; ++i)
    csv += fmt::format("{},5;{};{}\n", i, i % 4, i < 2500 ? "1" : "one");
  expect_same(folder.file("semicolons.csv", csv));
}

TEST(StoredTable, TakesGzip) {
  const TemporaryFolder folder;
  expect_same(folder.gzip_file("mixed.csv.gz", mixed_csv(3000)));
}

TEST(StoredTable, RecognisesKeysThatAreOutOfOrder) {
  const TemporaryFolder folder;
  std::string csv = "customer_id,order_id,y\n";
  for (int i = 0; i < 20000; ++i)
    csv += fmt::format("{},{},{}\n", (i * 7919) % 20011, i == 19999 ? 0 : i * 31 % 20011, i % 10);
  expect_same(folder.file("keys.csv", csv));
}

std::string outcome_of(const std::function<Table()>& read) {
  try {
    read();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(StoredTable, NamesTheSameFaultsAtTheSamePlaces) {
  const TemporaryFolder folder;
  const std::vector<std::string> faults = {
      "1,2,3",                                    // too few cells
      "1,2,3,4,5,6,7,8,9,10,11",                  // too many
      "1,2,a\xFF,4,5,6,7,8,9,10",                 // no UTF-8
      std::string("1,2,a\0,4,5,6,7,8,9,10", 22),  // NUL
      "1,2,\"a\" b,4,5,6,7,8,9,10",               // text behind a quote
      "1,2,\"a,4,5,6,7,8,9,10",                   // a quote that is not closed
      "1e999,2,a,4,01/01/2020,,yes,,9,10",        // infinite
      "n,whole,city,text,day,moment,flag,nothing,id,key",
  };
  for (const std::string& fault : faults) {
    const std::string path = folder.file("broken.csv", mixed_csv(4000, fault));
    const std::string expected = outcome_of([&] { return read_table(path); });
    EXPECT_NE(expected, "no error") << fault;
    EXPECT_EQ(outcome_of([&] { return read_stored_table(path, {.memory = 1}, kSmallParts); }),
              expected);
  }
}

TEST(StoredTable, NamesTheSameCellsThatAreNotOfTheirKind) {
  const TemporaryFolder folder;
  const std::string path =
      folder.file("broken.csv", mixed_csv(4000, "x,2,a,b,soon,later,perhaps,,9,10"));
  for (const auto& [name, kind] :
       {std::pair{"n", ColumnKind::number}, std::pair{"day", ColumnKind::date},
        std::pair{"moment", ColumnKind::date}, std::pair{"flag", ColumnKind::boolean},
        std::pair{"text", ColumnKind::date}}) {
    const ReadOptions options{.kinds = {{name, kind}}};
    ReadOptions little = options;
    little.memory = 1;
    const std::string expected = outcome_of([&] { return read_table(path, options); });
    EXPECT_NE(expected, "no error") << name;
    EXPECT_EQ(outcome_of([&] { return read_stored_table(path, little, kSmallParts); }), expected);
  }
}

TEST(StoredTable, NoticesThatTheFileChanges) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.csv", mixed_csv(2000));
  const Table table = read_stored_table(path, {.memory = 1}, kSmallParts);
  folder.file("a.csv", mixed_csv(1999));
  EXPECT_NE(message_of(ErrorCode::data,
                       [&] { table.reinterpret_as(table.columns()[0], ColumnKind::category); })
                .find("a.csv: the file has changed"),
            std::string::npos);
}

TEST(StoredTable, NoticesGzipThatIsCutOff) {
  const TemporaryFolder folder;
  const std::string path = folder.gzip_file("a.csv.gz", mixed_csv(20000));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_NE(
      message_of(ErrorCode::data, [&] { read_stored_table(path, {.memory = 1}, kSmallParts); })
          .find("a.csv.gz: the gzip file is cut off"),
      std::string::npos);
}

}  // namespace
}  // namespace sinapse
