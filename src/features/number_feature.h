// A number column as one or two inputs: the scaled value, and whether it is missing.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "data/column_cells.h"
#include "data/rows.h"

namespace sinapse {

struct Scaling;

/// The nearest float; infinity outside its range (where a plain cast is undefined).
inline float to_float(double x) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (std::isnan(x) || std::abs(x) <= std::numeric_limits<float>::max())
    return static_cast<float>(x);
  return x > 0 ? kInfinity : -kInfinity;
}

/// What is done to a number before mean and scale.
enum class Curve : uint8_t {
  none,
  logarithm,  ///< sign(x) log(1 + |x|)
  knots,      ///< along straight lines from knot to knot, constant outside
};
inline constexpr int kNumCurves = 3;

/// y = (curve(x) - mean) * scale, then, if clip > 0, y / sqrt(1 + (y / clip)^2); `fill` where x is
/// missing, infinite or so far away that y leaves the range of float.
///
/// The arithmetic is float, in the order of the ONNX operators, so that ONNX Runtime gives the same
/// bits; double up to the clip where float cannot hold the differences between the values, and
/// along curves.
struct NumberFeature {
  std::string column;
  std::vector<std::string> order;  // texts from low to high, x being the place of the cell; or none
  Curve curve = Curve::none;
  std::vector<double> knots, levels;  // strictly rising; rising
  double mean = 0;
  double scale = 1;
  double clip = 0;  // where y ends, smoothly; 0: nowhere
  double fill = 0;
  bool varies = true;          // false: one value only, and just the missing cells tell something
  bool marks_missing = false;  // an input of its own says which cells are missing
  bool wide = false;           // compute in double

  /// y, or NaN where the cell counts as missing.
  float operator()(double x) const {
    if (curve != Curve::none) x = along_curve(x);
    const float y = wide ? to_float((x - mean) * scale)
                         : (to_float(x) - static_cast<float>(mean)) * static_cast<float>(scale);
    if (!std::isfinite(y)) return std::numeric_limits<float>::quiet_NaN();
    return clip > 0 ? clipped(y) : y;
  }

  int64_t width() const { return int64_t{varies} + int64_t{marks_missing}; }

  double along_curve(double x) const;
  float clipped(float y) const;
};

/// The square of a larger y would leave the range of float; clipped, it is the same as this one.
inline constexpr float kMostBeforeClip = 1e9f;

/// The columns of one group go through the ONNX operators side by side.
struct NumberGroup {
  bool wide;
  Curve curve;
  bool holds(const NumberFeature& feature) const {
    return feature.wide == wide && feature.curve == curve;
  }
};
inline constexpr NumberGroup kNumberGroups[] = {
    {false, Curve::none}, {true, Curve::none}, {true, Curve::logarithm}, {true, Curve::knots}};

/// Learns from the rows how to scale. Nothing, and the reason in `remark`, if they tell nothing.
std::optional<NumberFeature> fit_number(const ColumnCells& column, const Rows& rows,
                                        const Scaling& scaling, std::string& remark);

/// A column of texts, each of which stands for its place in `order`. Throws Error(data) for a text
/// of the training rows that is not in the list, with `location` of the row (Table::location).
std::optional<NumberFeature> fit_ordered(const ColumnCells& column, const Rows& rows,
                                         const std::vector<std::string>& order,
                                         const Scaling& scaling,
                                         const std::function<std::string(int64_t)>& location,
                                         std::string& remark);

/// The place in the list of each of the column's codes, which are shifted by one: entry 0 is for
/// missing cells, NaN as for texts that are not in the list.
std::vector<double> places_in(const std::vector<std::string>& order, const Column& column);

/// Mean and standard deviation (of the population) in double, exact even far from zero (Welford
/// 1962). Not-finite numbers are not counted.
class Moments {
 public:
  void add(double x);

  int64_t count() const { return count_; }
  double mean() const { return mean_; }
  double deviation() const;
  double smallest() const { return smallest_; }
  double largest() const { return largest_; }
  bool varies() const { return smallest_ < largest_; }

 private:
  int64_t count_ = 0;
  double mean_ = 0, squares_ = 0, smallest_ = 0, largest_ = 0;
};

/// The numbers of the training rows, from which a scaling is learned; NaN where a cell is missing.
class NumberSample {
 public:
  using Visit = std::function<void(double)>;
  /// The function shows all numbers, in the order of rows, and is called once for each pass.
  explicit NumberSample(std::function<void(const Visit&)> visit_all);

  const Moments& moments() const { return moments_; }
  Moments moments_along(const std::function<double(double)>& curve) const;
  std::vector<double> sorted() const;  ///< the finite ones, of very many a million at random

 private:
  std::function<void(const Visit&)> visit_all_;
  Moments moments_;
};

}  // namespace sinapse
