// From numbers to places on an axis, and the round numbers written along it.
#pragma once

#include <string>
#include <vector>

namespace sinapse {

struct Range {
  double low = 0, high = 1;

  /// Widened, if need be, to hold a finite number.
  void include(double value);
  static Range nothing();
  bool empty() const { return !(low <= high); }
};

struct Tick {
  double value = 0;
  std::string label;
};

/// An axis: which numbers it shows, and where.
class Scale {
 public:
  /// `from` and `to` are pixels. A range of one number is widened. On a logarithmic scale numbers
  /// must be positive.
  Scale(Range range, double from, double to, bool logarithmic = false);

  double place(double value) const;
  /// Round numbers within the range, about `count` of them; whole ones if `whole`.
  std::vector<Tick> ticks(int count, bool whole = false) const;
  Range range() const { return range_; }

 private:
  Range range_;
  double from_, to_;
  bool logarithmic_;
};

/// Whether an axis can show a number: finite, and not so large that differences overflow.
bool can_place(double value);

/// Low and high moved outwards to round numbers.
Range rounded(Range range, int count);

/// A number as people write it: "0.25", "1,200", "3.1e-07".
std::string readable(double value);

}  // namespace sinapse
