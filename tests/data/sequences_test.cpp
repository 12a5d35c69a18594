#include "data/sequences.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/table_reader.h"

namespace sinapse {
namespace {

RowSequences read(const std::string& csv, const std::string& order = "t") {
  return sequences_of(parse_table(csv, "s.csv"), "id", order);
}

void expect_words(const std::string& csv, const std::vector<std::string>& words) {
  try {
    read(csv);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    for (const std::string& word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Sequences, StandInTheOrderOfTheirFirstRows) {
  const RowSequences sequences = read("id,x\nb,1\na,2\nb,3\na,4\nb,5\n", "");
  EXPECT_EQ(sequences.ids, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(sequences.rows, (std::vector<int64_t>{0, 2, 4, 1, 3}));
  EXPECT_EQ(sequences.offsets, (std::vector<int64_t>{0, 3, 5}));
  EXPECT_EQ(sequences.longest(), 3);
}

TEST(Sequences, StepsAreOrderedByTheirColumn) {
  EXPECT_EQ(read("id,t\na,3\nb,1\na,1\na,2\n").rows, (std::vector<int64_t>{2, 3, 0, 1}));
  EXPECT_EQ(read("id,t\na,2024-03-01\na,2024-01-01\na,2024-02-01\n").rows,
            (std::vector<int64_t>{1, 2, 0}));
}

TEST(Sequences, NumbersAreIdsToo) {
  EXPECT_EQ(read("id,x\n07,1\n7,2\n07,3\n", "").ids, (std::vector<std::string>{"07", "7"}));
}

TEST(Sequences, RejectTwoStepsOfOnePlace) {
  expect_words("id,t\na,1\nb,1\na,2\na,1\n", {"s.csv:5", "\"t\"", "a second time", "s.csv:2"});
}

TEST(Sequences, RejectMissingIdsAndPlaces) {
  expect_words("id,t\na,1\n,2\n", {"s.csv:3", "\"id\""});
  expect_words("id,t\na,1\na,\n", {"s.csv:3", "\"t\""});
  expect_words("id,t\na,x\na,y\n", {"s.csv:2", "\"t\"", "a date or a number"});
}

}  // namespace
}  // namespace sinapse
