// A column of free text as its tokens, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <sinapse/features.h>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

/// A text is cut into tokens as TextFeature does, and what lies behind the first `length` of them
/// is cut off. Each token is a number: 1, 2, ... is its place in the vocabulary, the one after the
/// last stands for all others. 0 fills short texts up.
struct TokenFeature {
  std::string column;
  bool characters = false;
  int64_t length = 1;                                    // tokens that are looked at
  std::vector<std::string> vocabulary;                   // those of most texts first
  std::unordered_map<std::string, int64_t> places = {};  // of the vocabulary, from 1

  /// What a token is: "words" or "characters".
  const char* unit() const { return characters ? "characters" : "words"; }
  int64_t num_places() const { return static_cast<int64_t>(vocabulary.size()) + 2; }
  int64_t unknown_place() const { return num_places() - 1; }
  /// The numbers of a text's tokens; of an empty one that of an unknown token.
  std::vector<float> encode(const std::string& text) const;
  /// Fills `places` from the vocabulary.
  void index();
};

inline constexpr int64_t kLongestText = 1 << 16;  // tokens

/// Learns the vocabulary, the tokens of most of these rows' texts. Nothing, and the reason in
/// `remark`, if there is none.
std::optional<TokenFeature> fit_tokens(const ColumnCells& column, const Rows& rows,
                                       const ColumnDeclaration& declaration, std::string& remark);

}  // namespace sinapse
