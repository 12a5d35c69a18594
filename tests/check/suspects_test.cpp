#include "check/suspects.h"

#include <numeric>

#include <gtest/gtest.h>

#include "explain/tables.h"
#include "features/features.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 600;

std::vector<int64_t> first_rows(int64_t count) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  return rows;
}

struct Fitted {
  Table table;
  Features features;
  Target target;
  std::vector<float> encoded;

  explicit Fitted(Table made) : table(std::move(made)) {
    const std::vector<int64_t> rows = first_rows(table.num_rows());
    features = Features::fit(table, rows, {.target = "y"});
    target = Target::fit(table, {.target = "y"}, rows);
    encoded = target.encode(table);
  }
  double score(const std::string& name) const {
    for (const LoneColumn& one : lone_columns(features, table, target, encoded))
      if (one.column == name) return one.score;
    return NAN;
  }
};

TEST(LoneColumns, TellACopyFromAGoodColumnAndFromNoise) {
  const std::vector<double> y = normal_numbers(kRows, 1), noise = normal_numbers(kRows, 2);
  std::vector<double> copy, good;
  std::vector<int32_t> sign;
  for (int64_t i = 0; i < kRows; ++i) {
    copy.push_back(-3 * y[i] + 7);
    good.push_back(y[i] + 0.5 * normal_numbers(kRows, 3)[i]);
    sign.push_back(y[i] > 0 ? 1 : 0);
  }
  const Fitted fitted(Table({number_column("copy", copy), number_column("good", good),
                             number_column("noise", noise), number_column("y", y),
                             category_column("sign", sign, {"no", "yes"})}));
  EXPECT_GT(fitted.score("copy"), 0.99);
  EXPECT_GT(fitted.score("good"), 0.6);
  EXPECT_LT(fitted.score("good"), 0.9);
  EXPECT_LT(fitted.score("noise"), 0.1);
  EXPECT_NEAR(fitted.score("sign"), 0.75, 0.03);  // of ranks: 3/4
}

TEST(LoneColumns, OfClasses) {
  std::vector<int32_t> label, code, noise;
  std::vector<double> number;
  for (int64_t i = 0; i < kRows; ++i) {
    label.push_back(static_cast<int32_t>(i * 7 % 3));
    code.push_back((label.back() + 1) % 3);
    noise.push_back(static_cast<int32_t>(i * i % 5 % 2));
    number.push_back(label.back() == 0 ? 5 : 1 + 0.001 * static_cast<double>(i));
  }
  const Fitted fitted(Table(
      {category_column("code", code, {"a", "b", "c"}), number_column("number", number),
       category_column("noise", noise, {"p", "q"}), category_column("y", label, {"u", "v", "w"})}));
  EXPECT_DOUBLE_EQ(fitted.score("code"), 1);
  EXPECT_NEAR(fitted.score("number"), 0.5, 0.1);
  EXPECT_LT(fitted.score("noise"), 0.1);
}

TEST(Twins, StandInTwoParts) {
  Dataset data{.rows = 6};
  data.inputs.push_back({.columns = 2, .numbers = {1, 2, 3, 4, 1, 2, 5, 6, 0.0f, 1, -0.0f, 1}});
  data.inputs.push_back({.columns = 1, .numbers = {7, 7, 7, 7, 7, 7}});
  const auto twins = find_twins(data, {{"training", {0, 1, 4}}, {"test", {2, 3, 5}}});
  ASSERT_EQ(twins.size(), 1u);
  EXPECT_EQ(twins[0].part, "test");
  EXPECT_EQ(twins[0].other, "training");
  EXPECT_EQ(twins[0].rows, 2);  // rows 2 and 5: -0 is 0
  EXPECT_EQ(twins[0].of, 3);
  EXPECT_EQ(twins[0].example, 2);
  EXPECT_EQ(twins[0].twin, 0);
  EXPECT_EQ(find_twins(data, {{"data", {0, 1, 2, 3}}})[0].rows, 1);
  data.inputs[1].numbers[2] = 8;
  EXPECT_TRUE(find_twins(data, {{"data", {0, 1, 2, 3}}}).empty());
}

TEST(DoubtfulLabels, AreThoseTheModelIsSureOf) {
  const std::vector<double> probabilities{0.9, 0.1, 0.99, 0.01, 0.02, 0.98, 0.4, 0.6, 0.99, 0.01};
  const std::vector<float> truth{0, 0, 1, 0, 1};
  const auto doubtful = doubtful_labels(probabilities, truth, 2);
  ASSERT_EQ(doubtful.size(), 1u);
  EXPECT_EQ(doubtful[0].row, 4);
  EXPECT_EQ(doubtful[0].given, 1);
  EXPECT_EQ(doubtful[0].suggested, 0);
  EXPECT_TRUE(doubtful_labels(probabilities, std::vector<float>{0, 0, 1, 0, NAN}, 2).empty());
}

TEST(DoubtfulNumbers, AreFarFromTheirPrediction) {
  const std::vector<double> truth{1, 2, 3, 4, 50}, predicted{1.1, 2.1, 2.9, 3.9, 5};
  const auto doubtful = doubtful_numbers(truth, predicted);
  ASSERT_EQ(doubtful.size(), 1u);
  EXPECT_EQ(doubtful[0].row, 4);
  EXPECT_NEAR(doubtful[0].deviations, 45 / (1.4826 * 0.1), 1e-6);
  EXPECT_TRUE(doubtful_numbers(truth, truth).empty());
}

}  // namespace

}  // namespace sinapse
