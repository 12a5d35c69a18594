#include "onnx/date_nodes.h"

#include <algorithm>
#include <array>
#include <limits>

#include "features/calendar.h"

namespace sinapse {

namespace {

using Names = std::vector<std::string>;

constexpr int64_t kFloat = onnx::TensorProto::FLOAT;
constexpr int64_t kDouble = onnx::TensorProto::DOUBLE;
constexpr int64_t kInt64 = onnx::TensorProto::INT64;

/// Every value is [batch, date columns] if nothing else is said.
class DateNodes {
 public:
  DateNodes(FeatureWork& work, const std::vector<DateFeature>& dates)
      : work_(work), writer_(work.writer), dates_(dates) {}

  std::string append() {
    const std::string seconds = inputs();
    known_ = node("Less", {node("Abs", {seconds}), writer_.double_scalar(kMaxSeconds)});
    const std::string safe = node("Where", {known_, seconds, writer_.double_scalar(0)});
    const std::string parts = node("Concat", all_parts(safe), {{"axis", int64_t{1}}});
    return node("Gather", {parts, writer_.integers(used_parts())}, {{"axis", int64_t{1}}});
  }

 private:
  std::string node(std::string_view type, const Names& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    return writer_.node(type, "features/dates", inputs, attributes);
  }
  std::string cast(const std::string& x, int64_t type) { return node("Cast", {x}, {{"to", type}}); }
  std::string add(const std::string& x, const std::string& y) { return node("Add", {x, y}); }
  std::string subtract(const std::string& x, const std::string& y) { return node("Sub", {x, y}); }
  std::string whole(int64_t value) { return writer_.integers({value}); }
  std::string add(const std::string& x, int64_t y) { return node("Add", {x, whole(y)}); }
  std::string multiply(const std::string& x, int64_t y) { return node("Mul", {x, whole(y)}); }
  std::string divide(const std::string& x, int64_t y) { return node("Div", {x, whole(y)}); }
  std::string if_known(const std::string& x) {
    return node("Where", {known_, x, writer_.scalar(0)});
  }

  // Seconds since 1970 as doubles; NaN where missing or not in the dictionary.
  std::string inputs() {
    Names columns;
    for (const DateFeature& date : dates_)
      columns.push_back(date.has_time ? moment(date) : day(date));
    return columns.size() == 1 ? columns[0] : node("Concat", columns, {{"axis", int64_t{1}}});
  }

  std::string moment(const DateFeature& date) {
    return work_.input(date.column, onnx::TensorProto::DOUBLE,
                       "date and time: seconds since 1970-01-01 00:00 UTC; NaN if missing");
  }

  std::string day(const DateFeature& date) {
    const std::string text = work_.input(date.column, onnx::TensorProto::STRING,
                                         "date in the form " + date.format + "; empty if missing");
    Names texts;
    std::vector<float> days;
    for (auto& [day_text, number] : date.days_by_text()) {
      texts.push_back(std::move(day_text));
      days.push_back(number);
    }
    const OnnxAttribute attributes[] = {{"keys_strings", std::move(texts)},
                                        {"values_floats", std::move(days)},
                                        {"default_float", std::numeric_limits<float>::quiet_NaN()}};
    const std::string number =
        writer_.ml_node("LabelEncoder", "features/" + date.column, {text}, attributes);
    return node("Mul", {cast(number, kDouble), writer_.double_scalar(kSecondsPerDay)});
  }

  // y = (x - mean) * scale, each column with its own; columns that do not want it are not used.
  template <class StandardiserOf>
  std::string standardised(const std::string& name, const std::string& x, StandardiserOf of) {
    std::vector<double> means, scales;
    for (const DateFeature& date : dates_) {
      const Standardiser own = of(date).value_or(Standardiser{});
      means.push_back(own.mean);
      scales.push_back(own.scale);
    }
    const std::string scope = "features/dates/" + name;
    const std::string mean = writer_.table(scope + "_mean", std::span<const double>(means));
    const std::string scale = writer_.table(scope + "_scale", std::span<const double>(scales));
    return if_known(cast(node("Mul", {subtract(x, mean), scale}), kFloat));
  }

