// The stored form of Features, one list of objects for each kind of column.
#include <set>

#include <fmt/format.h>

#include "features/features.h"
#include "features/json_fields.h"

namespace sinapse {

using nlohmann::json;

namespace {

constexpr int64_t kMaxDay = 690000;          // within kMaxSeconds of 1970
constexpr int64_t kMaxDaysStored = 1000000;  // a dictionary's, whatever the file says
constexpr int64_t kMaxDimension = 4096;

json to_json(const NumberFeature& f) {
  return {{"column", f.column}, {"mean", f.mean}, {"scale", f.scale},
          {"varies", f.varies}, {"wide", f.wide}, {"marks_missing", f.marks_missing}};
}

NumberFeature number_from(const JsonFields& fields) {
  NumberFeature f{.column = fields.text("column"),
                  .mean = fields.number("mean"),
                  .scale = fields.positive_number("scale"),
                  .varies = fields.flag("varies"),
                  .marks_missing = fields.flag("marks_missing"),
                  .wide = fields.flag("wide")};
  if (f.width() == 0) fields.fail("varies", "true where \"marks_missing\" is not");
  return f;
}

json to_json(const CategoryFeature& f) {
  return {{"column", f.column},
          {"categories", f.categories},
          {"has_missing_place", f.has_missing_place},
          {"embedding_dimension", f.dimension}};
}

CategoryFeature category_from(const JsonFields& fields) {
  CategoryFeature f{.column = fields.text("column"),
                    .categories = fields.distinct_texts("categories"),
                    .has_missing_place = fields.flag("has_missing_place"),
                    .dimension = fields.integer("embedding_dimension", 0, kMaxDimension)};
  if (f.categories.empty()) fields.fail("categories", "a list of at least one text");
  return f;
}

json to_json(const std::optional<Standardiser>& s) {
  return s ? json{{"mean", s->mean}, {"scale", s->scale}} : json();
}

std::optional<Standardiser> standardiser_from(const JsonFields& fields, const char* key) {
  const json* value = fields.find(key);
  if (!value) return std::nullopt;
  const JsonFields inner(*value, fmt::format("the model's features: \"{}\"", key));
  return Standardiser{inner.number("mean"), inner.positive_number("scale")};
}

json to_json(const DateFeature& f) {
  json cycles = json::array();
  for (int c = 0; c < kNumCycles; ++c)
    if (f.cycles[c]) cycles.push_back(info_of(static_cast<Cycle>(c)).name);
  return {{"column", f.column},       {"format", f.format},     {"has_time", f.has_time},
          {"first_day", f.first_day}, {"last_day", f.last_day}, {"elapsed", to_json(f.elapsed)},
          {"year", to_json(f.year)},  {"cycles", cycles},       {"marks_missing", f.marks_missing}};
}

std::array<bool, kNumCycles> cycles_from(const JsonFields& fields) {
  std::array<bool, kNumCycles> cycles = {};
  for (const std::string& name : fields.distinct_texts("cycles")) {
    int c = 0;
    while (c < kNumCycles && name != info_of(static_cast<Cycle>(c)).name) ++c;
    if (c == kNumCycles) fields.fail("cycles", "a list of parts of a date");
    cycles[c] = true;
  }
  return cycles;
}

DateFeature date_from(const JsonFields& fields) {
  DateFeature f{.column = fields.text("column"),
                .format = fields.text("format"),
                .has_time = fields.flag("has_time"),
                .first_day = fields.integer("first_day", -kMaxDay, kMaxDay),
                .elapsed = standardiser_from(fields, "elapsed"),
                .year = standardiser_from(fields, "year"),
                .cycles = cycles_from(fields),
                .marks_missing = fields.flag("marks_missing")};
  f.last_day =
      fields.integer("last_day", f.first_day, std::min(kMaxDay, f.first_day + kMaxDaysStored));
  if (f.width() == 0) fields.fail("cycles", "a list of at least one part");
  return f;
}

template <typename Feature, typename Read>
std::vector<Feature> list_from(const JsonFields& fields, const char* key, Read read,
                               std::set<std::string>& columns) {
  std::vector<Feature> features;
  for (const json& item : fields.list(key)) {
    const JsonFields inner(item, fmt::format("the model's features: \"{}\"", key));
    features.push_back(read(inner));
    if (!columns.insert(features.back().column).second)
      inner.fail("column", "a column of its own, not one that stands twice");
  }
  return features;
}

template <typename Feature>
json list_of(const std::vector<Feature>& features) {
  json list = json::array();
  for (const Feature& feature : features) list.push_back(to_json(feature));
  return list;
}

}  // namespace

std::string Features::to_json() const {
  const json value = {{"version", 2},
                      {"numbers", list_of(numbers_)},
                      {"categories", list_of(categories_)},
                      {"dates", list_of(dates_)}};
  return to_json_text(value, "the features");
}

Features Features::from_json(const std::string& text) {
  const json value = parse_json_object(text, "the model's features");
  const JsonFields fields(value, "the model's features");
  fields.integer("version", 2, 2);
  std::set<std::string> columns;
  Features features;
  features.numbers_ = list_from<NumberFeature>(fields, "numbers", number_from, columns);
  features.categories_ = list_from<CategoryFeature>(fields, "categories", category_from, columns);
  features.dates_ = list_from<DateFeature>(fields, "dates", date_from, columns);
  features.lay_out();
  if (columns.empty()) fields.fail("numbers", "a list of columns where there are no others");
  return features;
}

}  // namespace sinapse
