#include "features/token_feature.h"

#include <gtest/gtest.h>

#include "data/table_reader.h"
#include "features/features.h"

namespace sinapse {
namespace {

Table notes() {
  return parse_table("note,y\nThe red red car,1\na red house,2\nthe end,3\nnever seen,4\n", "n.csv",
                     {.kinds = {{"note", ColumnKind::category}}});
}

TokenFeature fitted(const ColumnDeclaration& declaration) {
  const Table table = notes();
  const std::vector<int64_t> rows{0, 1, 2};
  std::string remark;
  return *fit_tokens(table.column("note"), rows, declaration, remark);
}

TEST(TokenFeature, TheVocabularyIsThatOfTheTrainingRowsByFrequency) {
  const TokenFeature feature = fitted({.type = "text", .sequence = 5});
  EXPECT_EQ(feature.vocabulary,
            (std::vector<std::string>{"red", "the", "a", "car", "end", "house"}));
  EXPECT_EQ(feature.num_places(), 8);
  EXPECT_EQ(fitted({.type = "text", .size = 2, .sequence = 5}).vocabulary,
            (std::vector<std::string>{"red", "the"}));
  EXPECT_EQ(fitted({.type = "text", .min_count = 2, .sequence = 5}).vocabulary.size(), 2u);
}

TEST(TokenFeature, TokensKeepTheirOrderAndLongTextsAreCut) {
  const TokenFeature feature = fitted({.type = "text", .sequence = 4});
  EXPECT_EQ(feature.encode("THE car, red"), (std::vector<float>{2, 4, 1}));
  EXPECT_EQ(feature.encode("never a car"), (std::vector<float>{7, 3, 4}));
  EXPECT_EQ(feature.encode("a a a a car car"), (std::vector<float>{3, 3, 3, 3}));
  EXPECT_EQ(feature.encode(""), (std::vector<float>{7}));
}

TEST(TokenFeature, CharactersAreTokensToo) {
  const TokenFeature feature = fitted({.type = "text", .tokens = "characters", .sequence = 9});
  EXPECT_EQ(feature.encode("ee").size(), 2u);
  EXPECT_EQ(feature.encode("ee")[0], feature.encode("E")[0]);
}

TEST(TokenFeature, FeaturesKeepItInTheirStoredForm) {
  FeatureOptions options{.target = "y"};
  options.declarations.columns["note"] = {.type = "text", .sequence = 3};
  const Table table = notes();
  const std::vector<int64_t> rows{0, 1, 2};
  const Features features = Features::fit(table, rows, options);
  const Features read = Features::from_json(features.to_json());
  EXPECT_EQ(read.to_json(), features.to_json());
  const Features::Encoded encoded = read.encode(table);
  ASSERT_EQ(encoded.tokens.size(), 1u);
  EXPECT_EQ(encoded.token_offsets[0], (std::vector<int64_t>{0, 3, 6, 8, 10}));
  EXPECT_EQ(encoded.tokens[0], features.encode(table).tokens[0]);
}

}  // namespace
}  // namespace sinapse
