// A column of free text as a bag of n-grams.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sinapse/features.h>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

/// A text becomes tokens: its words (runs of letters, digits and _ in lower case; every character
/// beyond ASCII is a letter), or its characters in lower case, each run of white space as one
/// blank. An input tells of one n-gram of tokens, which stand in the vocabulary as they stand in a
/// text: words with one blank between, characters without.
///
/// tf_idf: count times (log((1 + n) / (1 + texts that have it)) + 1), the n texts being those of
/// the training rows, then all inputs of a text divided by their Euclidean norm (Salton, Buckley
/// 1988, as in scikit-learn). count: how often; binary: 1 if it is there. No text: all 0.
///
/// ONNX has no operator that cuts a text (before opset 20); the model file takes the tokens, and
/// counts and weighs them itself.
struct TextFeature {
  std::string column;
  bool characters = false;
  int64_t shortest = 1, longest = 1;    // of n-grams
  std::vector<std::string> vocabulary;  // short n-grams first
  std::vector<int64_t> starts;          // for each length from `shortest` on, its first n-gram
  std::string weights = "tf_idf";
  std::vector<double> inverse_frequencies;  // of tf_idf; else empty

  /// Where the n-grams of a length begin and end in the vocabulary.
  std::pair<int64_t, int64_t> places_of(int64_t length) const;
  int64_t width() const { return static_cast<int64_t>(vocabulary.size()); }
  std::vector<std::string> tokens_of(const std::string& text) const;
  std::string joined(std::span<const std::string> tokens) const;  ///< as in the vocabulary

  /// The inputs that are not 0, by place.
  using Sparse = std::vector<std::pair<int64_t, float>>;
  Sparse encode(const std::string& text) const;
};

/// How many words a text of the column has on average; 0 if it has no texts.
double words_of_a_text(const Column& column);

/// Whether texts look like sentences: at least 20 different ones, of 5 words or more on average.
bool looks_like_text(const Column& column);

/// How many n-grams, or tokens of a sequence, are kept at most.
int64_t vocabulary_size(const ColumnDeclaration& declaration);

inline constexpr int64_t kLongestNgram = 10;

/// Learns the vocabulary and its weights from the rows. Nothing, and the reason in `remark`, if no
/// n-gram remains.
std::optional<TextFeature> fit_text(const ColumnCells& column, const Rows& rows,
                                    const ColumnDeclaration& declaration, std::string& remark);

}  // namespace sinapse
