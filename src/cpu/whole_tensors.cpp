// Weights, gradients and states number by number, in whatever layout they stand: every operand of
// one shape has the same one (compile/layouts.cpp). Cut into slices of neighbouring numbers.
#include "cpu/columns.h"
#include "cpu/gradients.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kSliceFloats = 16384;

// How many floats a weight takes; in panels that includes their padding.
int64_t floats_of(ValueId id, const LowerContext& context) {
  const Storage& storage = context.storage(id);
  if (storage.layout == Layout::rows) return storage.columns;
  return panels_of(context.graph.shape(id)).size();
}

/// Calls `work(run, offset, n)` of the derived class for each slice.
class WholeTensorKernel : public Kernel {
 public:
  WholeTensorKernel(const Node& node, const LowerContext& context)
      : first_(context.storage(node.inputs[0])), floats_(floats_of(node.inputs[0], context)) {
    if (node.inputs.size() > 1) second_ = context.storage(node.inputs[1]);
    if (!node.outputs.empty()) result_ = context.storage(node.outputs[0]);
  }

  int64_t num_slices() const override { return (floats_ + kSliceFloats - 1) / kSliceFloats; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t offset = begin * kSliceFloats;
    work(run, offset, std::min(floats_, end * kSliceFloats) - offset);
  }

 protected:
  virtual void work(const Run& run, int64_t offset, int64_t n) const = 0;

  Storage first_, second_, result_;

 private:
  const int64_t floats_;
};

template <Binary kOp>
class Arithmetic : public WholeTensorKernel {
 public:
  Arithmetic(const Node& node, const LowerContext& context)
      : WholeTensorKernel(node, context),
        single_(context.graph.shape(node.inputs[0]) != context.graph.shape(node.inputs[1])) {}

 private:
  void work(const Run& run, int64_t offset, int64_t n) const override {
    const float *a = run.data(first_) + offset, *b = run.data(second_);
    float* y = run.data(result_) + offset;
    if (single_) return functions_.binary_with_number(kOp, a, *b, y, n);
    const auto row = [](const float* p) { return Rows{const_cast<float*>(p), 0}; };
    functions_.binary(kOp, row(a), row(b + offset), {y, 0}, 1, n);
  }

  const bool single_;  // the right side is one number
  const ColumnFunctions& functions_ = column_functions();
};

class PenaltyGradient : public WholeTensorKernel {
 public:
  PenaltyGradient(const Node& node, const LowerContext& context)
      : WholeTensorKernel(node, context),
        l1_(static_cast<float>(node.number("l1"))),
        twice_l2_(static_cast<float>(2 * node.number("l2"))) {}

 private:
  void work(const Run& run, int64_t offset, int64_t n) const override {
    functions_.penalty(run.data(first_) + offset, run.data(second_) + offset,
                       run.data(result_) + offset, n, l1_, twice_l2_);
  }

  const float l1_, twice_l2_;
  const GradientFunctions& functions_ = gradient_functions();
};

class ClipByValue : public WholeTensorKernel {
 public:
  ClipByValue(const Node& node, const LowerContext& context)
      : WholeTensorKernel(node, context), limit_(static_cast<float>(node.number("limit"))) {}

 private:
  void work(const Run& run, int64_t offset, int64_t n) const override {
    functions_.clip(run.data(first_) + offset, run.data(result_) + offset, n, limit_);
  }

  const float limit_;
  const GradientFunctions& functions_ = gradient_functions();
};

class Accumulate : public WholeTensorKernel {
 public:
  using WholeTensorKernel::WholeTensorKernel;

 private:
  void work(const Run& run, int64_t offset, int64_t n) const override {
    float *sum = run.data(first_) + offset, *gradient = run.data(second_) + offset;
    float* total = run.data(result_) + offset;
    if (run.state.begins_update) {
      std::copy_n(gradient, n, total);
    } else {
      functions_.binary(Binary::add, {sum, 0}, {gradient, 0}, {total, 0}, 1, n);
    }
    std::copy_n(total, n, sum);
  }

  const ColumnFunctions& functions_ = column_functions();
};

class Average : public WholeTensorKernel {
 public:
  using WholeTensorKernel::WholeTensorKernel;

 private:
  void work(const Run& run, int64_t offset, int64_t n) const override {
    const auto share = static_cast<float>(run.state.average_share);
    if (share == 0) return;
    functions_.average(run.data(first_) + offset, run.data(second_) + offset, n, share);
  }

  const GradientFunctions& functions_ = gradient_functions();
};

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && !is_batched(context.graph.shape(node.inputs[0]));
}

// The right side is as large as the left one, or a single number.
template <const Operator& (*kOperator)()>
bool accepts_arithmetic(const Node& node, const LowerContext& context) {
  return accepts<kOperator>(node, context) &&
         (context.graph.shape(node.inputs[0]) == context.graph.shape(node.inputs[1]) ||
          context.storage(node.inputs[1]).columns == 1);
}

}  // namespace

std::span<const KernelRow> whole_tensor_kernels() {
  static const KernelRow rows[] = {
      {"whole add", accepts_arithmetic<op::add>, by_slices, make<Arithmetic<Binary::add>>},
      {"whole multiply", accepts_arithmetic<op::multiply>, by_slices,
       make<Arithmetic<Binary::multiply>>},
      {"penalty gradient", accepts<op::penalty_gradient>, by_slices, make<PenaltyGradient>},
      {"clip", accepts<op::clip_by_value>, by_slices, make<ClipByValue>},
      {"accumulate", accepts<op::accumulate>, by_slices, make<Accumulate>},
      {"average", accepts<op::average>, by_slices, make<Average>},
  };
  return rows;
}

}  // namespace sinapse
