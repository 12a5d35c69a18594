// Texts that training has not seen, counted over the tables that a model is used on: a column of
// which most cells are unknown is spelt otherwise, and says nothing to the model.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <sinapse/table.h>

#include "features/features.h"

namespace sinapse {

class UnknownTexts {
 public:
  /// Of the columns of categories, ordered ones too. The features must outlive this.
  explicit UnknownTexts(const Features& features);

  /// Counts the cells of a table that the features were able to encode.
  void count(const Table& part);

  /// A sentence for each column of which more than half of the cells that are not missing have a
  /// text that training has not seen.
  std::vector<std::string> remarks() const;

 private:
  struct Watched {
    const std::string* column;
    const std::vector<std::string>* known;
    std::unordered_set<std::string_view> index;
    int64_t cells = 0, unknown = 0;
    std::string first_unknown, first_place;
  };
  void watch(const std::string& column, const std::vector<std::string>& known);
  static void count(Watched& watched, const Column& column, const Table& part);

  std::vector<Watched> watched_;
};

}  // namespace sinapse
