// Levenberg-Marquardt: damped Gauss-Newton steps for sums of squares.
#pragma once

#include <sinapse/optimizer.h>
#include <sinapse/team.h>

#include "train/line_search.h"

namespace sinapse {

/// The constants of "levenberg_marquardt", which stand in this order in ops/optimizer.cpp.
struct LevenbergMarquardtOptions {
  explicit LevenbergMarquardtOptions(const Optimizer& optimizer);
  double damping, increase, decrease, max_damping;
};

/// A quadratic model of half the loss around some weights: gradient JᵀWe and Hessian JᵀWJ, of
/// which the upper triangle is kept, row by row.
struct NormalEquations {
  Numbers gradient;  // [weights]
  Numbers hessian;   // [weights, weights]

  explicit NormalEquations(size_t num_weights)
      : gradient(num_weights), hessian(num_weights * num_weights) {}

  /// Adds rows of the Jacobian, [rows, weights], with the error e and the weight of each row. The
  /// order of each sum is that of the rows, whatever the team.
  void add_rows(const Numbers& jacobian, const Numbers& errors, const Numbers& row_weights,
                Team& team);
};

/// The two views of a problem that the method asks for.
struct LeastSquares {
  std::function<double(const Numbers& weights)> loss;
  std::function<NormalEquations(const Numbers& weights)> linearise;
};

/// One step: solves (JᵀWJ + damping I) d = JᵀWe and moves the weights by -d if that lowers the
/// loss; the damping falls after a success, and rises until there is one or it has reached its
/// maximum. Levenberg 1944, Marquardt 1963; for networks: Hagan, Menhaj 1994.
void levenberg_marquardt_step(const LevenbergMarquardtOptions& options, const LeastSquares& problem,
                              Numbers& weights, double& damping);

}  // namespace sinapse
