#include "features/token_feature.h"

#include <algorithm>
#include <set>

#include "features/text_feature.h"
#include "features/tokens.h"

namespace sinapse {

namespace {

std::vector<std::string> tokens_of(bool characters, const std::string& text) {
  return characters ? characters_of(text) : words_of(text);
}

// How many rows have each token.
std::unordered_map<std::string, int64_t> count_tokens(const ColumnCells& column, const Rows& rows,
                                                      bool characters) {
  std::vector<int64_t> rows_of(column->categories.size());
  for (const int64_t row : rows)
    if (const int32_t code = column.code(row); code >= 0) ++rows_of[code];
  std::unordered_map<std::string, int64_t> counts;
  for (size_t code = 0; code < rows_of.size(); ++code) {
    if (rows_of[code] == 0) continue;
    const auto tokens = tokens_of(characters, column->categories[code]);
    for (const std::string& token : std::set<std::string>(tokens.begin(), tokens.end()))
      counts[token] += rows_of[code];
  }
  return counts;
}

}  // namespace

void TokenFeature::index() {
  for (size_t i = 0; i < vocabulary.size(); ++i)
    places.emplace(vocabulary[i], static_cast<int64_t>(i) + 1);
}

std::vector<float> TokenFeature::encode(const std::string& text) const {
  std::vector<float> numbers;
  for (const std::string& token : tokens_of(characters, text)) {
    if (static_cast<int64_t>(numbers.size()) == length) break;
    const auto found = places.find(token);
    numbers.push_back(static_cast<float>(found == places.end() ? unknown_place() : found->second));
  }
  if (numbers.empty()) numbers.push_back(static_cast<float>(unknown_place()));
  return numbers;
}

std::optional<TokenFeature> fit_tokens(const ColumnCells& column, const Rows& rows,
                                       const ColumnDeclaration& declaration, std::string& remark) {
  TokenFeature feature{.column = column->name,
                       .characters = declaration.tokens == "characters",
                       .length = declaration.sequence,
                       .vocabulary = {}};
  std::vector<std::pair<int64_t, std::string>> candidates;
  for (const auto& [token, count] : count_tokens(column, rows, feature.characters))
    if (count >= declaration.min_count) candidates.emplace_back(-count, token);
  std::sort(candidates.begin(), candidates.end());  // among equals by the alphabet
  const auto most = static_cast<size_t>(vocabulary_size(declaration));
  if (candidates.size() > most) candidates.resize(most);
  for (auto& [count, token] : candidates) feature.vocabulary.push_back(std::move(token));
  feature.index();
  if (!feature.vocabulary.empty()) return feature;
  remark = "no token of its texts stands in enough training rows";
  return std::nullopt;
}

}  // namespace sinapse
