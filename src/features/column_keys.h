// The keys of a column's declaration, each declared once: name, member, which columns it is for,
// explanation. Reading, writing, the schema and the lists are derived from this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/features.h>
#include <sinapse/table.h>

namespace sinapse {

/// What a column can be declared to be.
enum class ColumnUse : uint8_t { any, number, category, date, text };
std::string_view name_of(ColumnUse use);

/// Calls visit(key, member, use, doc) for each key of a declaration; use is what a column with the
/// key must be.
template <class Visit>
void visit_column_keys(Visit&& visit) {
  using D = ColumnDeclaration;
  using enum ColumnUse;
  visit("type", &D::type, any, "number, category, date or text; auto: as the cells look");
  visit("scale", &D::scale, number, "a scaling; empty: features.scale");
  visit("ordered", &D::ordered, category,
        "all texts from low to high: one input, the place in the list, scaled like a number");
  visit("hash", &D::hash, category,
        "texts share so many inputs, chosen by a hash of each; 0: one each");
  visit("embedding", &D::embedding, category,
        "length of a learned vector for each text; 0: by the number of texts");
  visit("parts", &D::parts, date, "parts of a date; empty: those that vary, but not the hour");
  visit("cyclic", &D::cyclic, date, "months and the like are points on a circle, not numbers");
  visit("tokens", &D::tokens, text, "what a text is cut into: words or characters");
  visit("ngrams", &D::ngrams, text, "lengths of runs of tokens, from the first to the last");
  visit("size", &D::size, text,
        "the n-grams of most texts are kept, at most so many; 0: 1000, or 10000 tokens of a "
        "sequence");
  visit("min_count", &D::min_count, text, "n-grams of fewer training texts are not kept");
  visit("weights", &D::weights, text, "what an n-gram's input is: tf_idf, count or binary");
  visit(
      "sequence", &D::sequence, text,
      "instead of n-grams the network gets the tokens in their order, at most so many; 0: n-grams");
}

/// The names of all keys.
std::vector<std::string> column_keys();

/// What the column is used as: by its type, by the keys that are set, else as its cells look.
/// Throws Error(usage) if a type is unknown, keys contradict each other or the column, or a value
/// makes no sense.
ColumnUse use_of(const ColumnDeclaration& declaration, const Column& column);

}  // namespace sinapse
