// Losses and their gradients, row by row.
#include <algorithm>
#include <optional>
#include <vector>

#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/loss_formula.h"
#include "cpu/softmax.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kBlock = 64;

// Of several targets, NaN is one that is missing.
bool is_known(float target) {
  return target == target;
}

/// A loss's value or slope with its constants.
struct BoundLoss {
  BoundLoss(LossFunction (*find)(const Loss&), const Node& node) {
    const Loss loss = parse_loss(node.text("formula"));
    function = find(loss);
    std::copy(loss.constants.begin(), loss.constants.end(), constants);
    label_weights.assign(loss.label_weights.begin(), loss.label_weights.end());
  }
  void operator()(const float* p, const float* t, float* result, int64_t n) const {
    function(p, t, constants, result, n);
  }
  /// The same for a row of several targets, or its columns from `first` on, each by its weight.
  void weighted(const float* p, const float* t, float* result, int64_t n, int64_t first) const {
    function(p, t, constants, result, n);
    if (label_weights.empty()) return;
    for (int64_t i = 0; i < n; ++i) result[i] *= label_weights[2 * (first + i) + (t[i] > 0.5f)];
  }

  LossFunction function;
  float constants[kMaxLossConstants] = {};
  std::vector<float> label_weights;
};

// One column: rows are gathered into blocks, so that the formula runs on whole vectors.
void evaluate_column(const BoundLoss& function, const float* p, int64_t p_stride, const float* t,
                     int64_t t_stride, float* result, int64_t rows) {
  float p_block[kBlock], t_block[kBlock];
  for (int64_t begin = 0; begin < rows; begin += kBlock) {
    const int64_t n = std::min(kBlock, rows - begin);
    for (int64_t i = 0; i < n; ++i) p_block[i] = p[(begin + i) * p_stride];
    for (int64_t i = 0; i < n; ++i) t_block[i] = t[(begin + i) * t_stride];
    function(p_block, t_block, result + begin, n);
  }
}

class ElementwiseLoss : public Kernel {
 public:
  ElementwiseLoss(const Node& node, const LowerContext& context)
      : function_(loss_value_function, node),
        p_(context.storage(node.inputs[0])),
        t_(context.storage(node.inputs[1])),
        loss_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (p_.columns == 1) {
      return evaluate_column(function_, run.row(p_, begin), p_.stride, run.row(t_, begin),
                             t_.stride, run.row(loss_, begin), end - begin);
    }
    for (int64_t r = begin; r < end; ++r) *run.row(loss_, r) = mean(run.row(p_, r), run.row(t_, r));
  }

 private:
  float mean(const float* p, const float* t) const {
    float values[kBlock], sum = 0;
    int64_t known = 0;
    for (int64_t begin = 0; begin < p_.columns; begin += kBlock) {
      const int64_t n = std::min(kBlock, p_.columns - begin);
      function_.weighted(p + begin, t + begin, values, n, begin);
      for (int64_t i = 0; i < n; ++i) {
        if (!is_known(t[begin + i])) continue;
        sum += values[i];
        ++known;
      }
    }
    return known > 0 ? sum / static_cast<float>(known) : 0;
  }

  const BoundLoss function_;
  const Storage p_, t_, loss_;
};

class ElementwiseLossGradient : public Kernel {
 public:
  ElementwiseLossGradient(const Node& node, const LowerContext& context)
      : function_(loss_slope_function, node),
        p_(context.storage(node.inputs[0])),
        t_(context.storage(node.inputs[1])),
        weight_(context.storage(node.inputs[2])),
        dp_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (p_.columns == 1) return run_column(run, begin, end);
    for (int64_t r = begin; r < end; ++r) {
      const float* t = run.row(t_, r);
      float* dp = run.row(dp_, r);
      function_.weighted(run.row(p_, r), t, dp, p_.columns, 0);
      const auto known = std::count_if(t, t + p_.columns, is_known);
      const float factor = *run.row(weight_, r) / static_cast<float>(known);
      for (int64_t c = 0; c < p_.columns; ++c) dp[c] = is_known(t[c]) ? dp[c] * factor : 0;
    }
  }

 private:
  void run_column(const Run& run, int64_t begin, int64_t end) const {
    float slopes[kBlock];
    for (int64_t first = begin; first < end; first += kBlock) {
      const int64_t n = std::min(kBlock, end - first);
      evaluate_column(function_, run.row(p_, first), p_.stride, run.row(t_, first), t_.stride,
                      slopes, n);
      for (int64_t i = 0; i < n; ++i) {
        *run.row(dp_, first + i) = slopes[i] * *run.row(weight_, first + i);
      }
    }
  }

  const BoundLoss function_;
  const Storage p_, t_, weight_, dp_;
};

