#include "features/category_feature.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr int64_t kMaxDimension = 50;

// 1.6 n^0.56: the rule of thumb of Howard and Gugger's fastai (2020).
int64_t embedding_dimension(int64_t num_categories) {
  const auto dimension = std::lround(1.6 * std::pow(static_cast<double>(num_categories), 0.56));
  return std::clamp<int64_t>(dimension, 1, kMaxDimension);
}

// Entry 0 counts the missing cells, entry i + 1 category i.
std::vector<int64_t> count_codes(const ColumnCells& column, const Rows& rows) {
  std::vector<int64_t> counts(column->categories.size() + 1);
  for (const int64_t row : rows) ++counts[column.code(row) + 1];
  return counts;
}

std::vector<std::string> seen_at_least(int64_t times, const std::vector<int64_t>& counts,
                                       const Column& column) {
  std::vector<std::string> categories;
  for (size_t i = 0; i < column.categories.size(); ++i)
    if (counts[i + 1] >= times) categories.push_back(column.categories[i]);
  return categories;
}

}  // namespace

int64_t CategoryFeature::place(int64_t i) const {
  if (buckets == 0) return i;
  uint64_t hash = 14695981039346656037u;
  for (const char c : categories[i]) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<int64_t>(hash % static_cast<uint64_t>(buckets));
}

std::optional<CategoryFeature> fit_category(const ColumnCells& column, const Rows& rows,
                                            int64_t max_one_hot,
                                            const ColumnDeclaration& declaration,
                                            std::string& remark) {
  const std::vector<int64_t> counts = count_codes(column, rows);
  CategoryFeature feature{.column = column->name,
                          .categories = seen_at_least(1, counts, column.column()),
                          .has_missing_place = counts[0] > 0,
                          .dimension = declaration.embedding,
                          .buckets = declaration.hash};
  const auto num_seen = static_cast<int64_t>(feature.categories.size());
  if (num_seen == 0) {
    remark = "every training row lacks it";
    return std::nullopt;
  }
  if (num_seen == 1 && !feature.has_missing_place) {
    remark = fmt::format("every training row has the same value, \"{}\"", feature.categories[0]);
    return std::nullopt;
  }
  if (num_seen <= max_one_hot || feature.buckets > 0) return feature;

  feature.categories = seen_at_least(2, counts, column.column());
  const auto num_kept = static_cast<int64_t>(feature.categories.size());
  if (num_kept == 0) {
    remark = fmt::format("each of its {} texts stands in one training row only", num_seen);
    return std::nullopt;
  }
  if (num_kept > max_one_hot && feature.dimension == 0)
    feature.dimension = embedding_dimension(num_kept);
  return feature;
}

std::vector<int32_t> places_of_codes(const CategoryFeature& feature, const Column& column) {
  std::unordered_map<std::string_view, int32_t> known;
  for (size_t i = 0; i < feature.categories.size(); ++i)
    known.emplace(feature.categories[i], static_cast<int32_t>(feature.place(i)));
  std::vector<int32_t> places = {static_cast<int32_t>(feature.missing_place())};
  for (const std::string& text : column.categories) {
    const auto found = known.find(text);
    const bool is_known = found != known.end();
    places.push_back(is_known ? found->second : static_cast<int32_t>(feature.unknown_place()));
  }
  return places;
}

}  // namespace sinapse
