// The stored form of Features, one list of objects for each kind of column.
#include <algorithm>
#include <limits>
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
constexpr int64_t kMaxBuckets = 1 << 20;
constexpr double kLeastClip = 1e-6, kMostClip = 1e6, kMostFill = 1e37;

constexpr const char* kCurves[kNumCurves] = {"none", "logarithm", "knots"};

json to_json(const NumberFeature& f) {
  json value = {
      {"column", f.column}, {"mean", f.mean}, {"scale", f.scale},
      {"varies", f.varies}, {"wide", f.wide}, {"marks_missing", f.marks_missing},
      {"clip", f.clip},     {"fill", f.fill}, {"curve", kCurves[static_cast<int>(f.curve)]}};
  if (!f.order.empty()) value["order"] = f.order;
  if (f.curve == Curve::knots) {
    value["knots"] = f.knots;
    value["levels"] = f.levels;
  }
  return value;
}

Curve curve_from(const JsonFields& fields) {
  const std::string name = fields.text("curve");
  for (int i = 0; i < kNumCurves; ++i)
    if (name == kCurves[i]) return static_cast<Curve>(i);
  fields.fail("curve", "none, logarithm or knots");
}

void read_knots(const JsonFields& fields, NumberFeature& f) {
  f.knots = fields.numbers("knots");
  f.levels = fields.numbers("levels");
  const auto not_rising = [](const std::vector<double>& list, double least) {
    for (size_t i = 1; i < list.size(); ++i)
      if (!(list[i] - list[i - 1] >= least && std::isfinite(list[i] - list[i - 1]))) return true;
    return list.empty();
  };
  if (not_rising(f.knots, std::numeric_limits<double>::min()))
    fields.fail("knots", "a list of rising numbers");
  if (not_rising(f.levels, 0) || f.levels.size() != f.knots.size())
    fields.fail("levels", "as many numbers as \"knots\", none below the one before");
}

NumberFeature number_from(const JsonFields& fields) {
  NumberFeature f{.column = fields.text("column"),
                  .mean = fields.number("mean"),
                  .scale = fields.positive_number("scale"),
                  .varies = fields.flag("varies"),
                  .marks_missing = fields.flag("marks_missing"),
                  .wide = fields.flag("wide")};
  if (f.width() == 0) fields.fail("varies", "true where \"marks_missing\" is not");
  if (!fields.find("curve")) return f;  // version 2
  f.curve = curve_from(fields);
  f.clip = fields.number("clip");
  f.fill = fields.number("fill");
  if (f.clip != 0 && !(f.clip >= kLeastClip && f.clip <= kMostClip))
    fields.fail("clip", "0 or a positive number of moderate size");
  if (std::abs(f.fill) > kMostFill) fields.fail("fill", "in the range of float");
  if (fields.find("order")) f.order = fields.distinct_texts("order");
  if (f.curve != Curve::none && !f.wide) fields.fail("wide", "true along a curve");
  if (f.curve == Curve::knots) read_knots(fields, f);
  return f;
}

json to_json(const CategoryFeature& f) {
  return {{"column", f.column},
          {"categories", f.categories},
          {"has_missing_place", f.has_missing_place},
          {"embedding_dimension", f.dimension},
          {"buckets", f.buckets}};
}

