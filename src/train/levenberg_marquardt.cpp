#include "train/levenberg_marquardt.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sinapse {

namespace {

constexpr int64_t kRowsOfItem = 8;  // of the Hessian, that one thread adds to at a time
constexpr double kLeastDamping = 1e-20;

// U with UᵀU = hessian + damping I, or nothing if rounding has left it not positive.
std::optional<Numbers> cholesky(const NormalEquations& equations, double damping) {
  const size_t n = equations.gradient.size();
  Numbers upper = equations.hessian;
  for (size_t i = 0; i < n; ++i) {
    double* const row = &upper[i * n];
    row[i] += damping;
    for (size_t k = 0; k < i; ++k) {
      const double* const above = &upper[k * n];
      const double factor = above[i];
      for (size_t j = i; j < n; ++j) row[j] -= factor * above[j];
    }
    if (!(row[i] > 0) || !std::isfinite(row[i])) return std::nullopt;
    const double root = std::sqrt(row[i]);
    for (size_t j = i; j < n; ++j) row[j] /= root;
  }
  return upper;
}

// x with UᵀU x = b: forwards, then backwards.
Numbers solve(const Numbers& upper, Numbers x) {
  const size_t n = x.size();
  for (size_t i = 0; i < n; ++i) {
    x[i] /= upper[i * n + i];
    for (size_t j = i + 1; j < n; ++j) x[j] -= upper[i * n + j] * x[i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t j = i + 1; j < n; ++j) x[i] -= upper[i * n + j] * x[j];
    x[i] /= upper[i * n + i];
  }
  return x;
}

}  // namespace

LevenbergMarquardtOptions::LevenbergMarquardtOptions(const Optimizer& optimizer)
    : damping(optimizer.constants[0]),
      increase(optimizer.constants[1]),
      decrease(optimizer.constants[2]),
      max_damping(optimizer.constants[3]) {}

void NormalEquations::add_rows(const Numbers& jacobian, const Numbers& errors,
                               const Numbers& row_weights, Team& team) {
  const auto n = static_cast<int64_t>(gradient.size());
  const auto rows = static_cast<int64_t>(errors.size());
  team.run((n + kRowsOfItem - 1) / kRowsOfItem, [&](int64_t item, int) {
    for (int64_t i = item * kRowsOfItem; i < std::min(n, (item + 1) * kRowsOfItem); ++i) {
      double* const to = &hessian[i * n];
      for (int64_t r = 0; r < rows; ++r) {
        const double* const row = &jacobian[r * n];
        const double factor = row_weights[r] * row[i];
        gradient[i] += factor * errors[r];
        for (int64_t j = i; j < n; ++j) to[j] += factor * row[j];
      }
    }
  });
}

void levenberg_marquardt_step(const LevenbergMarquardtOptions& options, const LeastSquares& problem,
                              Numbers& weights, double& damping) {
  const double loss = problem.loss(weights);
  const NormalEquations equations = problem.linearise(weights);
  for (;; damping *= options.increase) {
    damping = std::min(damping, options.max_damping);
    if (const auto upper = cholesky(equations, damping)) {
      const Numbers move = solve(*upper, equations.gradient);
      Numbers moved = weights;
      for (size_t i = 0; i < moved.size(); ++i) moved[i] -= move[i];
      if (problem.loss(moved) < loss) {
        weights = std::move(moved);
        damping = std::max(damping * options.decrease, kLeastDamping);
        return;
      }
    }
    if (damping >= options.max_damping) return;
  }
}

}  // namespace sinapse
