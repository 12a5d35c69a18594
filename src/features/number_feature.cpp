#include "features/number_feature.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sinapse {

namespace {

// A float keeps 24 bits of a value: beyond this ratio a thousandth of the deviation is lost.
constexpr double kMaxFloatRatio = 0x1p24 * 1e-3;
constexpr double kLargestSafeFloat = 1e37, kSmallestSafeFloat = 1e-37;

bool needs_double(const Moments& moments) {
  const double largest = std::max(std::abs(moments.smallest()), std::abs(moments.largest()));
  return largest > kMaxFloatRatio * moments.deviation() || largest > kLargestSafeFloat ||
         moments.deviation() < kSmallestSafeFloat;
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

std::optional<NumberFeature> fit_number(const ColumnCells& column, const RowSet& rows,
                                        std::string& remark) {
  Moments moments;
  for (const int64_t row : rows) moments.add(column.number(row));
  const bool some_missing = moments.count() < rows.size();
  if (moments.count() == 0) {
    remark = "every training row lacks it";
    return std::nullopt;
  }
  if (!moments.varies() && !some_missing) {
    remark = fmt::format("every training row has the same value, {}", moments.mean());
    return std::nullopt;
  }
  NumberFeature feature{
      .column = column->name, .mean = moments.mean(), .marks_missing = some_missing};
  feature.varies = moments.varies();
  if (!feature.varies) return feature;
  feature.scale = 1 / moments.deviation();
  feature.wide = needs_double(moments);
  if (!std::isnormal(feature.scale) || !std::isfinite(feature.mean)) {
    remark = fmt::format("its values, {} to {}, leave the range of the arithmetic",
                         moments.smallest(), moments.largest());
    return std::nullopt;
  }
  return feature;
}

}  // namespace sinapse
