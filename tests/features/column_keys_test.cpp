#include "features/column_keys.h"

#include <gtest/gtest.h>

#include "features/columns.h"
#include "features/features.h"
#include "network/expect_words.h"

namespace sinapse {
namespace {

using Names = std::vector<std::string>;

Table people() {
  return Table({number_column("age", {20, 30, 40, 60}), number_column("zip", {10, 20, 10, 30}),
                text_column("grade", {"low", "high", "mid", "low"}),
                text_column("city", {"A", "B", "C", "A"}),
                text_column("key", {"a b", "b c", "c", "a"}, ColumnKind::identifier),
                date_column("since", {0, 86400 * 40, 86400 * 80, 86400 * 500})});
}

Features fit(const FeatureDeclarations& declarations, const Names& ignore = {}) {
  return Features::fit(people(), all_rows(4), {.ignore = ignore, .declarations = declarations});
}

TEST(ColumnKeys, SayWhatAColumnIs) {
  const Features features = fit({.columns = {{"zip", {.hash = 2}},
                                             {"grade", {.ordered = {"low", "mid", "high"}}},
                                             {"city", {.embedding = 3}},
                                             {"key", {.ngrams = {1, 2}}},
                                             {"5", {.parts = {"month"}, .cyclic = false}}}});
  EXPECT_EQ(features.names(),
            (Names{"age", "grade", "zip # 0", "zip # 1", "zip is unknown", "since: month", "key: a",
                   "key: b", "key: c", "key: a b", "key: b c"}));
  ASSERT_EQ(features.embedded().size(), 1u);
  EXPECT_EQ(features.embedded()[0].dimension, 3);
}

TEST(ColumnKeys, SurviveStoring) {
  const Features features =
      fit({.scale = "quantile(quantiles=3)",
           .columns = {{"age", {.scale = "log"}},
                       {"zip", {.hash = 2}},
                       {"grade", {.scale = "robust", .ordered = {"low", "mid", "high"}}},
                       {"key", {.tokens = "characters", .ngrams = {1, 2}, .weights = "count"}},
                       {"since", {.parts = {"month", "year", "weekday"}, .cyclic = false}}},
           .interactions = {{"age", "grade"}, {"zip", "zip"}}});
  const Features again = Features::from_json(features.to_json());
  EXPECT_EQ(again.to_json(), features.to_json());
  EXPECT_EQ(again.names(), features.names());
  EXPECT_EQ(again.encode(people()).dense, features.encode(people()).dense);
}

TEST(ColumnKeys, InteractionsMultiplyEveryInputOfOneWithEveryInputOfTheOther) {
  const Features features =
      fit({.columns = {{"city", {.hash = 2}}}, .interactions = {{"age", "city"}, {"age", "age"}}},
          {"zip", "grade", "since"});
  EXPECT_EQ(features.names(), (Names{"age", "city # 0", "city # 1", "city is unknown",
                                     "age x city # 0", "age x city # 1", "age x age"}));
  const std::vector<float> dense = features.encode(people()).dense;
  for (size_t row = 0; row < 4; ++row) {
    const float* inputs = dense.data() + row * features.width();
    EXPECT_EQ(inputs[4], inputs[0] * inputs[1]);
    EXPECT_EQ(inputs[5], inputs[0] * inputs[2]);
    EXPECT_EQ(inputs[6], inputs[0] * inputs[0]);
  }
  EXPECT_EQ(features.one_hot()[0].products, (std::vector<int64_t>{4, 5}));
}

TEST(ColumnKeys, RejectWhatDoesNotSuitTheColumn) {
  const auto declare = [](const std::string& column, const ColumnDeclaration& declaration) {
    return [=] { fit({.columns = {{column, declaration}}}); };
  };
  expect_error(ErrorCode::usage, {"agee", "Did you mean \"age\"?"}, declare("agee", {.hash = 2}));
  expect_error(ErrorCode::usage, {"features.columns.age", "type", "numbr", "number"},
               declare("age", {.type = "numbr"}));
  expect_error(ErrorCode::usage, {"parts", "kind date", "text"},
               declare("since", {.type = "text", .parts = {"month"}}));
  expect_error(ErrorCode::usage, {"part of a date", "\"months\"", "\"month\""},
               declare("since", {.parts = {"months"}}));
  expect_error(ErrorCode::usage, {"leave out hash"},
               declare("grade", {.ordered = {"low", "mid", "high"}, .hash = 3}));
  expect_error(ErrorCode::usage, {"twice"}, declare("grade", {.ordered = {"low", "low"}}));
  expect_error(ErrorCode::usage, {"ngrams", "1 to 10"}, declare("key", {.ngrams = {3, 1}}));
  expect_error(ErrorCode::usage, {"embedding", "4096"}, declare("city", {.embedding = 5000}));
  expect_error(ErrorCode::usage, {"no scaling", "log"}, declare("age", {.scale = "logg"}));
  expect_error(ErrorCode::usage, {"twice, by name and by index"}, [] {
    fit({.columns = {{"age", {.scale = "log"}}, {"0", {.scale = "none"}}}});
  });
}

TEST(ColumnKeys, RejectInteractionsWithoutInputs) {
  const auto interact = [](const std::vector<Names>& pairs, const ColumnDeclaration& city = {}) {
    return [=] { fit({.columns = {{"city", city}}, .interactions = pairs}); };
  };
  expect_error(ErrorCode::usage, {"pair of columns", "3 of them"},
               interact({{"age", "city", "zip"}}));
  expect_error(ErrorCode::usage, {"\"city\" has no inputs", "embedded"},
               interact({{"age", "city"}}, {.embedding = 2}));
  expect_error(ErrorCode::usage, {"\"key\" has no inputs"}, interact({{"age", "key"}}));
  expect_error(ErrorCode::usage, {"products, more than 100000"},
               interact({{"city", "city"}}, {.hash = 1000}));
}

TEST(ColumnKeys, UnseenTextsAreUnknownWithAHashToo) {
  const Features features =
      fit({.columns = {{"city", {.hash = 2}}}}, {"age", "zip", "grade", "since"});
  const Table strange({text_column("city", {"Z", ""})});
  EXPECT_EQ(features.encode(strange).dense, (std::vector<float>{0, 0, 1, 0, 0, 1}));
}

TEST(ColumnKeys, PartsThatDoNotVaryAreLeftOut) {
  const Features features = fit({.columns = {{"since", {.parts = {"weekday", "hour"}}}}},
                                {"age", "zip", "grade", "city"});
  EXPECT_EQ(features.names(), (Names{"since: weekday sine", "since: weekday cosine"}));
}

}  // namespace
}  // namespace sinapse
