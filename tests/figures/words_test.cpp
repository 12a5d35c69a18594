#include "figures/words.h"

#include <regex>
#include <set>

#include <gtest/gtest.h>

#include <sinapse/activation.h>

#include "figures/activation_figures.h"
#include "figures/history_figure.h"

namespace sinapse {

namespace {

int64_t num_parts(std::string_view phrase) {
  int64_t parts = 0;
  for (size_t at = phrase.find("{}"); at != std::string_view::npos; at = phrase.find("{}", at + 2))
    ++parts;
  return parts;
}

TEST(Words, PhrasesStandOnceWithAsManyParts) {
  std::set<std::string_view> seen;
  for (const auto& [english, portuguese] : kPhrases) {
    EXPECT_TRUE(seen.insert(english).second) << english;
    EXPECT_FALSE(portuguese.empty()) << english;
    EXPECT_EQ(num_parts(english), num_parts(portuguese)) << english;
  }
}

TEST(Words, SaysPhrasesAndNumbers) {
  const Words english, portuguese(Language::portuguese);
  EXPECT_EQ(english("epoch"), "epoch");
  EXPECT_EQ(portuguese("epoch"), "época");
  EXPECT_EQ(portuguese("{} of {}", "vendas", "loja"), "vendas de loja");
  EXPECT_EQ(portuguese.count(1, "{} neuron", "{} neurons"), "1 neurônio");
  EXPECT_EQ(portuguese.count(2, "{} neuron", "{} neurons"), "2 neurônios");
  EXPECT_EQ(english.number("-1,234.5"), "-1,234.5");
  EXPECT_EQ(portuguese.number("-1,234.5"), "-1.234,5");
  EXPECT_EQ(portuguese.number("1,234,567"), "1.234.567");
  EXPECT_EQ(portuguese.number("3.1e-07"), "3,1e-07");
  EXPECT_EQ(portuguese.number("1e-05"), "1e-05");
}

// Numbers have commas, what separates numbers has not changed, and no English word is left.
TEST(Words, FormulasAreWholeInPortuguese) {
  const Words portuguese(Language::portuguese);
  EXPECT_EQ(portuguese.formula("x if x > 0, else 0.5 max(0, x)"),
            "x se x > 0, senão 0,5 max(0, x)");
  const std::regex english(R"(\b(if|else|where|or|limited|to|training|inference|takes)\b|\d\.\d)");
  for (const ActivationDefinition* definition : activations()) {
    for (const std::string_view formula : {definition->formula, definition->derivative}) {
      const std::string text = portuguese.formula(formula);
      EXPECT_FALSE(std::regex_search(text, english)) << text;
    }
  }
}

TEST(Words, ChartsAreInOneLanguage) {
  const Chart chart =
      neuron_chart(parse_activation("sigmoid"), {0.5}, {1.5}, {-6, 6}, Language::portuguese);
  EXPECT_EQ(chart.title, "Um neurônio: sigmoid(w x + b)");
  EXPECT_EQ(chart.series[0].name, "w = 0,5; b = 1,5");
  bool has_comma = false;
  for (const DrawingShape& shape : draw(chart).shapes) {
    const auto* text = std::get_if<Text>(&shape);
    if (text == nullptr) continue;
    has_comma |= text->text == "0,6";  // along the y axis
    EXPECT_EQ(text->text.find("0."), std::string::npos) << text->text;
  }
  EXPECT_TRUE(has_comma);
  const History run = parse_history("epoch,loss,val_loss\n1,0.5,0.25\n", "run");
  EXPECT_EQ(history_charts({run}, Language::portuguese)[0].series[0].name, "treinamento");
}

}  // namespace

}  // namespace sinapse
