// How columns become the inputs of a network, where the user wants to say it.
//
//     FeatureDeclarations features;
//     features.scale = "robust";
//     features.columns["grade"].ordered = {"low", "mid", "high"};
//     features.columns["note"] = {.type = "text", .ngrams = {1, 2}};
//     features.interactions = {{"width", "height"}};
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sinapse {

/// One column. What is not said is chosen by the data. Keys of another kind of column than this one
/// is are an error; a key also says the kind, so that `ordered` makes a number column categories.
struct ColumnDeclaration {
  std::string type = "auto";  ///< number, category, date or text; auto: as the cells look

  std::string
      scale;  ///< of a number or ordered category: see `sinapse list scalings`; empty: all's

  std::vector<std::string>
      ordered;            ///< all texts from low to high: one input, the place in the list
  int64_t hash = 0;       ///< texts share so many places, chosen by a hash of each; 0: one each
  int64_t embedding = 0;  ///< length of a learned vector for each text; 0: by the number of texts

  std::vector<std::string>
      parts;           ///< of a date: see `sinapse list date_parts`; empty: those that vary
  bool cyclic = true;  ///< months and the like are points on a circle; false: numbers

  std::string tokens = "words";       ///< what a text is cut into: words or characters
  std::vector<int64_t> ngrams = {1};  ///< lengths of runs of tokens, from the first to the last
  int64_t size = 0;                   ///< the n-grams of most texts are kept, at most so many; 0:
                                      ///< 1000, or 10000 tokens of a sequence
  int64_t min_count = 1;              ///< n-grams of fewer training texts are not kept
  std::string weights = "tf_idf";     ///< an n-gram's input: tf_idf, count or binary
  int64_t sequence = 0;  ///< the network gets a text's tokens in their order, at most so many

  bool operator==(const ColumnDeclaration&) const = default;
};

struct FeatureDeclarations {
  std::string scale = "standard";                    ///< of numbers whose column does not say one
  std::map<std::string, ColumnDeclaration> columns;  ///< by name, or 0-based index
  /// Pairs of columns; every input of one times every input of the other is an input of its own.
  std::vector<std::vector<std::string>> interactions;
};

}  // namespace sinapse
