// What a convolution in blocks of channels does to its sums, in this order: normalisation, addend,
// activation or its mask. Everything may be absent.
#pragma once

#include <cmath>
#include <optional>

#include "compile/fused.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "ops/operators.h"

namespace sinapse {

struct ConvolutionFinish {
  ConvolutionFinish(const Node& node, const LowerContext& context)
      : finish(finish_with(node, has(node, Inputs::saved))) {
    const auto find = [&](size_t input, std::optional<Storage>& storage) {
      if (has(node, input)) storage = context.storage(node.inputs[input]);
    };
    find(Inputs::bias, bias), find(Inputs::scale, scale), find(Inputs::shift, shift);
    find(Inputs::mean, mean), find(Inputs::variance, variance);
    find(Inputs::addend, addend), find(Inputs::saved, saved);
    if (variance) epsilon = static_cast<float>(node.number("epsilon"));
  }

  /// The normalisation as y = sum factor + shift: n factors, then n shifts.
  void prepare_affine(const Run& run, int64_t n, float* affine) const {
    for (int64_t c = 0; c < n; ++c) {
      const float factor = run.data(*scale)[c] / std::sqrt(run.data(*variance)[c] + epsilon);
      affine[c] = factor;
      affine[n + c] = run.data(*shift)[c] - run.data(*mean)[c] * factor;
    }
  }

  std::optional<Storage> bias, scale, shift, mean, variance, addend, saved;
  float epsilon = 0;
  Finish finish;

 private:
  using Inputs = op::FinishedConvInputs;
  static bool has(const Node& node, size_t input) {
    return node.inputs.size() > input && node.inputs[input] != kNoValue;
  }
};

/// Whether the node convolves from what a convolution gives back to what it takes.
inline bool is_transposed_convolution(const Node& node) {
  if (node.op == &op::finished_conv()) return node.integer("transposed") != 0;
  return node.op == &op::conv_transpose();
}

}  // namespace sinapse
