#include "train/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sinapse {

namespace {

constexpr double kLeastCurvature = 1e-10;  // below, a pair says nothing about the Hessian

void remember_last_move(size_t history, const Numbers& gradient, LbfgsMemory& memory) {
  Numbers move = memory.direction, change = gradient;
  for (double& x : move) x *= memory.step;
  for (size_t i = 0; i < change.size(); ++i) change[i] -= memory.gradient[i];
  const double curvature = dot(change, move);
  if (curvature <= kLeastCurvature) return;
  memory.scale = curvature / dot(change, change);
  if (memory.moves.size() == history) {
    memory.moves.erase(memory.moves.begin());
    memory.changes.erase(memory.changes.begin());
  }
  memory.moves.push_back(std::move(move));
  memory.changes.push_back(std::move(change));
}

void add(Numbers& to, double factor, const Numbers& what) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

// -H gradient, the two loops over the remembered pairs (Nocedal 1980).
Numbers newton_direction(const Numbers& gradient, const LbfgsMemory& memory) {
  Numbers q = gradient;
  for (double& x : q) x = -x;
  const size_t n = memory.moves.size();
  Numbers shares(n), inverse_curvatures(n);
  for (size_t i = n; i-- > 0;) {
    inverse_curvatures[i] = 1 / dot(memory.changes[i], memory.moves[i]);
    shares[i] = dot(memory.moves[i], q) * inverse_curvatures[i];
    add(q, -shares[i], memory.changes[i]);
  }
  for (double& x : q) x *= memory.scale;
  for (size_t i = 0; i < n; ++i) {
    const double back = dot(memory.changes[i], q) * inverse_curvatures[i];
    add(q, shares[i] - back, memory.moves[i]);
  }
  return q;
}

double sum_of_magnitudes(const Numbers& a) {
  double sum = 0;
  for (const double x : a) sum += std::abs(x);
  return sum;
}

}  // namespace

LbfgsOptions::LbfgsOptions(const Optimizer& optimizer) {
  const std::vector<double>& c = optimizer.constants;
  history = static_cast<size_t>(c[0]);
  has_line_search = c[1] != 0;
  iterations = static_cast<int64_t>(c[2]);
  evaluations = c[3] == 0 ? iterations * 5 / 4 : static_cast<int64_t>(c[3]);
  tolerance_gradient = c[4];
  tolerance_change = c[5];
}

double lbfgs_step(const LbfgsOptions& options, double learning_rate,
                  const LossAndGradient& evaluate, Numbers& weights, LbfgsMemory& memory) {
  LinePoint here{.gradient = Numbers(weights.size())};
  here.loss = evaluate(weights, here.gradient);
  const double loss_before = here.loss;
  int64_t evaluations = 1;
  for (int64_t iteration = 1; iteration <= options.iterations; ++iteration) {
    if (largest_magnitude(here.gradient) <= options.tolerance_gradient) break;
    const bool is_first = !std::exchange(memory.has_begun, true);
    if (!is_first) remember_last_move(options.history, here.gradient, memory);
    memory.direction = newton_direction(here.gradient, memory);
    memory.gradient = here.gradient;
    memory.step = is_first ? std::min(1.0, 1 / sum_of_magnitudes(here.gradient)) * learning_rate
                           : learning_rate;
    here.step = 0;
    here.slope = dot(here.gradient, memory.direction);
    if (here.slope > -options.tolerance_change) break;

    const double previous_loss = here.loss;
    if (options.has_line_search) {
      LineSearchResult found = strong_wolfe(evaluate, weights, memory.direction, here, memory.step);
      here = std::move(found.point);
      evaluations += found.evaluations;
      memory.step = here.step;
      add(weights, memory.step, memory.direction);
    } else {
      add(weights, memory.step, memory.direction);
      if (iteration == options.iterations) break;
      here.loss = evaluate(weights, here.gradient);
      ++evaluations;
    }
    const double farthest = largest_magnitude(memory.direction) * std::abs(memory.step);
    if (evaluations >= options.evaluations || farthest <= options.tolerance_change ||
        std::abs(here.loss - previous_loss) < options.tolerance_change) {
      break;
    }
  }
  return loss_before;
}

}  // namespace sinapse
