// Bags of n-grams against scikit-learn (tests/golden/make_features.py).
#include "features/text_feature.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "features/columns.h"
#include "features/tokens.h"
#include "paths.h"

namespace sinapse {
namespace {

using Names = std::vector<std::string>;

std::optional<TextFeature> fit(const Names& texts, const ColumnDeclaration& declaration = {}) {
  std::string remark;
  return fit_text(text_column("note", texts), all_rows(static_cast<int64_t>(texts.size())),
                  declaration, remark);
}

TEST(TextFeature, GivesScikitLearnsNumbers) {
  std::ifstream file(source_path("tests/golden/features.json"));
  const auto cases = nlohmann::json::parse(file)["texts"];
  ASSERT_GT(cases.size(), 4u);
  for (const auto& one : cases) {
    auto texts = one["texts"].get<Names>();
    const auto feature =
        fit(texts, {.tokens = one["tokens"], .ngrams = one["ngrams"], .weights = one["weights"]});
    ASSERT_TRUE(feature);
    std::map<std::string, size_t> theirs;
    for (const std::string ngram : one["vocabulary"]) theirs.emplace(ngram, theirs.size());
    ASSERT_EQ(feature->vocabulary.size(), theirs.size());
    for (const std::string other : one["others"]) texts.push_back(other);
    for (size_t row = 0; row < texts.size(); ++row) {
      std::vector<float> ours(theirs.size());
      for (const auto& [place, input] : feature->encode(texts[row]))
        ours[theirs.at(feature->vocabulary[place])] = input;
      for (size_t i = 0; i < ours.size(); ++i)
        EXPECT_NEAR(ours[i], one["expected"][row][i].get<double>(), 1e-6) << texts[row];
    }
  }
}

TEST(TextFeature, KeepsTheNgramsOfMostTexts) {
  const auto feature = fit({"a b", "a c", "b a", "d d d"}, {.ngrams = {1, 2}, .size = 2});
  EXPECT_EQ(feature->vocabulary, (Names{"a", "b"}));
  EXPECT_EQ(fit({"a b", "a c", "b a"}, {.min_count = 3})->vocabulary, (Names{"a"}));
  EXPECT_FALSE(fit({"a", "b"}, {.min_count = 2}));
}

TEST(TextFeature, SentencesLookLikeTextAndNamesDoNot) {
  Names sentences, names;
  for (int i = 0; i < 30; ++i) {
    sentences.push_back("the parcel of order " + std::to_string(i) + " came late");
    names.push_back("Street of the Sun " + std::to_string(i));
  }
  names[0] = "Sun 0";
  EXPECT_TRUE(looks_like_text(text_column("a", sentences)));
  EXPECT_TRUE(looks_like_text(text_column("a", sentences, ColumnKind::identifier)));
  EXPECT_FALSE(looks_like_text(text_column("a", names, ColumnKind::identifier)));
  EXPECT_FALSE(looks_like_text(text_column("a", Names(sentences.begin(), sentences.begin() + 19))));
  EXPECT_FALSE(looks_like_text(text_column("a", sentences, ColumnKind::boolean)));
}

TEST(TextFeature, CountsEachRowOfATextThatRepeats) {
  EXPECT_EQ(fit({"x", "x", "y z"}, {.size = 1})->vocabulary, (Names{"x"}));
}

TEST(Tokens, AreWordsInLowerCase) {
  EXPECT_EQ(words_of("  The_end, of 3.5 ÀRBOLES—ΩΣ Ёлка! "),
            (Names{"the_end", "of", "3", "5", "àrboles", "ωσ", "ёлка"}));
  EXPECT_EQ(words_of(""), Names());
}

TEST(Tokens, AreCharactersWithOneBlankForARun) {
  EXPECT_EQ(characters_of("Aé \t\n z"), (Names{"a", "é", " ", "z"}));
}

TEST(Tokens, ReplaceBytesThatAreNotUtf8) {
  EXPECT_EQ(characters_of("a\xC3"), (Names{"a", "\uFFFD"}));
  EXPECT_EQ(characters_of("\x80z"), (Names{"\uFFFD", "z"}));
  EXPECT_EQ(words_of("\xF0\x9F"), (Names{"\uFFFD\uFFFD"}));
}

}  // namespace
}  // namespace sinapse