  // The steps of calendar_parts(), which see.
  Names all_parts(const std::string& seconds) {
    const std::string shifted =
        add(cast(node("Floor", {seconds}), kInt64), kDaysBeforeEpoch * kSecondsPerDay);
    const std::string days = divide(shifted, kSecondsPerDay);
    const std::string era = divide(days, 146097);
    const std::string day_of_era = subtract(days, multiply(era, 146097));
    const std::string leap_days = add(subtract(divide(day_of_era, 36524), divide(day_of_era, 1460)),
                                      multiply(divide(day_of_era, 146096), -1));
    const std::string year_of_era = divide(add(day_of_era, leap_days), 365);
    const std::string days_before_year =
        subtract(add(multiply(year_of_era, 365), divide(year_of_era, 4)), divide(year_of_era, 100));
    const std::string day_of_year = subtract(day_of_era, days_before_year);
    const std::string month = divide(add(multiply(day_of_year, 5), 2), 153);
    const std::string day_of_month = subtract(day_of_year, divide(add(multiply(month, 153), 2), 5));
    const std::string year = add(add(year_of_era, multiply(era, 400)), divide(month, 10));
    const std::string from_monday = add(days, 2);
    const std::string weekday = subtract(from_monday, multiply(divide(from_monday, 7), 7));
    const std::string minute = divide(subtract(shifted, multiply(days, kSecondsPerDay)), 60);

    Names parts = {
        standardised("elapsed", seconds, [](const DateFeature& date) { return date.elapsed; }),
        standardised("year", cast(year, kDouble),
                     [](const DateFeature& date) { return date.year; }),
        cast(node("Not", {known_}), kFloat)};
    const Names places = {month, day_of_month, weekday, day_of_year, minute, divide(minute, 60)};
    for (int c = 0; c < kNumCycles; ++c) append_cycle(parts, c, places[c]);
    return parts;
  }

  // What a cycle makes of all columns, if one of them wants it: sine and cosine, and the number.
  void append_cycle(Names& parts, int c, const std::string& place) {
    const auto cycle = static_cast<Cycle>(c);
    const auto any = [&](auto wants) { return std::any_of(dates_.begin(), dates_.end(), wants); };
    if (any([&](const DateFeature& date) { return date.cycles[c]; })) {
      circle_part_[c] = parts.size();
      append_circle(parts, cycle, place);
    }
    if (any([&](const DateFeature& date) { return date.counted[c].has_value(); })) {
      const auto& [name, length, shift, part, doc] = info_of(cycle);
      const std::string shifted = add(place, shift);
      const std::string counted = subtract(shifted, multiply(divide(shifted, length), length));
      counted_part_[c] = parts.size();
      parts.push_back(standardised(std::string(name) + " counted", cast(counted, kDouble),
                                   [c](const DateFeature& date) { return date.counted[c]; }));
    }
  }

  void append_circle(Names& parts, Cycle cycle, const std::string& place) {
    const std::string scope = std::string("features/dates/") + info_of(cycle).name;
    for (const bool sine : {true, false}) {
      const auto& values = sine ? sines_of(cycle) : cosines_of(cycle);
      const std::string table =
          writer_.table(scope + (sine ? " sine" : " cosine"), std::span<const float>(values));
      parts.push_back(if_known(node("Gather", {table, place})));
    }
  }

  // Columns of all_parts() in the order of DateFeature::names().
  std::vector<int64_t> used_parts() const {
    const auto num_dates = static_cast<int64_t>(dates_.size());
    std::vector<int64_t> used;
    for (int64_t d = 0; d < num_dates; ++d) {
      const DateFeature& date = dates_[d];
      const auto use = [&](size_t part) {
        used.push_back(static_cast<int64_t>(part) * num_dates + d);
      };
      if (date.elapsed) use(0);
      if (date.year) use(1);
      for (int c = 0; c < kNumCycles; ++c) {
        if (date.counted[c]) use(counted_part_[c]);
        if (!date.cycles[c]) continue;
        use(circle_part_[c]);
        use(circle_part_[c] + 1);
      }
      if (date.marks_missing) use(2);
    }
    return used;
  }

  FeatureWork& work_;
  GraphWriter& writer_;
  const std::vector<DateFeature>& dates_;
  std::string known_;
  std::array<size_t, kNumCycles> circle_part_ = {}, counted_part_ = {};  // places in all_parts()
};

}  // namespace

std::string append_date_nodes(FeatureWork& work, const Features& features) {
  return DateNodes(work, features.dates()).append();
}

}  // namespace sinapse
