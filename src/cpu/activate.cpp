// Activations that stand alone, softmax among them.
#include "cpu/activation.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/softmax.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<float> constants_of(const Activation& activation) {
  return {activation.constants.begin(), activation.constants.end()};
}

class Activate : public Kernel {
 public:
  Activate(const Node& node, const LowerContext& context)
      : activation_(parse_activation(node.text("function"))),
        x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      kernels_.forward(run.row(x_, r), run.row(y_, r), y_.columns, constants_.data());
    }
  }

 private:
  const Activation activation_;
  const ActivationKernels kernels_ = activation_kernels(activation_);
  const std::vector<float> constants_ = constants_of(activation_);
  const Storage x_, y_;
};

class ActivateGradient : public Kernel {
 public:
  ActivateGradient(const Node& node, const LowerContext& context)
      : activation_(parse_activation(node.text("function"))),
        saved_(context.storage(node.inputs[kernels_.saves_output ? 1 : 0])),
        dy_(context.storage(node.inputs[2])),
        dx_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      kernels_.backward(run.row(saved_, r), run.row(dy_, r), run.row(dx_, r), dx_.columns,
                        constants_.data());
    }
  }

 private:
  const Activation activation_;
  const ActivationKernels kernels_ = activation_kernels(activation_);
  const std::vector<float> constants_ = constants_of(activation_);
  const Storage saved_, dy_, dx_;  // after kernels_, which says what is saved
};

using RowsFunction = void (*)(const float*, float*, size_t, size_t, size_t, size_t);
using RowsGradient = void (*)(const float*, const float*, float*, size_t, size_t, size_t, size_t,
                              size_t);

template <RowsFunction kFunction>
class SoftmaxKernel : public Kernel {
 public:
  SoftmaxKernel(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])), y_(context.storage(node.outputs[0])) {}
  void run(const Run& run, int64_t begin, int64_t end) const override {
    kFunction(run.row(x_, begin), run.row(y_, begin), end - begin, y_.columns, x_.stride,
              y_.stride);
  }

 private:
  const Storage x_, y_;
};

template <RowsGradient kFunction>
class SoftmaxGradientKernel : public Kernel {
 public:
  SoftmaxGradientKernel(const Node& node, const LowerContext& context)
      : y_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        dx_(context.storage(node.outputs[0])) {}
  void run(const Run& run, int64_t begin, int64_t end) const override {
    kFunction(run.row(y_, begin), run.row(dy_, begin), run.row(dx_, begin), end - begin,
              dx_.columns, y_.stride, dy_.stride, dx_.stride);
  }

 private:
  const Storage y_, dy_, dx_;
};

// Tiles of rows: what has no rows, such as a function of a parameter, is not for these kernels.
template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && is_batched(context.graph.shape(node.outputs[0]));
}
// Softmax runs over the last axis; the kernels take a whole row as one vector.
template <const Operator& (*kOperator)()>
bool accepts_vectors(const Node& node, const LowerContext& context) {
  return accepts<kOperator>(node, context) && context.graph.shape(node.outputs[0]).size() == 2;
}

}  // namespace

std::span<const KernelRow> activation_kernel_rows() {
  static const KernelRow rows[] = {
      {"activation", accepts<op::activate>, by_rows, make<Activate>},
      {"activation gradient", accepts<op::activate_gradient>, by_rows, make<ActivateGradient>},
      {"softmax", accepts_vectors<op::softmax>, by_rows, make<SoftmaxKernel<softmax_rows>>},
      {"log softmax", accepts_vectors<op::log_softmax>, by_rows,
       make<SoftmaxKernel<log_softmax_rows>>},
      {"softmax gradient", accepts_vectors<op::softmax_gradient>, by_rows,
       make<SoftmaxGradientKernel<softmax_rows_backward>>},
      {"log softmax gradient", accepts_vectors<op::log_softmax_gradient>, by_rows,
       make<SoftmaxGradientKernel<log_softmax_rows_backward>>},
  };
  return rows;
}

}  // namespace sinapse
