// L-BFGS: Newton's method from a short memory of gradients.
#pragma once

#include <sinapse/optimizer.h>

#include "train/line_search.h"

namespace sinapse {

/// The constants of "lbfgs", which stand in this order in ops/optimizer.cpp.
struct LbfgsOptions {
  explicit LbfgsOptions(const Optimizer& optimizer);

  size_t history;
  bool has_line_search;
  int64_t iterations, evaluations;
  double tolerance_gradient, tolerance_change;
};

/// What is kept from step to step.
struct LbfgsMemory {
  bool has_begun = false;
  double scale = 1;                     // of the first guess of the inverse Hessian
  double step = 0;                      // the last one, along direction
  Numbers direction, gradient;          // of the last iteration
  std::vector<Numbers> moves, changes;  // of weights and gradients, the oldest first
};

/// One step: `options.iterations` iterations from `weights`. Returns the loss before it.
/// Liu, Nocedal 1989; as PyTorch's LBFGS.
double lbfgs_step(const LbfgsOptions& options, double learning_rate,
                  const LossAndGradient& evaluate, Numbers& weights, LbfgsMemory& memory);

}  // namespace sinapse
