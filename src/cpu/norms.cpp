// Norms of gradients and weights: parts of the norm that gradients are clipped by, and constraints
// on the weights of each neuron. A slice is a panel; in plain order a neuron's weights are
// neighbours.
#include <cmath>

#include "cpu/gradients.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/weight_copies.h"
#include "ops/constraint.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

static_assert(op::kSquaredSumRows == kPanelWidth);  // a part of the norm is a panel

class SquaredSums : public Kernel {
 public:
  SquaredSums(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        sums_(context.storage(node.outputs[0])),
        panels_(panels_of(context.graph.shape(node.inputs[0]))),
        block_(x_.columns / context.graph.shape(node.inputs[0])[0] * op::kSquaredSumRows) {}

  int64_t num_slices() const override { return sums_.columns; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t s = begin; s < end; ++s) run.data(sums_)[s] = sum_of(run.data(x_), s);
  }

 private:
  // The padding of a panel holds no numbers of the gradient.
  float sum_of(const float* x, int64_t slice) const {
    if (x_.layout == Layout::rows) {
      const int64_t first = slice * block_;
      return functions_.squared_sum(x + first, 1, std::min(block_, x_.columns - first), 0);
    }
    const int64_t columns = std::min(kPanelWidth, panels_.columns - slice * kPanelWidth);
    return functions_.squared_sum(x + panels_.offset(slice), panels_.depth, columns,
                                  panels_.width(slice));
  }

  const Storage x_, sums_;
  const Panels panels_;
  const int64_t block_;
  const GradientFunctions& functions_ = gradient_functions();
};

class Constrain : public Kernel {
 public:
  Constrain(const Node& node, const LowerContext& context)
      : constraint_(parse_constraint(node.text("constraint"))),
        weight_(context.storage(node.inputs[0])),
        neurons_(context.graph.shape(node.inputs[0])[0]),
        panels_(panels_of(context.graph.shape(node.inputs[0]))),
        copies_(context, node.inputs[0]) {}

  int64_t num_slices() const override {
    return weight_.layout == Layout::panels ? panels_.count() : 1;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (!run.state.ends_update) return;
    if (weight_.layout == Layout::rows) return constrain_rows(run.data(weight_));
    for (int64_t panel = begin; panel < end; ++panel) {
      constrain_panel(run.data(weight_) + panels_.offset(panel), panels_.width(panel));
      copies_.refresh(run, panel);
    }
  }

 private:
  float factor_for(float squares) const {
    const auto epsilon = static_cast<float>(kNormEpsilon);
    const auto limit = static_cast<float>(constraint_.limit);
    const float norm = std::sqrt(squares);
    if (constraint_.kind == ConstraintKind::unit_norm) return 1 / (norm + epsilon);
    return norm > limit ? limit / (norm + epsilon) : 1.0f;
  }

  void constrain_rows(float* weight) const {
    const int64_t n = weight_.columns / neurons_;
    if (constraint_.kind == ConstraintKind::non_negative) {
      return functions_.not_negative(weight, weight_.columns);
    }
    for (int64_t neuron = 0; neuron < neurons_; ++neuron) {
      float* w = weight + neuron * n;
      const float factor = factor_for(functions_.squared_sum(w, 1, n, 0));
      for (int64_t i = 0; i < n; ++i) w[i] *= factor;
    }
  }

  // A neuron is a column of its panel.
  void constrain_panel(float* weight, int64_t width) const {
    if (constraint_.kind == ConstraintKind::non_negative) {
      return functions_.not_negative(weight, width * panels_.depth);
    }
    float factors[kPanelWidth];
    functions_.column_squares(weight, panels_.depth, width, factors);
    for (int64_t c = 0; c < width; ++c) factors[c] = factor_for(factors[c]);
    functions_.scale_columns(weight, panels_.depth, width, factors);
  }

  const Constraint constraint_;
  const Storage weight_;
  const int64_t neurons_;
  const Panels panels_;
  const WeightCopies copies_;
  const GradientFunctions& functions_ = gradient_functions();
};

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && !is_batched(context.graph.shape(node.inputs[0]));
}

}  // namespace

std::span<const KernelRow> norm_kernels() {
  static const KernelRow rows[] = {
      {"squared sums", accepts<op::squared_sums>, by_slices, make<SquaredSums>},
      {"constrain", accepts<op::constrain>, by_slices, make<Constrain>},
  };
  return rows;
}

}  // namespace sinapse
