#include "features/text_feature.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "features/tokens.h"

namespace sinapse {

namespace {

// Every run of that many tokens, as it stands in the vocabulary.
template <class Visit>
void visit_ngrams(const TextFeature& feature, const std::vector<std::string>& tokens,
                  int64_t length, Visit&& visit) {
  const auto count = static_cast<int64_t>(tokens.size());
  for (int64_t first = 0; first + length <= count; ++first)
    visit(feature.joined(std::span(tokens).subspan(first, length)));
}

// How many texts of the rows have each n-gram of one length.
using Counts = std::map<std::string, int64_t>;

std::vector<int64_t> rows_of_codes(const ColumnCells& column, const Rows& rows) {
  std::vector<int64_t> counts(column->categories.size());
  for (const int64_t row : rows)
    if (const int32_t code = column.code(row); code >= 0) ++counts[code];
  return counts;
}

Counts count_ngrams(const TextFeature& feature, const Column& column,
                    const std::vector<int64_t>& rows_of, int64_t length) {
  Counts counts;
  for (size_t code = 0; code < rows_of.size(); ++code) {
    if (rows_of[code] == 0) continue;
    std::set<std::string> own;
    visit_ngrams(feature, feature.tokens_of(column.categories[code]), length,
                 [&](const std::string& ngram) { own.insert(ngram); });
    for (const std::string& ngram : own) counts[ngram] += rows_of[code];
  }
  return counts;
}

struct Candidate {
  int64_t length, count;
  std::string ngram;
};

// Those of most texts; among equals short ones, then by the alphabet.
void keep_most_frequent(std::vector<Candidate>& candidates, int64_t size) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.count > b.count; });
  if (static_cast<int64_t>(candidates.size()) > size) candidates.resize(size);
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.length, a.ngram) < std::tie(b.length, b.ngram);
  });
}

}  // namespace

double words_of_a_text(const Column& column) {
  constexpr size_t kMostTexts = 1000;  // looked at
  if (column.kind != ColumnKind::category && column.kind != ColumnKind::identifier) return 0;
  const size_t every = (column.categories.size() + kMostTexts - 1) / kMostTexts;
  size_t texts = 0, words = 0;
  for (size_t i = 0; i < column.categories.size(); i += every, ++texts)
    words += words_of(column.categories[i]).size();
  return texts == 0 ? 0 : static_cast<double>(words) / static_cast<double>(texts);
}

bool looks_like_text(const Column& column) {
  constexpr size_t kFewTexts = 20;
  constexpr double kWords = 5;
  return column.categories.size() >= kFewTexts && words_of_a_text(column) >= kWords;
}

int64_t vocabulary_size(const ColumnDeclaration& declaration) {
  constexpr int64_t kNgrams = 1000, kTokens = 10000;
  if (declaration.size > 0) return declaration.size;
  return declaration.sequence > 0 ? kTokens : kNgrams;
}

std::vector<std::string> TextFeature::tokens_of(const std::string& text) const {
  return characters ? characters_of(text) : words_of(text);
}

std::pair<int64_t, int64_t> TextFeature::places_of(int64_t length) const {
  return {starts[length - shortest], length == longest ? width() : starts[length - shortest + 1]};
}

std::string TextFeature::joined(std::span<const std::string> tokens) const {
  std::string ngram;
  for (const std::string& token : tokens) {
    if (!characters && !ngram.empty()) ngram += ' ';
    ngram += token;
  }
  return ngram;
}

TextFeature::Sparse TextFeature::encode(const std::string& text) const {
  const std::vector<std::string> tokens = tokens_of(text);
  std::map<int64_t, double> inputs;
  for (int64_t length = shortest; length <= longest; ++length) {
    const auto begin = vocabulary.begin() + places_of(length).first;
    const auto end = vocabulary.begin() + places_of(length).second;
    visit_ngrams(*this, tokens, length, [&](const std::string& ngram) {
      const auto found = std::lower_bound(begin, end, ngram);
      if (found == end || *found != ngram) return;
      double& input = inputs[found - vocabulary.begin()];
      input = weights == "binary" ? 1 : input + 1;
    });
  }
  double squares = 0;
  if (weights == "tf_idf") {
    for (auto& [place, input] : inputs) {
      input *= inverse_frequencies[place];
      squares += input * input;
    }
  }
  Sparse sparse;
  const double norm = squares > 0 ? std::sqrt(squares) : 1;
  for (const auto& [place, input] : inputs)
    sparse.emplace_back(place, static_cast<float>(input / norm));
  return sparse;
}

std::optional<TextFeature> fit_text(const ColumnCells& column, const Rows& rows,
                                    const ColumnDeclaration& declaration, std::string& remark) {
  TextFeature feature{.column = column->name,
                      .characters = declaration.tokens == "characters",
                      .shortest = declaration.ngrams.front(),
                      .longest = declaration.ngrams.back(),
                      .weights = declaration.weights};
  const std::vector<int64_t> rows_of = rows_of_codes(column, rows);
  std::vector<Candidate> candidates;
  for (int64_t length = feature.shortest; length <= feature.longest; ++length)
    for (const auto& [ngram, count] : count_ngrams(feature, column.column(), rows_of, length))
      if (count >= declaration.min_count) candidates.push_back({length, count, ngram});
  keep_most_frequent(candidates, vocabulary_size(declaration));
  if (candidates.empty()) {
    remark = "no n-gram of its texts stands in enough training rows";
    return std::nullopt;
  }
  for (int64_t length = feature.shortest; length <= feature.longest; ++length) {
    const auto first = std::find_if(candidates.begin(), candidates.end(),
                                    [&](const Candidate& c) { return c.length >= length; });
    feature.starts.push_back(first - candidates.begin());
  }
  const auto num_texts = static_cast<double>(rows.size());
  for (const Candidate& candidate : candidates) {
    feature.vocabulary.push_back(candidate.ngram);
    if (feature.weights != "tf_idf") continue;
    const auto count = static_cast<double>(candidate.count);
    feature.inverse_frequencies.push_back(std::log((1 + num_texts) / (1 + count)) + 1);
  }
  return feature;
}

}  // namespace sinapse
