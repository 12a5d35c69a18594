// A number column as one or two inputs: the standardised value, and whether it is missing.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "data/column_cells.h"
#include "data/row_set.h"

namespace sinapse {

/// The nearest float; infinity outside its range (where a plain cast is undefined).
inline float to_float(double x) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (std::isnan(x) || std::abs(x) <= std::numeric_limits<float>::max())
    return static_cast<float>(x);
  return x > 0 ? kInfinity : -kInfinity;
}

/// y = (x - mean) * scale with the training rows' mean and 1 / standard deviation; 0, the mean,
/// where x is missing, infinite or so far away that y leaves the range of float.
///
/// The arithmetic is float, in the order of the ONNX operators, so that ONNX Runtime gives the same
/// bits; double up to the last step where float cannot hold the differences between the values.
struct NumberFeature {
  std::string column;
  double mean = 0;
  double scale = 1;
  bool varies = true;          // false: one value only, and just the missing cells tell something
  bool marks_missing = false;  // an input of its own says which cells are missing
  bool wide = false;           // compute in double

  /// y, or NaN where the cell counts as missing.
  float operator()(double x) const {
    const float y = wide ? to_float((x - mean) * scale)
                         : (to_float(x) - static_cast<float>(mean)) * static_cast<float>(scale);
    return std::isfinite(y) ? y : std::numeric_limits<float>::quiet_NaN();
  }

  int64_t width() const { return int64_t{varies} + int64_t{marks_missing}; }
};

/// Learns mean and scale from the rows. Nothing, and the reason in `remark`, if they tell nothing.
std::optional<NumberFeature> fit_number(const ColumnCells& column, const RowSet& rows,
                                        std::string& remark);

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

}  // namespace sinapse
