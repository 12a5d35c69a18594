// The methods of a search, and spaces as people write them.
#include "train/search.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "data/expect_error.h"

namespace sinapse {

namespace {

SearchSpace space_of(const std::string& yaml) {
  SearchSpace space;
  merge_space(space, yaml, "space.yaml");
  return space;
}

TEST(SearchSpace, ReadsRangesAndChoices) {
  SearchSpace space = space_of(
      "training.learning_rate: {low: 1e-4, high: 1e-1, log: true}\n"
      "training.batch_size: {low: 16, high: 18}\n"
      "network.hidden: {choices: [[64], [128, 64]]}\n"
      "network.activation: {choices: [relu, \"leaky_relu(alpha=0.2)\"]}\n");
  merge_space_argument(space, "training.batch_size=1..3");
  merge_space_argument(space, "network.dropout=0..0.5");
  merge_space_argument(space, "training.seed=1|2");
  ASSERT_EQ(space.size(), 6u);
  EXPECT_TRUE(space[0].log);
  EXPECT_FALSE(space[0].whole);
  EXPECT_TRUE(space[1].whole);
  EXPECT_EQ(space[1].high, 3) << "the later one counts";
  EXPECT_EQ(space[2].choices, (std::vector<std::string>{"[64]", "[128, 64]"}));
  EXPECT_EQ(space[3].choices[1], "leaky_relu(alpha=0.2)");
  EXPECT_EQ(space_of("data.ignore: {choices: [[\"1\", b, 2]]}")[0].choices[0], "[\"1\", b, 2]");
  EXPECT_EQ(space[4].high, 0.5);
  EXPECT_EQ(space[5].choices, (std::vector<std::string>{"1", "2"}));
}

TEST(SearchSpace, MistakesAreNamedWithTheirPlace) {
  const auto message = [](const std::string& yaml) {
    return message_of(ErrorCode::usage, [&] { check_space(space_of(yaml)); });
  };
  EXPECT_NE(message("a.b: {low: 1, hihg: 2}").find("\"high\""), std::string::npos);
  EXPECT_NE(message("\na.b: {low: 1}").find("space.yaml:2: a.b"), std::string::npos);
  EXPECT_NE(message("a.b: {low: 2, high: 1}").find("from 2 to 1"), std::string::npos);
  EXPECT_NE(message("a.b: {low: 0, high: 1, log: true}").find("above 0"), std::string::npos);
  EXPECT_NE(message("a.b: {choices: []}").find("list of choices"), std::string::npos);
  EXPECT_NE(message("a: {low: 0, high: 1}\na: {low: 0, high: 1}").find("twice"), std::string::npos);
  message("&x a.b: {choices: [&y [*y]]}");
  message("");
  message_of(ErrorCode::usage, [] {
    SearchSpace space;
    merge_space_argument(space, "training.epochs");
  });
}

TEST(Search, ValuesStayInTheirRange) {
  const SearchRange whole{.key = "k", .low = 3, .high = 5, .whole = true};
  EXPECT_EQ(value_text(whole, 0), "3");
  EXPECT_EQ(value_text(whole, 0.5), "4");
  EXPECT_EQ(value_text(whole, 0.999999), "5");
  const SearchRange log{.key = "k", .low = 1e-4, .high = 1e-2, .log = true};
  EXPECT_NEAR(std::stod(value_text(log, 0.5)), 1e-3, 1e-12);
  EXPECT_NEAR(std::stod(value_text(log, 0)), 1e-4, 1e-15);
}

// What is searched: a valley at 0.7 of the first range, the second choice of three; one trial in
// five fails.
double loss_at(const Point& point, size_t trial) {
  if (trial % 5 == 3) return std::numeric_limits<double>::infinity();
  return std::abs(point[0] - 0.7) + (point[1] == 1 ? 0 : 1);
}

std::vector<Observation> searched(const TuneOptions& options, int64_t epochs, size_t trials) {
  static const SearchSpace space = {{.key = "a", .low = 0, .high = 1},
                                    {.key = "b", .choices = {"x", "y", "z"}}};
  std::vector<Observation> seen;
  for (size_t i = 0; i < trials; ++i) {
    const Proposal proposal = propose({space, options, epochs}, seen);
    EXPECT_GE(proposal.point[0], 0);
    EXPECT_LT(proposal.point[0], 1);
    seen.push_back({proposal, loss_at(proposal.point, i)});
  }
  return seen;
}

double mean_loss_of_last(const std::vector<Observation>& seen, size_t count) {
  double sum = 0, finite = 0;
  for (size_t i = seen.size() - count; i < seen.size(); ++i) {
    if (std::isinf(seen[i].loss)) continue;
    sum += seen[i].loss;
    ++finite;
  }
  return sum / finite;
}

TEST(Search, ParzenEstimatorLearnsWhereToLook) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const auto random = searched({.method = "random", .seed = seed}, 0, 60);
    const auto tpe = searched({.method = "tpe", .seed = seed}, 0, 60);
    EXPECT_LT(mean_loss_of_last(tpe, 30), 0.6 * mean_loss_of_last(random, 30)) << seed;
    EXPECT_EQ(tpe[9].proposal.point, random[9].proposal.point) << "ten are random";
  }
}

TEST(Search, FollowsFromWhatWasSeen) {
  const auto once = searched({.method = "tpe"}, 0, 30), again = searched({.method = "tpe"}, 0, 30);
  for (size_t i = 0; i < 30; ++i) EXPECT_EQ(once[i].proposal.point, again[i].proposal.point);
  EXPECT_NE(searched({.method = "tpe", .seed = 2}, 0, 1)[0].proposal.point, once[0].proposal.point);
}

TEST(Search, HalvingGivesTheBestThirdThreeTimesTheEpochs) {
  const TuneOptions options{.method = "halving", .trials = 11};
  EXPECT_EQ(planned_trials(options, {.training = {.epochs = 20}}), 11 + 3 + 1);
  const auto seen = searched(options, 20, 15);
  EXPECT_EQ(seen[0].proposal.epochs, 2);
  EXPECT_EQ(seen[11].proposal.epochs, 6);
  EXPECT_EQ(seen[14].proposal.epochs, 20);
  const std::vector<Observation> first(seen.begin(), seen.begin() + 11);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(seen[11 + i].proposal.point, first[from_best(first)[i]].proposal.point);
  }
}

TEST(Search, UnknownMethodIsExplained) {
  const std::string message =
      message_of(ErrorCode::usage, [] { searched({.method = "tpo"}, 0, 1); });
  EXPECT_NE(message.find("\"tpe\""), std::string::npos) << message;
}

}  // namespace

}  // namespace sinapse
