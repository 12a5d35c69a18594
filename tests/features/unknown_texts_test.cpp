#include "features/unknown_texts.h"

#include <gtest/gtest.h>

#include "features/columns.h"

namespace sinapse {
namespace {

using Texts = std::vector<std::string>;

Features fit(const Table& table, const FeatureDeclarations& declarations = {}) {
  return Features::fit(table, all_rows(table.num_rows()), {.declarations = declarations});
}

Table flags(const Texts& cells) {
  return Table({text_column("flag", cells)});
}

TEST(UnknownTexts, AreRemarkedWhereTheyAreTheMost) {
  const Features features = fit(flags({"yes", "no", "yes", "no"}));
  UnknownTexts unknown(features);
  unknown.count(flags({"yes", "0", "1", ""}));
  unknown.count(flags({"1", "no"}));
  EXPECT_EQ(unknown.remarks(),
            (Texts{"row 1: column \"flag\": training has never seen \"0\"; 3 of 5 cells hold texts "
                   "that it has not seen, and count as unknown. It has seen: \"no\", \"yes\"."}));
}

TEST(UnknownTexts, AreExpectedNowAndThen) {
  const Features features = fit(flags({"yes", "no", "yes", "no"}));
  UnknownTexts unknown(features);
  unknown.count(flags({"yes", "0", "1", "no", "", "", ""}));
  EXPECT_TRUE(unknown.remarks().empty());
}

TEST(UnknownTexts, OfOrderedAndHashedColumnsCountToo) {
  const auto table = [](const Texts& grades, const Texts& shops) {
    return Table({text_column("grade", grades), text_column("shop", shops)});
  };
  const Features features =
      fit(table({"low", "high", "low"}, {"a", "b", "c"}),
          {.columns = {{"grade", {.ordered = {"low", "mid", "high"}}}, {"shop", {.hash = 2}}}});
  UnknownTexts unknown(features);
  unknown.count(table({"mid", "Mid", "LOW"}, {"d", "e", "a"}));
  ASSERT_EQ(unknown.remarks().size(), 2u);
  EXPECT_NE(unknown.remarks()[0].find("\"shop\""), std::string::npos);
  EXPECT_NE(unknown.remarks()[1].find("\"low\", \"mid\", \"high\""), std::string::npos);
}

}  // namespace
}  // namespace sinapse
