// A weight with its moments, and their update.
#pragma once

#include <utility>
#include <vector>

#include <sinapse/optimizer.h>

#include "compile/kernel.h"
#include "cpu/update.h"

namespace sinapse {

// Where a tensor and its moments stand.
struct Trained {
  Storage weight;
  std::vector<Storage> moments;

  void update(UpdateFunction function, const Run& run, int64_t offset, int64_t n,
              const float* gradient) const {
    float* addresses[kMaxMoments] = {};
    for (size_t m = 0; m < moments.size(); ++m) addresses[m] = run.data(moments[m]) + offset;
    function(run.data(weight) + offset, gradient, addresses, n, run.scalars);
  }
};

inline UpdateFunction function_of(const Node& node) {
  return update_function(parse_optimizer(node.text("optimizer")));
}

/// Weight and bias of a GemmUpdate; without a bias the second one is empty.
inline std::pair<Trained, Trained> trained_by_gemm_update(const Node& node,
                                                          const LowerContext& context) {
  const bool has_bias = node.inputs[1] != kNoValue;
  const size_t num_moments = (node.inputs.size() - 4) / (has_bias ? 2 : 1);
  Trained weight{context.storage(node.inputs[0]), {}}, bias;
  if (has_bias) bias.weight = context.storage(node.inputs[1]);
  for (size_t m = 0; m < num_moments; ++m) {
    weight.moments.push_back(context.storage(node.inputs[4 + m]));
    if (has_bias) bias.moments.push_back(context.storage(node.inputs[4 + num_moments + m]));
  }
  return {weight, bias};
}

}  // namespace sinapse
