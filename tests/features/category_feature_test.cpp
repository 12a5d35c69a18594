#include "features/category_feature.h"

#include <gtest/gtest.h>

#include "features/columns.h"

namespace sinapse {
namespace {

using Texts = std::vector<std::string>;

std::optional<CategoryFeature> fit(const Texts& cells, int64_t max_one_hot = 32,
                                   std::string* remark = nullptr) {
  std::string own;
  return fit_category(text_column("city", cells), all_rows(static_cast<int64_t>(cells.size())),
                      max_one_hot, {}, remark ? *remark : own);
}

// `count` texts "t0", "t1", ..., each `times` times.
Texts repeated(int count, int times) {
  Texts cells;
  for (int i = 0; i < count * times; ++i) cells.push_back("t" + std::to_string(i % count));
  return cells;
}

TEST(CategoryFeature, GivesEachCategoryAPlace) {
  const auto feature = fit({"Paris", "Rome", "Paris"});
  EXPECT_EQ(feature->categories, (Texts{"Paris", "Rome"}));
  EXPECT_EQ(feature->num_places(), 3);
  EXPECT_FALSE(feature->embedded());
}

TEST(CategoryFeature, TextsAndMissingCellsNeverSeenTakeTheLastPlace) {
  const auto feature = fit({"Paris", "Rome"});
  const Column column = text_column("city", {"Oslo", "Rome", ""});
  EXPECT_EQ(places_of_codes(*feature, column), (std::vector<int32_t>{2, 2, 1}));
}

TEST(CategoryFeature, MissingCellsSeenInTrainingHaveTheirPlace) {
  const auto feature = fit({"Paris", "", "Rome"});
  EXPECT_TRUE(feature->has_missing_place);
  EXPECT_EQ(feature->missing_place(), 2);
  EXPECT_EQ(feature->unknown_place(), 3);
  EXPECT_EQ(feature->num_places(), 4);
}

TEST(CategoryFeature, EmbedsManyCategories) {
  const auto feature = fit(repeated(40, 3));
  EXPECT_TRUE(feature->embedded());
  EXPECT_EQ(feature->num_places(), 41);
  EXPECT_EQ(feature->unknown_place(), 40);
  EXPECT_EQ(feature->missing_place(), 40);
  EXPECT_EQ(feature->dimension, 13);  // 1.6 * 40^0.56 = 12.6
}

TEST(CategoryFeature, EmbeddedMissingCellsComeBeforeTheUnknown) {
  Texts cells = repeated(40, 2);
  cells.emplace_back();
  const auto feature = fit(cells);
  EXPECT_EQ(feature->missing_place(), 40);
  EXPECT_EQ(feature->unknown_place(), 41);
}

TEST(CategoryFeature, GathersRareTextsOfLongListsAsUnknown) {
  Texts cells = repeated(10, 5);
  for (int i = 0; i < 30; ++i) cells.push_back("once" + std::to_string(i));
  const auto feature = fit(cells);
  EXPECT_EQ(feature->categories.size(), 10u);
  EXPECT_FALSE(feature->embedded());
  EXPECT_EQ(feature->unknown_place(), 10);
}

TEST(CategoryFeature, LeavesOutTextsThatNeverRepeat) {
  std::string remark;
  EXPECT_FALSE(fit(repeated(50, 1), 32, &remark));
  EXPECT_EQ(remark, "each of its 50 texts stands in one training row only");
}

TEST(CategoryFeature, LeavesOutConstantColumns) {
  std::string remark;
  EXPECT_FALSE(fit({"a", "a"}, 32, &remark));
  EXPECT_EQ(remark, "every training row has the same value, \"a\"");
  EXPECT_TRUE(fit({"a", ""}));
  EXPECT_FALSE(fit({"", ""}));
}

}  // namespace
}  // namespace sinapse
