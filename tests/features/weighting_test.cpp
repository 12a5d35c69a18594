#include "features/weighting.h"

#include <gtest/gtest.h>

#include "features/columns.h"
#include "network/expect_words.h"

namespace sinapse {
namespace {

using Weights = std::vector<double>;

Target of_three() {
  return Target::of_classes("kind", {"ant", "bee", "cat"});
}

Weights weights_of(const ClassWeights& wanted, const Target& target,
                   std::span<const float> encoded = {}) {
  CountedClasses counted(target);
  counted.add(encoded);
  return class_weights_of(wanted, target, counted);
}

TEST(Weighting, BalancedClassesCountTheSame) {
  const std::vector<float> encoded = {0, 0, 0, 1, 2, 2};
  EXPECT_EQ(weights_of({.balanced = true}, of_three(), encoded),
            (Weights{6.0 / 9, 2, 1}));  // rows / (classes * rows of the class)
}

TEST(Weighting, ClassesNotNamedCountOne) {
  EXPECT_EQ(weights_of({.by_class = {{"bee", 2.5}}}, of_three()), (Weights{1, 2.5, 1}));
  EXPECT_EQ(weights_of({}, of_three()), Weights{});
}

TEST(Weighting, EveryLabelHasWeightsOfItsOwn) {
  const Table table({text_column("red", {"no", "yes", "no", "no"}),
                     text_column("big", {"no", "yes", "yes", ""})});
  const Target target =
      Target::fit(table, {.target = "red,big", .task = Task::multilabel}, all_rows(4));
  const std::vector<float> encoded = target.encode(table);
  EXPECT_EQ(weights_of({.balanced = true}, target, encoded),
            (Weights{4.0 / 6, 2, 3.0 / 2, 3.0 / 4}));
  EXPECT_EQ(weights_of({.by_class = {{"yes", 3}}}, target, encoded), (Weights{1, 3, 1, 3}));
  const Weighting weighting{.column = "", .class_weights = {1, 2, 3, 4}};
  EXPECT_EQ(Weighting::from_json(weighting.to_json(), target), weighting);
  expect_error(ErrorCode::usage, {"\"yess\"", "\"red\", \"big\"", "\"yes\""}, [&] {
    weights_of({.by_class = {{"yess", 3}}}, target, encoded);
  });
}

TEST(Weighting, RejectsClassWeightsThatMakeNoSense) {
  const auto rejects = [](const ClassWeights& weights,
                          std::initializer_list<std::string_view> words) {
    expect_error(ErrorCode::usage, words, [&] { weights_of(weights, of_three()); });
  };
  rejects({.by_class = {{"bees", 1}}}, {"\"bees\"", "\"bee\"", "\"kind\""});
  rejects({.by_class = {{"bee", -1}}}, {"\"bee\"", "at least 0", "-1"});
  rejects({.by_class = {{"bee", NAN}}}, {"\"bee\"", "nan"});
  rejects({.by_class = {{"ant", 0}, {"bee", 0}, {"cat", 0}}}, {"0 for all classes"});
  const Table numbers({number_column("y", {1.5, 2.5, 7})});
  const Target number = Target::fit(numbers, {.target = "y", .task = {}}, all_rows(3));
  expect_error(ErrorCode::usage, {"regression", "classes"},
               [&] { weights_of({.balanced = true}, number); });
}

TEST(Weighting, ReadsTheWeightsOfRows) {
  const Table table({number_column("w", {1, 0, 2.5, kMissing})});
  EXPECT_EQ(weights_in(table, "w", std::vector<int64_t>{0, 1, 2}), (Weights{1, 0, 2.5, 0}));
  expect_error(ErrorCode::data, {"row 3", "\"w\" is missing"},
               [&] { weights_in(table, "w", all_rows(4)); });
  const Table negative({number_column("w", {1, -2})});
  expect_error(ErrorCode::data, {"row 1", "-2"}, [&] { weights_in(negative, "w", all_rows(2)); });
  const Table infinite({number_column("w", {HUGE_VAL, 2})});
  expect_error(ErrorCode::data, {"row 0", "inf"}, [&] { weights_in(infinite, "w", all_rows(2)); });
  const Table texts({text_column("w", {"a", "b"})});
  expect_error(ErrorCode::data, {"\"w\"", "numbers"}, [&] { weights_in(texts, "w", all_rows(2)); });
}

TEST(Weighting, SurvivesBeingStored) {
  const Weighting weighting{.column = "w", .class_weights = {1, 2, 0.5}};
  EXPECT_EQ(Weighting::from_json(weighting.to_json(), of_three()), weighting);
  for (const char* text :
       {R"({"version":1,"column":"w","class_weights":[1]})",
        R"({"version":1,"column":"w","class_weights":[1,-1,1]})",
        R"({"version":1,"column":3,"class_weights":[]})", R"({"column":"w","class_weights":[]})"}) {
    expect_error(ErrorCode::model, {}, [&] { Weighting::from_json(text, of_three()); });
  }
}

}  // namespace
}  // namespace sinapse
