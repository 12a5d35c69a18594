#include "features/number_feature.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "data/philox.h"
#include "features/scaling.h"

namespace sinapse {

namespace {

// A float keeps 24 bits of a value: beyond this ratio a thousandth of the deviation is lost.
// Quantiles are those of so many values at most, which fixes them to a thousandth of the rows.
constexpr int64_t kMostSorted = int64_t{1} << 20;
constexpr double kMaxFloatRatio = 0x1p24 * 1e-3;
constexpr double kLargestSafeFloat = 1e37, kSmallestSafeFloat = 1e-37;

bool needs_double(const Moments& moments) {
  const double largest = std::max(std::abs(moments.smallest()), std::abs(moments.largest()));
  return largest > kMaxFloatRatio * moments.deviation() || largest > kLargestSafeFloat ||
         moments.deviation() < kSmallestSafeFloat;
}

bool is_usable(const NumberFeature& feature) {
  return std::isnormal(feature.scale) && std::isfinite(feature.mean) &&
         std::isfinite(feature.fill) && std::abs(feature.fill) < kLargestSafeFloat;
}

std::optional<NumberFeature> fit(const std::string& name, const NumberSample& sample,
                                 int64_t num_rows, const Scaling& scaling, std::string& remark) {
  const Moments& moments = sample.moments();
  const bool some_missing = moments.count() < num_rows;
  if (moments.count() == 0) {
    remark = "every training row lacks it";
    return std::nullopt;
  }
  if (!moments.varies() && !some_missing) {
    remark = fmt::format("every training row has the same value, {}", moments.mean());
    return std::nullopt;
  }
  NumberFeature feature{.column = name, .mean = moments.mean(), .marks_missing = some_missing};
  feature.varies = moments.varies();
  if (!feature.varies) return feature;
  feature.scale = 0;
  if (std::isfinite(moments.deviation()) && std::isfinite(moments.mean())) {
    feature.wide = needs_double(moments);
    scaling.definition->fit(feature, sample, scaling.constants);
    feature.wide = feature.wide || feature.curve != Curve::none;
  }
  if (!is_usable(feature)) {
    remark = fmt::format("its values, {} to {}, leave the range of the arithmetic",
                         moments.smallest(), moments.largest());
    return std::nullopt;
  }
  return feature;
}

}  // namespace

void Moments::add(double x) {
  if (!std::isfinite(x)) return;
  smallest_ = count_ == 0 ? x : std::min(smallest_, x);
  largest_ = count_ == 0 ? x : std::max(largest_, x);
  const double before = x - mean_;
  mean_ += before / static_cast<double>(++count_);
  squares_ += before * (x - mean_);
}

double Moments::deviation() const {
  return count_ > 0 ? std::sqrt(squares_ / static_cast<double>(count_)) : 0;
}

double NumberFeature::along_curve(double x) const {
  if (curve == Curve::logarithm) return std::copysign(std::log(1 + std::abs(x)), x);
  if (!std::isfinite(x)) return std::numeric_limits<double>::quiet_NaN();
  const auto after = std::upper_bound(knots.begin(), knots.end(), x);
  if (after == knots.begin()) return levels.front();
  if (after == knots.end()) return levels.back();
  const auto k = after - knots.begin();
  const double share = (x - knots[k - 1]) / (knots[k] - knots[k - 1]);
  return levels[k - 1] + share * (levels[k] - levels[k - 1]);
}

float NumberFeature::clipped(float y) const {
  y = std::clamp(y, -kMostBeforeClip, kMostBeforeClip);
  const float share = y * static_cast<float>(1 / clip);
  return y / std::sqrt(1 + share * share);
}

NumberSample::NumberSample(std::function<void(const Visit&)> visit_all)
    : visit_all_(std::move(visit_all)) {
  moments_ = moments_along([](double x) { return x; });
}

Moments NumberSample::moments_along(const std::function<double(double)>& curve) const {
  Moments moments;
  visit_all_([&](double x) { moments.add(curve(x)); });
  return moments;
}

std::vector<double> NumberSample::sorted() const {
  const int64_t step = (moments_.count() + kMostSorted - 1) / kMostSorted;
  const RandomStream random(0, purpose_of("values to sort"), 0);
  std::vector<double> values;
  values.reserve(std::min(moments_.count(), kMostSorted));
  int64_t place = 0, chosen = 0;  // among `step` values
  visit_all_([&](double x) {
    if (!std::isfinite(x)) return;
    if (place == 0 && step > 1) chosen = random.bits(values.size()) % step;
    if (place == chosen) values.push_back(x);
    place = place + 1 < step ? place + 1 : 0;
  });
  std::sort(values.begin(), values.end());
  return values;
}

std::optional<NumberFeature> fit_number(const ColumnCells& column, const Rows& rows,
                                        const Scaling& scaling, std::string& remark) {
  const NumberSample sample([&](const NumberSample::Visit& visit) {
    for (const int64_t row : rows) visit(column.number(row));
  });
  return fit(column->name, sample, rows.size(), scaling, remark);
}

std::vector<double> places_in(const std::vector<std::string>& order, const Column& column) {
  std::unordered_map<std::string_view, double> known;
  for (const std::string& text : order) known.emplace(text, static_cast<double>(known.size()));
  std::vector<double> places = {std::nan("")};
  for (const std::string& text : column.categories) {
    const auto found = known.find(text);
    places.push_back(found == known.end() ? std::nan("") : found->second);
  }
  return places;
}

std::optional<NumberFeature> fit_ordered(const ColumnCells& column, const Rows& rows,
                                         const std::vector<std::string>& order,
                                         const Scaling& scaling,
                                         const std::function<std::string(int64_t)>& location,
                                         std::string& remark) {
  const std::vector<double> places = places_in(order, column.column());
  for (const int64_t row : rows) {
    const int32_t code = column.code(row);
    if (code < 0 || !std::isnan(places[code + 1])) continue;
    const std::string& text = column->categories[code];
    throw Error(ErrorCode::data,
                fmt::format("{}: column \"{}\" has the text \"{}\", which its declaration ordered "
                            "does not name.{}",
                            location(row), column->name, text, did_you_mean(text, order)));
  }
  const NumberSample sample([&](const NumberSample::Visit& visit) {
    for (const int64_t row : rows) visit(places[column.code(row) + 1]);
  });
  auto feature = fit(column->name, sample, rows.size(), scaling, remark);
  if (feature) feature->order = order;
  return feature;
}

}  // namespace sinapse
