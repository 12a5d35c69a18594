// Dense layers by panel products: forward, and backward to the inputs.
#include "compile/fused.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// y = f(x W + bias) for the rows of a tile.
class ForwardProduct : public Kernel {
 public:
  ForwardProduct(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        has_bias_(node.inputs.size() > 2 && node.inputs[2] != kNoValue),
        panels_{.depth = x_.columns, .columns = y_.columns},
        finish_(finish_with(node, false)) {
    if (has_bias_) bias_ = context.storage(node.inputs[2]);
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    Product product{.a = run.row(x_, begin),
                    .a_row_stride = x_.stride,
                    .a_depth_stride = 1,
                    .rows = end - begin,
                    .depth = panels_.depth,
                    .c_stride = y_.stride,
                    .epilogue = finish_.epilogue};
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      product.b = run.data(weight_) + panels_.offset(panel);
      product.b_stride = product.columns = panels_.width(panel);
      if (has_bias_) product.bias = run.data(bias_) + panel * kPanelWidth;
      product.c = run.row(y_, begin) + panel * kPanelWidth;
      multiply_(product);
    }
    if (!finish_.separate) return;
    for (int64_t r = begin; r < end; ++r) {
      float* y = run.row(y_, r);
      finish_.function.forward(y, y, y_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage x_, weight_, y_;
  Storage bias_;
  const bool has_bias_;
  const Panels panels_;
  const Finish finish_;
  const ProductFunction multiply_ = product_function();
};

// dx = (dy W^T) f'(saved) for the rows of a tile, with the transposed copy of W.
class BackwardProduct : public Kernel {
 public:
  BackwardProduct(const Node& node, const LowerContext& context)
      : dy_(context.storage(node.inputs[0])),
        weight_(context.transposed[node.inputs[1]]),
        dx_(context.storage(node.outputs[0])),
        panels_{.depth = dy_.columns, .columns = dx_.columns},
        finish_(finish_with(node, true)) {
    if (node.inputs.size() > 2) saved_ = context.storage(node.inputs[2]);
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    Product product{.a = run.row(dy_, begin),
                    .a_row_stride = dy_.stride,
                    .a_depth_stride = 1,
                    .rows = end - begin,
                    .depth = panels_.depth,
                    .c_stride = dx_.stride,
                    .epilogue = finish_.epilogue,
                    .saved_stride = saved_.stride};
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      product.b = run.data(weight_) + panels_.offset(panel);
      product.b_stride = product.columns = panels_.width(panel);
      product.c = run.row(dx_, begin) + panel * kPanelWidth;
      if (finish_.epilogue == Epilogue::relu_mask) {
        product.saved = run.row(saved_, begin) + panel * kPanelWidth;
      }
      multiply_(product);
    }
    if (!finish_.separate) return;
    for (int64_t r = begin; r < end; ++r) {
      float* dx = run.row(dx_, r);
      finish_.function.backward(run.row(saved_, r), dx, dx, dx_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage dy_, weight_, dx_;
  Storage saved_;
  const Panels panels_;
  const Finish finish_;
  const ProductFunction multiply_ = product_function();
};

bool weight_in_panels(const Node& node, const LowerContext& context) {
  return context.storage(node.inputs[1]).layout == Layout::panels;
}

bool accepts_forward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm() || node.op == &op::fused_gemm()) &&
         weight_in_panels(node, context);
}

bool accepts_backward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient()) &&
         weight_in_panels(node, context);
}

}  // namespace

std::span<const KernelRow> gemm_kernels() {
  static const KernelRow rows[] = {
      {"panel product", accepts_forward, by_rows, make<ForwardProduct>},
      {"transposed panel product", accepts_backward, by_rows, make<BackwardProduct>},
  };
  return rows;
}

}  // namespace sinapse