CategoryFeature category_from(const JsonFields& fields) {
  CategoryFeature f{.column = fields.text("column"),
                    .categories = fields.distinct_texts("categories"),
                    .has_missing_place = fields.flag("has_missing_place"),
                    .dimension = fields.integer("embedding_dimension", 0, kMaxDimension)};
  if (f.categories.empty()) fields.fail("categories", "a list of at least one text");
  if (fields.find("buckets")) f.buckets = fields.integer("buckets", 0, kMaxBuckets);
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
  json cycles = json::array(), counted = json::object();
  for (int c = 0; c < kNumCycles; ++c) {
    const char* name = info_of(static_cast<Cycle>(c)).name;
    if (f.cycles[c]) cycles.push_back(name);
    if (f.counted[c]) counted[name] = to_json(f.counted[c]);
  }
  return {{"column", f.column},      {"format", f.format},
          {"has_time", f.has_time},  {"first_day", f.first_day},
          {"last_day", f.last_day},  {"elapsed", to_json(f.elapsed)},
          {"year", to_json(f.year)}, {"cycles", cycles},
          {"counted", counted},      {"marks_missing", f.marks_missing}};
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

std::array<std::optional<Standardiser>, kNumCycles> counted_from(const JsonFields& fields) {
  std::array<std::optional<Standardiser>, kNumCycles> counted;
  const json* value = fields.find("counted");
  if (!value) return counted;
  const JsonFields inner(*value, "the model's features: \"counted\"");
  for (int c = 0; c < kNumCycles; ++c)
    counted[c] = standardiser_from(inner, info_of(static_cast<Cycle>(c)).name);
  return counted;
}

DateFeature date_from(const JsonFields& fields) {
  DateFeature f{.column = fields.text("column"),
                .format = fields.text("format"),
                .has_time = fields.flag("has_time"),
                .first_day = fields.integer("first_day", -kMaxDay, kMaxDay),
                .elapsed = standardiser_from(fields, "elapsed"),
                .year = standardiser_from(fields, "year"),
                .cycles = cycles_from(fields),
                .counted = counted_from(fields),
                .marks_missing = fields.flag("marks_missing")};
  f.last_day =
      fields.integer("last_day", f.first_day, std::min(kMaxDay, f.first_day + kMaxDaysStored));
  if (f.width() == 0) fields.fail("cycles", "a list of at least one part");
  return f;
}

json to_json(const TextFeature& f) {
  return {{"column", f.column},         {"characters", f.characters},
          {"shortest", f.shortest},     {"longest", f.longest},
          {"vocabulary", f.vocabulary}, {"starts", f.starts},
          {"weights", f.weights},       {"inverse_frequencies", f.inverse_frequencies}};
}

// The n-grams of each length stand from its start on, by the alphabet, so that they can be found.
void check_vocabulary(const JsonFields& fields, const TextFeature& f) {
  if (static_cast<int64_t>(f.starts.size()) != f.longest - f.shortest + 1 || f.starts[0] != 0)
    fields.fail("starts", "a place in the vocabulary for each length");
  for (size_t i = 0; i < f.starts.size(); ++i) {
    const int64_t begin = f.starts[i];
    const int64_t end = i + 1 < f.starts.size() ? f.starts[i + 1] : f.width();
    if (begin < 0 || begin > end || end > f.width())
      fields.fail("starts", "rising places in the vocabulary");
    const auto length = f.shortest + static_cast<int64_t>(i);
    for (int64_t k = begin; k < end; ++k) {
      const std::vector<std::string> tokens = f.tokens_of(f.vocabulary[k]);
      if (static_cast<int64_t>(tokens.size()) != length || f.joined(tokens) != f.vocabulary[k])
        fields.fail("vocabulary", "n-grams of the lengths that \"starts\" tells");
      if (k > begin && f.vocabulary[k] <= f.vocabulary[k - 1])
        fields.fail("vocabulary", "n-grams by the alphabet");
    }
  }
}

TextFeature text_from(const JsonFields& fields) {
  TextFeature f{.column = fields.text("column"),
                .characters = fields.flag("characters"),
                .shortest = fields.integer("shortest", 1, kLongestNgram)};
  f.longest = fields.integer("longest", f.shortest, kLongestNgram);
  f.vocabulary = fields.texts("vocabulary");
  f.starts = fields.integers("starts");
  f.weights = fields.text("weights");
  f.inverse_frequencies = fields.numbers("inverse_frequencies");
  if (f.vocabulary.empty()) fields.fail("vocabulary", "a list of at least one text");
  if (f.weights != "tf_idf" && f.weights != "count" && f.weights != "binary")
    fields.fail("weights", "tf_idf, count or binary");
  const size_t wanted = f.weights == "tf_idf" ? f.vocabulary.size() : 0;
  const auto strange = [](double x) { return !(x > 0 && x < 1e6); };
  if (f.inverse_frequencies.size() != wanted ||
      std::any_of(f.inverse_frequencies.begin(), f.inverse_frequencies.end(), strange))
    fields.fail("inverse_frequencies", "a moderate positive number for each n-gram of tf_idf");
  check_vocabulary(fields, f);
  return f;
}

json to_json(const TokenFeature& f) {
  return {{"column", f.column},
          {"characters", f.characters},
          {"length", f.length},
          {"vocabulary", f.vocabulary}};
}

TokenFeature tokens_from(const JsonFields& fields) {
  TokenFeature f{.column = fields.text("column"),
                 .characters = fields.flag("characters"),
                 .length = fields.integer("length", 1, kLongestText),
                 .vocabulary = fields.distinct_texts("vocabulary")};
  if (f.vocabulary.empty()) fields.fail("vocabulary", "a list of at least one text");
  f.index();
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
  json pairs = json::array();
  for (const auto& [left, right] : interactions_) pairs.push_back({left, right});
  json value = {{"version", 3},
                {"numbers", list_of(numbers_)},
                {"categories", list_of(categories_)},
                {"dates", list_of(dates_)},
                {"texts", list_of(texts_)},
                {"interactions", pairs}};
  if (!tokens_.empty()) value["tokens"] = list_of(tokens_);
  return to_json_text(value, "the features");
}

Features Features::from_json(const std::string& text) {
  const json value = parse_json_object(text, "the model's features");
  const JsonFields fields(value, "the model's features");
  const bool has_texts = fields.integer("version", 2, 3) > 2;
  std::set<std::string> columns;
  Features features;
  features.numbers_ = list_from<NumberFeature>(fields, "numbers", number_from, columns);
  features.categories_ = list_from<CategoryFeature>(fields, "categories", category_from, columns);
  features.dates_ = list_from<DateFeature>(fields, "dates", date_from, columns);
  if (has_texts) features.texts_ = list_from<TextFeature>(fields, "texts", text_from, columns);
  if (fields.find("tokens") != nullptr)
    features.tokens_ = list_from<TokenFeature>(fields, "tokens", tokens_from, columns);
  features.lay_out();
  for (const auto& pair : has_texts ? fields.pairs("interactions") : JsonFields::Pairs())
    if (const auto problem = features.add_interaction(pair))
      fields.fail("interactions", "pairs of columns (" + *problem + ")");
  features.lay_out_products();
  if (columns.empty()) fields.fail("numbers", "a list of columns where there are no others");
  return features;
}

}  // namespace sinapse
