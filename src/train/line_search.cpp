#include "train/line_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sinapse {

namespace {

constexpr double kSufficientDecrease = 1e-4, kCurvature = 0.9;  // c1, c2
constexpr double kShortestMove = 1e-9;                          // of any weight
constexpr int kMostEvaluations = 25;

// The minimum of the cubic through losses and slopes of both points, kept within the bounds.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double lower, double upper) {
  const double middle = (lower + upper) / 2;
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return middle;
  const double d2 = std::sqrt(square);
  const LinePoint &left = a.step <= b.step ? a : b, &right = a.step <= b.step ? b : a;
  const double minimum =
      right.step -
      (right.step - left.step) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::isfinite(minimum) ? std::clamp(minimum, lower, upper) : middle;
}

class StrongWolfe {
 public:
  StrongWolfe(const LossAndGradient& evaluate, const Numbers& start, const Numbers& direction,
              const LinePoint& at_start)
      : evaluate_(evaluate), start_(start), direction_(direction), at_start_(at_start) {}

  LineSearchResult run(double first_step) {
    bracket(first_step);
    while (!found_ && evaluations_ <= kMostEvaluations && is_worth_shrinking()) shrink();
    return {std::move(low_), evaluations_};
  }

 private:
  LinePoint at(double step) {
    ++evaluations_;
    Numbers weights(start_.size());
    for (size_t i = 0; i < weights.size(); ++i) weights[i] = start_[i] + step * direction_[i];
    LinePoint point{.step = step, .gradient = Numbers(start_.size())};
    point.loss = evaluate_(weights, point.gradient);
    if (!std::isfinite(point.loss)) point.loss = std::numeric_limits<double>::infinity();
    point.slope = dot(point.gradient, direction_);
    return point;
  }

  bool is_too_high(const LinePoint& point) const {
    return point.loss > at_start_.loss + kSufficientDecrease * point.step * at_start_.slope;
  }
  bool is_flat(const LinePoint& point) const {
    return std::abs(point.slope) <= -kCurvature * at_start_.slope;
  }

  // Goes on until a point satisfies both conditions or the minimum lies between two points.
  void bracket(double first_step) {
    LinePoint previous = at_start_, point = at(first_step);
    for (int grown = 0; grown < kMostEvaluations; ++grown) {
      const bool has_risen = grown > 1 && point.loss >= previous.loss;
      if (is_too_high(point) || has_risen) return keep(std::move(previous), std::move(point));
      if (is_flat(point)) {
        found_ = true;
        low_ = std::move(point);
        return;
      }
      if (point.slope >= 0) return keep(std::move(previous), std::move(point));
      const double step = cubic_minimum(
          previous, point, point.step + 0.01 * (point.step - previous.step), point.step * 10);
      previous = std::exchange(point, at(step));
    }
    keep(at_start_, std::move(point));
  }

  void keep(LinePoint a, LinePoint b) {
    low_ = std::move(a);
    high_ = std::move(b);
    if (low_.loss > high_.loss) std::swap(low_, high_);
  }

  bool is_worth_shrinking() const {
    return std::abs(high_.step - low_.step) * largest_magnitude(direction_) >= kShortestMove;
  }

  // A point close to the border twice in a row is moved inwards, or the bracket would hardly
  // shrink.
  double next_step() {
    const double lower = std::min(low_.step, high_.step), upper = std::max(low_.step, high_.step);
    const double margin = 0.1 * (upper - lower);
    const double step = cubic_minimum(low_, high_, lower, upper);
    const bool is_close = std::min(upper - step, step - lower) < margin;
    const bool moves = is_close && (was_close_ || step >= upper || step <= lower);
    was_close_ = is_close && !moves;
    if (!moves) return step;
    return std::abs(step - upper) < std::abs(step - lower) ? upper - margin : lower + margin;
  }

  void shrink() {
    LinePoint point = at(next_step());
    if (is_too_high(point) || point.loss >= low_.loss) {
      high_ = std::move(point);
      if (low_.loss > high_.loss) std::swap(low_, high_);
      return;
    }
    if (is_flat(point)) {
      found_ = true;
    } else if (point.slope * (high_.step - low_.step) >= 0) {
      high_ = std::move(low_);
    }
    low_ = std::move(point);
  }

  const LossAndGradient& evaluate_;
  const Numbers &start_, &direction_;
  const LinePoint& at_start_;
  LinePoint low_, high_;  // low_ has the lower loss
  bool found_ = false, was_close_ = false;
  int evaluations_ = 0;
};

}  // namespace

double dot(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest_magnitude(const Numbers& a) {
  double largest = 0;
  for (const double x : a) largest = std::max(largest, std::abs(x));
  return largest;
}

LineSearchResult strong_wolfe(const LossAndGradient& evaluate, const Numbers& start,
                              const Numbers& direction, const LinePoint& at_start,
                              double first_step) {
  return StrongWolfe(evaluate, start, direction, at_start).run(first_step);
}

}  // namespace sinapse
