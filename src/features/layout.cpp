// Where each input stands: the order in which the ONNX operators produce them, and the products.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "features/features.h"

namespace sinapse {

namespace {

constexpr size_t kMostProducts = 100000;

void append_names(const CategoryFeature& feature, std::vector<std::string>& names) {
  for (int64_t place = 0; place < feature.known_places(); ++place)
    names.push_back(feature.buckets > 0 ? fmt::format("{} # {}", feature.column, place)
                                        : feature.column + " = " + feature.categories[place]);
  if (feature.has_missing_place) names.push_back(feature.column + " is missing");
  names.push_back(feature.column + " is unknown");
}

int64_t group_of(const NumberFeature& feature) {
  int64_t group = 0;
  while (!kNumberGroups[group].holds(feature)) ++group;
  return group;
}

}  // namespace

// Within a group of numbers, values stand before marks of missing cells.
void Features::lay_out() {
  std::stable_sort(
      numbers_.begin(), numbers_.end(),
      [](const NumberFeature& a, const NumberFeature& b) { return group_of(a) < group_of(b); });
  const auto append_values = [&](const std::string& column, int64_t count) {
    for (int64_t i = 0; i < count; ++i) values_[column].push_back(width() + i);
  };
  for (const NumberGroup& group : kNumberGroups) {
    for (const NumberFeature& feature : numbers_) {
      if (!group.holds(feature) || !feature.varies) continue;
      append_values(feature.column, 1);
      names_.push_back(feature.column);
    }
    for (const NumberFeature& feature : numbers_)
      if (group.holds(feature) && feature.marks_missing)
        names_.push_back(feature.column + " is missing");
  }
  for (const CategoryFeature& feature : categories_) {
    if (feature.embedded()) {
      embedded_.push_back({feature.column, feature.num_places(), feature.dimension});
    } else {
      one_hot_.push_back({feature.column, width(), feature.num_places(), {}});
      append_values(feature.column, feature.known_places());
      append_names(feature, names_);
    }
  }
  for (const DateFeature& feature : dates_) {
    append_values(feature.column, feature.width() - feature.marks_missing);
    const std::vector<std::string> names = feature.names();
    names_.insert(names_.end(), names.begin(), names.end());
  }
  for (const TextFeature& feature : texts_)
    for (const std::string& ngram : feature.vocabulary)
      names_.push_back(fmt::format("{}: {}", feature.column, ngram));
}

// Values of unknown and missing cells are all 0 and so are their products: nothing is learned of
// pairs that training has not seen. `one_hot` notes which products hide with a category.
void Features::lay_out_products() {
  const int64_t num_factors = width();
  for (const auto& [left, right] : interactions_) {
    for (const int64_t a : values_.at(left)) {
      for (const int64_t b : values_.at(right)) {
        if (left == right && b < a) continue;
        const int64_t place = num_factors + static_cast<int64_t>(products_.size());
        products_.push_back({a, b});
        names_.push_back(names_[a] + " x " + names_[b]);
        for (OneHot& one_hot : one_hot_)
          if (one_hot.column == left || one_hot.column == right) one_hot.products.push_back(place);
      }
    }
  }
}

std::optional<std::string> Features::add_interaction(const Interaction& columns) {
  for (const std::string& name : {columns.first, columns.second})
    if (!values_.contains(name))
      return fmt::format(
          "\"{}\" has no inputs that could be multiplied: it is left out, text, or "
          "embedded (then hash it into a few places instead)",
          name);
  num_products_ += values_.at(columns.first).size() * values_.at(columns.second).size();
  if (num_products_ > kMostProducts)
    return fmt::format(
        "with [{}, {}] there are {} products, more than {}; hash the categories into "
        "fewer places",
        columns.first, columns.second, num_products_, kMostProducts);
  interactions_.push_back(columns);
  return std::nullopt;
}

void Features::add_interactions(const Table& table, const FeatureDeclarations& declarations) {
  for (const std::vector<std::string>& pair : declarations.interactions) {
    if (pair.size() != 2)
      throw Error(
          ErrorCode::usage,
          fmt::format("features.interactions: each is a pair of columns such as [a, b], but "
                      "one has {} of them.",
                      pair.size()));
    const auto problem = add_interaction({table.column(pair[0]).name, table.column(pair[1]).name});
    if (problem) throw Error(ErrorCode::usage, fmt::format("features.interactions: {}.", *problem));
  }
  lay_out_products();
}

}  // namespace sinapse
