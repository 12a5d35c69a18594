#include "data/nearest.h"

#include <gtest/gtest.h>

namespace sinapse {
namespace {

TEST(EditDistance, CountsChanges) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("price", "price"), 0);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
}

TEST(EditDistance, ExchangedNeighboursCountOnceAndCaseDoesNotMatter) {
  EXPECT_EQ(edit_distance("pirce", "price"), 1);
  EXPECT_EQ(edit_distance("PRICE", "price"), 0);
}

TEST(NearestName, FindsTheClosest) {
  EXPECT_EQ(nearest_name("pirce", {"size", "prince", "price"}), "price");
  EXPECT_EQ(nearest_name("Species", {"island", "species"}), "species");
}

TEST(NearestName, FindsNothingWhenNothingIsClose) {
  EXPECT_EQ(nearest_name("weight", {"a", "colour"}), std::nullopt);
  EXPECT_EQ(nearest_name("x", {"y", "z"}), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
}

TEST(DidYouMean, SuggestsOrLists) {
  EXPECT_EQ(did_you_mean("pirce", {"size", "price"}), " Did you mean \"price\"?");
  EXPECT_EQ(did_you_mean("weight", {"a", "b"}), " There are: a, b.");
  EXPECT_EQ(did_you_mean("weight", {}), "");
}

TEST(DidYouMean, ListsOnlyTheFirstOfMany) {
  const std::string text = did_you_mean("weight", std::vector<std::string>(100, "q"));
  EXPECT_NE(text.find("and 70 more."), std::string::npos);
}

}  // namespace
}  // namespace sinapse
