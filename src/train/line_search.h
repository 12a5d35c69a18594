// How far to go along a direction.
#pragma once

#include <functional>
#include <vector>

namespace sinapse {

using Numbers = std::vector<double>;

/// The loss at these weights; its gradient goes to the second argument.
using LossAndGradient = std::function<double(const Numbers& weights, Numbers& gradient)>;

double dot(const Numbers& a, const Numbers& b);
double largest_magnitude(const Numbers& a);

/// Where a line search stands or ends, `step` directions away from its start.
struct LinePoint {
  double step = 0;
  double loss = 0;
  Numbers gradient;
  double slope = 0;  // gradient · direction
};

struct LineSearchResult {
  LinePoint point;
  int evaluations = 0;
};

/// Finds a step that satisfies the strong Wolfe conditions with c1 = 1e-4 and c2 = 0.9: a bracket
/// grows from `first_step`, then shrinks by cubic interpolation; the lowest point after 25
/// evaluations is taken if none satisfies them. A loss that is not finite counts as infinite.
/// Nocedal, Wright 2006, algorithms 3.5 and 3.6; the steps are those of PyTorch.
LineSearchResult strong_wolfe(const LossAndGradient& evaluate, const Numbers& start,
                              const Numbers& direction, const LinePoint& at_start,
                              double first_step);

}  // namespace sinapse