SoftmaxLossConstants softmax_constants(const Node& node) {
  return {static_cast<float>(node.number("label_smoothing")),
          static_cast<float>(node.number("gamma")), static_cast<float>(node.number("alpha"))};
}

/// The loss, or with weights its gradient; the plain cross-entropy has a quicker kernel.
class CrossEntropy : public Kernel {
 public:
  CrossEntropy(const Node& node, const LowerContext& context)
      : constants_(softmax_constants(node)),
        plain_(constants_.label_smoothing == 0 && constants_.gamma == 0 && constants_.alpha == 1),
        logits_(context.storage(node.inputs[0])),
        labels_(context.storage(node.inputs[1])),
        result_(context.storage(node.outputs[0])) {
    if (node.op == &op::softmax_cross_entropy_gradient()) {
      weight_ = context.storage(node.inputs[2]);
    }
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const float *logits = run.row(logits_, begin), *labels = run.row(labels_, begin);
    const float* weights = weight_ ? run.row(*weight_, begin) : nullptr;
    float* gradient = weight_ ? run.row(result_, begin) : nullptr;
    float* loss = weight_ ? nullptr : run.row(result_, begin);
    if (plain_) {
      softmax_cross_entropy_rows(logits, labels, weights, loss, gradient, end - begin,
                                 logits_.columns, logits_.stride);
    } else {
      softmax_loss_rows(logits, labels, weights, loss, gradient, end - begin, logits_.columns,
                        logits_.stride, constants_);
    }
  }

 private:
  const SoftmaxLossConstants constants_;
  const bool plain_;
  const Storage logits_, labels_, result_;
  std::optional<Storage> weight_;
};

bool is_of_rows(const Node& node, const LowerContext& context) {
  return context.graph.shape(node.inputs[0]).size() == 2;
}

// These kernels read labels, weights and losses as neighbours; layouts.cpp sees to it.
bool accepts_cross_entropy(const Node& node, const LowerContext& context) {
  return node.op == &op::softmax_cross_entropy() && is_of_rows(node, context) &&
         context.storage(node.inputs[1]).stride == 1 &&
         context.storage(node.outputs[0]).stride == 1;
}
bool accepts_cross_entropy_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::softmax_cross_entropy_gradient() && is_of_rows(node, context) &&
         context.storage(node.inputs[1]).stride == 1 && context.storage(node.inputs[2]).stride == 1;
}

bool accepts_elementwise(const Node& node, const LowerContext& context) {
  return node.op == &op::elementwise_loss() && context.storage(node.outputs[0]).stride == 1;
}
bool accepts_elementwise_gradient(const Node& node, const LowerContext&) {
  return node.op == &op::elementwise_loss_gradient();
}

}  // namespace

std::span<const KernelRow> loss_kernels() {
  static const KernelRow rows[] = {
      {"element-wise loss", accepts_elementwise, by_rows, make<ElementwiseLoss>},
      {"element-wise loss gradient", accepts_elementwise_gradient, by_rows,
       make<ElementwiseLossGradient>},
      {"cross-entropy", accepts_cross_entropy, by_rows, make<CrossEntropy>},
      {"cross-entropy gradient", accepts_cross_entropy_gradient, by_rows, make<CrossEntropy>},
  };
  return rows;
}

}  // namespace sinapse
