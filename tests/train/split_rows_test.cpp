// Splitting a table by its columns.
#include "train/split_rows.h"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/table_reader.h"

namespace sinapse {

namespace {

// Column id is different in all rows, part repeats 0, 1, 2, day counts down; y is a number.
std::string lines(int rows) {
  std::string csv = "id,part,day,team,y\n";
  for (int i = 0; i < rows; ++i) {
    csv += "key" + std::to_string(i * 7919) + "," + std::to_string(i % 3) + ",2024-01-" +
           (i < 19 ? std::to_string(28 - i) : "09") + "," +
           (i % 4 == 0 ? "" : "t" + std::to_string(i % 4)) + "," + std::to_string(i * 0.37) + "\n";
  }
  return csv;
}

Split split_of(const Table& table, DataOptions data) {
  data.target = "y";
  data.task = "regression";
  const KnownRows known = known_rows(table, {.data = data});
  return split_rows(table, known, known.rows, {.data = data});
}

uint64_t first_of(const RowValues<uint64_t>& values) {
  uint64_t first = 0;
  values.visit([&](int64_t place, uint64_t value) {
    if (place == 0) first = value;
  });
  return first;
}

TEST(SplitRows, FollowAColumn) {
  const Split split = split_of(parse_table(lines(9), "t.csv"), {.split = "part"});
  EXPECT_EQ(split.train, (std::vector<int64_t>{0, 3, 6}));
  EXPECT_EQ(split.validation, (std::vector<int64_t>{1, 4, 7}));
  EXPECT_EQ(split.test, (std::vector<int64_t>{2, 5, 8}));
  const Table wrong = parse_table("part,y\ntrain,1.5\nVal,2.5\nhold,3.5\n", "t.csv");
  const std::string message =
      message_of(ErrorCode::data, [&] { split_of(wrong, {.split = "part"}); });
  for (const char* word : {"t.csv:4", "\"part\"", "\"hold\"", "0, 1 or 2"}) {
    EXPECT_NE(message.find(word), std::string::npos) << message;
  }
}

TEST(SplitRows, FollowTime) {
  const Split split =
      split_of(parse_table(lines(10), "t.csv"), {.validation_split = 0.2, .time = "day"});
  EXPECT_EQ(split.validation, (std::vector<int64_t>{0, 1}));
  const Table gap = parse_table("day,y\n2024-01-01,1.5\n,2.5\n2024-01-03,3.5\n", "t.csv");
  const std::string message = message_of(ErrorCode::data, [&] { split_of(gap, {.time = "day"}); });
  EXPECT_NE(message.find("t.csv:3"), std::string::npos) << message;
}

TEST(SplitRows, KeepGroupsTogetherThoseWithoutNameToo) {
  const Split split =
      split_of(parse_table(lines(40), "t.csv"), {.validation_split = 0.25, .group = "team"});
  ASSERT_EQ(split.validation.size(), 10u);
  for (const int64_t row : split.validation) EXPECT_EQ(row % 4, split.validation[0] % 4);
}

// The ids of the rows in the validation part.
std::set<std::string> validation_ids(const Table& table, const DataOptions& data) {
  const Column id = table.reinterpret_as(table.column("id"), ColumnKind::category);
  std::set<std::string> ids;
  for (const int64_t row : split_of(table, data).validation) {
    ids.insert(id.categories[id.codes[row]]);
  }
  return ids;
}

std::string reversed_rows(const std::string& csv) {
  std::istringstream stream(csv);
  std::string head, rest;
  std::getline(stream, head);
  for (std::string line; std::getline(stream, line);) rest.insert(0, line + "\n");
  return head + "\n" + rest;
}

TEST(SplitRows, ByHashStayWhereTheyAreWhenOthersCome) {
  for (const std::string id : {"", "id"}) {
    const DataOptions data{.validation_split = 0.3, .split_by = "hash", .id = id};
    const auto few = validation_ids(parse_table(lines(100), "t.csv"), data);
    const auto many = validation_ids(parse_table(reversed_rows(lines(200)), "t.csv"), data);
    EXPECT_NEAR(static_cast<double>(many.size()), 60, 25);
    EXPECT_GT(few.size(), 10u);
    EXPECT_LT(few.size(), many.size());
    for (const std::string& key : few) EXPECT_TRUE(many.contains(key)) << key;
  }
}

TEST(SplitRows, OfOneHashedRowDoNotChangeWithTheProgram) {
  const Table table = parse_table("a,b\n1,x\n", "t.csv");
  const std::vector<int64_t> rows = {0};
  const uint64_t whole = first_of(hashes_of(table, "", rows));
  EXPECT_EQ(first_of(hashes_of(parse_table("b,a\nx,1\n", "t.csv"), "", rows)), whole);
  EXPECT_NE(first_of(hashes_of(parse_table("a,b\nx,1\n", "t.csv"), "", rows)), whole);
  EXPECT_EQ(whole, 12072620277636766160u);
}

TEST(SplitRows, ContradictionsAreExplained) {
  const auto message = [](const DataOptions& data) {
    return message_of(ErrorCode::usage, [&] { chosen_split(data, false); });
  };
  EXPECT_NE(message({.split_by = "grup"}).find("\"group\""), std::string::npos);
  EXPECT_NE(message({.split_by = "time"}).find("data.time"), std::string::npos);
  EXPECT_NE(message({.split_by = "stratified"}).find("no classes"), std::string::npos);
  EXPECT_NE(message({.group = "a", .time = "b"}).find("data.split_by"), std::string::npos);
  EXPECT_EQ(chosen_split({.split_by = "time", .group = "a", .time = "b"}, false), "time");
  const Table table = parse_table(lines(9), "t.csv");
  for (std::string DataOptions::*column :
       {&DataOptions::weight, &DataOptions::group, &DataOptions::id}) {
    DataOptions data;
    data.*column = "y";
    EXPECT_NE(message_of(ErrorCode::usage, [&] { split_of(table, data); })
                  .find("is \"y\", the column to predict"),
              std::string::npos);
  }
}

}  // namespace

}  // namespace sinapse
