// Fitted preprocessing: the columns of a table as the numbers a network learns from. Everything is
// learned from the training rows only and stored in the model, as JSON and as ONNX operators.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sinapse/features.h>

#include "features/category_feature.h"
#include "features/column_keys.h"
#include "features/date_feature.h"
#include "features/number_feature.h"
#include "features/text_feature.h"
#include "features/token_feature.h"

namespace sinapse {

struct FeatureOptions {
  std::string target;  // columns as Target::fit takes them; they are no inputs. Empty: none
  std::vector<std::string> ignore;  // columns to leave out, by name or index
  std::vector<std::string>
      categorical;           // columns whose numbers or dates are names, by name or index
  int64_t max_one_hot = 32;  // a column with more categories is embedded
  FeatureDeclarations declarations = {};
};

/// How the columns become numbers. Dense inputs come first the numbers and ordered categories (see
/// NumberFeature), then the one-hot categories, the dates, the texts, and the interactions; columns
/// with many categories are embedded, and kept apart; so are texts whose tokens stay in order.
class Features {
 public:
  /// Learns from these rows of the table. Identifiers, empty and constant columns are left out with
  /// a remark. Throws Error(usage) for a misspelt column or a declaration that does not suit it,
  /// Error(data) if no input remains.
  static Features fit(const Table& table, const Rows& training_rows, const FeatureOptions& options);

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
    std::string column;
    int64_t first;
    int64_t num_places;
    std::vector<int64_t> products;  // inputs that are products with one of its own
  };
  const std::vector<OneHot>& one_hot() const { return one_hot_; }

  /// An input that is the product of two others: those before the interactions.
  struct Product {
    int64_t left, right;
  };
  const std::vector<Product>& products() const { return products_; }
  int64_t first_product() const { return width() - static_cast<int64_t>(products_.size()); }

  struct Encoded {
    int64_t rows = 0;
    std::vector<float> dense;                 // [rows, width], row-major
    std::vector<std::vector<float>> indices;  // for each embedded column [rows], whole numbers
    /// For each column of tokens in order their numbers, one text after the other.
    std::vector<std::vector<float>> tokens;
    std::vector<std::vector<int64_t>> token_offsets;  // where those of each row begin, and the end
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
  const std::vector<TextFeature>& texts() const { return texts_; }
  const std::vector<TokenFeature>& tokens() const { return tokens_; }
  /// Whether the column is read as free text, of either kind.
  bool is_text(const std::string& column) const;

  /// Pairs of columns, as declared.
  using Interaction = std::pair<std::string, std::string>;
  const std::vector<Interaction>& interactions() const { return interactions_; }

 private:
  void leave_out(const Column& column, const std::string& reason);
  void add(const Column& column, ColumnUse use, const Rows& rows,
           const ColumnDeclaration& declaration, int64_t max_one_hot,
           const std::function<std::string(int64_t)>& location);
  void add_interactions(const Table& table, const FeatureDeclarations& declarations);
  void lay_out();
  /// What is wrong with the pair, if something is.
  std::optional<std::string> add_interaction(const Interaction& columns);
  void lay_out_products();

  std::vector<NumberFeature> numbers_;  // in the order of kNumberGroups
  std::vector<CategoryFeature> categories_;
  std::vector<DateFeature> dates_;
  std::vector<TextFeature> texts_;
  std::vector<TokenFeature> tokens_;
  std::vector<Interaction> interactions_;
  std::vector<std::string> remarks_;

  // Derived by lay_out().
  std::vector<std::string> names_;
  std::vector<Embedded> embedded_;
  std::vector<OneHot> one_hot_;
  std::vector<Product> products_;
  std::map<std::string, std::vector<int64_t>> values_;  // of a column: its inputs that interact
  size_t num_products_ = 0;
};

}  // namespace sinapse
