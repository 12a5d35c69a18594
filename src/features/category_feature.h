// A column of texts as one-hot inputs, or, with many categories, as the index of a learned vector.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/features.h>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

/// Places, in this order: one per category; one for missing cells if the training rows have some;
/// the last one for unknown texts. A text never seen in training, and a missing cell without a
/// place of its own, count as unknown. Training shows a small share of the known texts as unknown
/// (train/hide_categories.h), so that the place learns what to expect of a category it does not
/// know.
///
/// With `buckets`, the categories share as many places, each at the FNV-1a hash of its text modulo
/// `buckets`; texts that training has not seen are unknown all the same, so that the model file
/// needs no hash.
///
/// One-hot: place p is input p, which is 1 and the others 0. Embedded: the place is the row of the
/// embedding.
struct CategoryFeature {
  std::string column;
  std::vector<std::string> categories;
  bool has_missing_place = false;
  int64_t dimension = 0;  // of the embedding's vectors; 0: one-hot
  int64_t buckets = 0;    // places that the categories share; 0: one each

  bool embedded() const { return dimension > 0; }
  int64_t known_places() const {
    return buckets > 0 ? buckets : static_cast<int64_t>(categories.size());
  }
  int64_t num_places() const { return known_places() + has_missing_place + 1; }
  int64_t unknown_place() const { return num_places() - 1; }
  int64_t missing_place() const { return has_missing_place ? known_places() : unknown_place(); }
  /// Of category i.
  int64_t place(int64_t i) const;
};

/// Learns the categories from the rows. With more than max_one_hot of them, those seen only once
/// become unknown, and what is then still more is embedded; a declared hash keeps all of them and
/// a declared embedding is taken however few they are. Nothing, and the reason in `remark`, if the
/// column tells nothing.
std::optional<CategoryFeature> fit_category(const ColumnCells& column, const Rows& rows,
                                            int64_t max_one_hot,
                                            const ColumnDeclaration& declaration,
                                            std::string& remark);

/// The place of each of the column's codes, which are shifted by one: entry 0 is for missing cells.
std::vector<int32_t> places_of_codes(const CategoryFeature& feature, const Column& column);

}  // namespace sinapse
