// Fitted preprocessing: the columns of a table as the numbers a network learns from. Everything is
// learned from the training rows only and stored in the model, as JSON and as ONNX operators.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sinapse/table.h>

#include "features/category_feature.h"
#include "features/date_feature.h"
#include "features/number_feature.h"

namespace sinapse {

struct FeatureOptions {
  std::string target;               // a column's name or index; it is no input. Empty: none
  std::vector<std::string> ignore;  // columns to leave out, by name or index
  std::vector<std::string>
      categorical;           // columns whose numbers or dates are names, by name or index
  int64_t max_one_hot = 32;  // a column with more categories is embedded
};

/// How the columns become numbers. Dense inputs come first the numbers (see NumberFeature), then
/// the one-hot categories, then the dates; columns with many categories are embedded, and kept
/// apart.
class Features {
 public:
  /// Learns from these rows of the table. Identifiers, empty and constant columns are left out with
  /// a remark. Throws Error(usage) for a misspelt column, Error(data) if no input remains.
  static Features fit(const Table& table, const RowSet& training_rows,
                      const FeatureOptions& options);

  int64_t width() const { return static_cast<int64_t>(names_.size()); }  ///< dense inputs
  /// One for each dense input: "age", "age is missing", "city = Paris", "sold: month sine".
  const std::vector<std::string>& names() const { return names_; }

  struct Embedded {
    std::string column;
    int64_t num_categories;  // rows of the embedding, the one for unknown texts included
    int64_t dimension;
  };
  const std::vector<Embedded>& embedded() const { return embedded_; }

  /// The first dense input and the number of inputs of each one-hot category; the last is unknown.
  struct OneHot {
    int64_t first;
    int64_t num_places;
  };
  const std::vector<OneHot>& one_hot() const { return one_hot_; }

  struct Encoded {
    int64_t rows = 0;
    std::vector<float> dense;                 // [rows, width], row-major
    std::vector<std::vector<float>> indices;  // for each embedded column [rows], whole numbers
  };
  /// The whole table as numbers. Columns are found by name; further columns do not matter. Throws
  /// Error(data) if columns are missing or cells cannot be read as what the model expects.
  Encoded encode(const Table& table) const;

  /// The same for rows first .. last-1 only, to keep memory small with large tables.
  Encoded encode(const Table& table, int64_t first, int64_t last) const;

  /// The whole table again, `rows` at once, in order.
  void encode(const Table& table, int64_t rows,
              const std::function<void(const Encoded&)>& take) const;

  /// One sentence for each column that was left out or needs one otherwise. Not stored.
  const std::vector<std::string>& remarks() const { return remarks_; }

  std::string to_json() const;
  /// Throws Error(model) naming the first field that is not as it should be.
  static Features from_json(const std::string& json);

  /// The input columns and how to read them: ReadOptions::kinds for the files to predict.
  std::map<std::string, ColumnKind> kinds() const;
  std::map<std::string, std::string> date_formats() const;  ///< ReadOptions::date_formats

  const std::vector<NumberFeature>& numbers() const { return numbers_; }
  const std::vector<CategoryFeature>& categories() const { return categories_; }
  const std::vector<DateFeature>& dates() const { return dates_; }

 private:
  void add(const Column& column, const RowSet& rows, int64_t max_one_hot);
  void lay_out();

  std::vector<NumberFeature> numbers_;  // those computed in float first
  std::vector<CategoryFeature> categories_;
  std::vector<DateFeature> dates_;
  std::vector<std::string> remarks_;

  // Derived by lay_out().
  std::vector<std::string> names_;
  std::vector<Embedded> embedded_;
  std::vector<OneHot> one_hot_;
};

}  // namespace sinapse
