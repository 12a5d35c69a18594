// The stored form of SeriesFeatures.
#include <algorithm>

#include "features/json_fields.h"
#include "features/series_features.h"

namespace sinapse {

namespace {

constexpr const char* kWhat = "the model's series";
constexpr int64_t kMostSteps = 1 << 16, kMostMonths = 1200, kLargestSeason = int64_t{1} << 40;

nlohmann::json to_json(const std::vector<Standard>& standards) {
  nlohmann::json list = nlohmann::json::array();
  for (const Standard& one : standards)
    list.push_back({{"mean", one.mean}, {"deviation", one.deviation}});
  return list;
}

std::vector<Standard> read_standards(const JsonFields& fields, const char* key, size_t expected) {
  std::vector<Standard> standards;
  const nlohmann::json& list = fields.list(key);
  if (list.size() != expected) fields.fail(key, "one for each");
  for (const nlohmann::json& one : list) {
    const JsonFields standard(one, kWhat);
    standards.push_back({standard.number("mean"), standard.positive_number("deviation")});
  }
  return standards;
}

}  // namespace

std::string SeriesFeatures::to_json() const {
  return to_json_text({{"version", 1},
                       {"time", columns.time},
                       {"target", columns.target},
                       {"id", columns.id},
                       {"known", columns.known},
                       {"date", step.date},
                       {"months", step.months},
                       {"month_end", step.month_end},
                       {"size", step.size},
                       {"date_format", date_format},
                       {"window", window},
                       {"horizon", horizon},
                       {"gap", gap},
                       {"season", season},
                       {"window_level", window_level},
                       {"ids", ids},
                       {"standards", sinapse::to_json(standards)},
                       {"known_standards", sinapse::to_json(known)},
                       {"naive_errors", naive_errors}},
                      "the series");
}

SeriesFeatures SeriesFeatures::from_json(const std::string& json) {
  const nlohmann::json value = parse_json_object(json, kWhat);
  const JsonFields fields(value, kWhat);
  fields.integer("version", 1, 1);
  SeriesFeatures features;
  features.columns = {.time = fields.text("time"),
                      .target = fields.text("target"),
                      .id = fields.text("id"),
                      .known = fields.distinct_texts("known")};
  features.step = {.date = fields.flag("date"),
                   .months = fields.integer("months", 0, kMostMonths),
                   .month_end = fields.flag("month_end"),
                   .size = fields.positive_number("size")};
  if (features.step.months > 0 && !features.step.date) fields.fail("months", "0 without dates");
  features.date_format = fields.text("date_format");
  features.window = fields.integer("window", 1, kMostSteps);
  features.horizon = fields.integer("horizon", 1, kMostSteps);
  features.gap = fields.integer("gap", 0, kMostSteps);
  features.season = fields.integer("season", 1, kLargestSeason);
  features.window_level = fields.flag("window_level");
  features.ids = fields.distinct_texts("ids");
  if (features.ids.empty() || (features.columns.id.empty() && features.ids.size() > 1))
    fields.fail("ids", "the known series");
  if (!std::is_sorted(features.ids.begin(), features.ids.end())) fields.fail("ids", "in order");
  features.standards = read_standards(fields, "standards", features.ids.size());
  features.known = read_standards(fields, "known_standards", features.columns.known.size());
  if (fields.find("naive_errors") != nullptr)
    features.naive_errors = fields.numbers("naive_errors");
  for (const double error : features.naive_errors)
    if (error < 0) fields.fail("naive_errors", "numbers of at least 0");
  if (!features.naive_errors.empty() && features.naive_errors.size() != features.ids.size())
    fields.fail("naive_errors", "one for each");
  return features;
}

}  // namespace sinapse
