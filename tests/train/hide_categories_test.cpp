#include "train/hide_categories.h"

#include <algorithm>

#include <gtest/gtest.h>

#include <sinapse/train.h>

#include "features/columns.h"

namespace sinapse {
namespace {

constexpr int64_t kWidth = 5;
// A number, then a category of four places; another one is embedded.
const std::vector<CategoryColumns> kCategories = {{.first = 1, .num_columns = 4},
                                                  {.input = 1, .unknown = 9}};

struct Row {
  std::vector<float> dense = {7, 0, 1, 0, 0}, index = {3};
};

Row hidden_row(int64_t row, int64_t step) {
  Row values;
  const std::vector<View<float>> inputs = {{values.dense.data(), 1, kWidth, kWidth},
                                           {values.index.data(), 1, 1, 1}};
  hide_some_categories(kCategories, row, {.seed = 1, .step = step}, inputs, 0);
  return values;
}

TEST(HideCategories, ShowsAboutOneInAHundredAsUnknown) {
  constexpr int kRows = 20000;
  int hidden = 0, hidden_index = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    const Row shown = hidden_row(row, 1);
    if (shown.dense[4] == 1) {
      EXPECT_EQ(shown.dense, (std::vector<float>{7, 0, 0, 0, 1}));
      ++hidden;
    } else {
      EXPECT_EQ(shown.dense, Row().dense);
    }
    hidden_index += shown.index[0] == 9;
    EXPECT_TRUE(shown.index[0] == 9 || shown.index[0] == 3);
  }
  EXPECT_NEAR(hidden, kRows * 3 / 256.0, 50);  // 3.3 standard deviations
  EXPECT_NEAR(hidden_index, kRows * 3 / 256.0, 50);
}

TEST(HideCategories, DrawsAnewInEveryStep) {
  std::vector<int64_t> first, second, again;
  for (int64_t row = 0; row < 2000; ++row) {
    if (hidden_row(row, 1).index[0] == 9) first.push_back(row);
    if (hidden_row(row, 2).index[0] == 9) second.push_back(row);
    if (hidden_row(row, 1).index[0] == 9) again.push_back(row);
  }
  EXPECT_NE(first, second);
  EXPECT_EQ(first, again);
}

TEST(HideCategories, HidesTokensWhateverFillsThemUp) {
  const std::vector<CategoryColumns> tokens = {{.unknown = 9, .tokens = true}};
  int hidden = 0;
  for (int64_t row = 0; row < 4000; ++row) {
    std::vector<float> tight = {1, 2, 3, 4, 5}, wide = {1, 2, 3, 4, 5, 0, 0, 0};
    for (std::vector<float>* text : {&tight, &wide}) {
      const auto width = static_cast<int64_t>(text->size());
      const std::vector<View<float>> inputs = {{text->data(), 1, width, width}};
      hide_some_categories(tokens, row, {.seed = 1, .step = 2}, inputs, 0);
    }
    for (size_t t = 0; t < wide.size(); ++t) EXPECT_EQ(wide[t], t < 5 ? tight[t] : 0);
    hidden += static_cast<int>(std::count(tight.begin(), tight.end(), 9));
  }
  EXPECT_NEAR(hidden, 4000 * 5 * 3 / 256.0, 50);
}

// Colour decides nearly everything, so an unknown colour should give what is right on average,
// and for each shape by itself: the other column still counts.
TEST(HideCategories, PredictsTheMeanForTextsNeverSeen) {
  std::vector<std::string> colours, shapes;
  std::vector<double> price;
  for (int i = 0; i < 900; ++i) {
    colours.push_back(std::string(1, static_cast<char>('a' + i % 3)));
    shapes.push_back(i / 3 % 2 ? "round" : "square");
    price.push_back(10.0 * (i % 3) + (i / 3 % 2 ? 100 : 0));
  }
  RunOptions options;
  options.data.target = "price";
  options.data.task = "regression";
  options.network.hidden = {16};
  options.training.epochs = 60;
  options.training.threads = 1;
  const Table table({text_column("colour", colours), text_column("shape", shapes),
                     number_column("price", price)});
  const Model model = train(table, options).model;
  const Predictions unseen = model.predict(Table(
      {text_column("colour", {"z", "z", "b"}), text_column("shape", {"round", "square", "x"})}));
  EXPECT_NEAR(unseen.values[0], 110, 8);
  EXPECT_NEAR(unseen.values[1], 10, 8);
  EXPECT_NEAR(unseen.values[2], 60, 25);
}

}  // namespace
}  // namespace sinapse
