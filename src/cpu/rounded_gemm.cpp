// Dense layers by products in bf16: forward, and backward to the inputs. The rows of a tile are
// rounded into scratch memory, some at a time, and meet the weight's rounded copy.
#include <algorithm>

#include "compile/fused.h"
#include "compile/pair_panels.h"
#include "cpu/bf16.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kGroupNumbers = 128 * 1024;  // of rounded rows, which stay in the second cache
constexpr int64_t kLeastGroupRows = 32;

// y = a B for the rows of a tile, B being a weight's copy.
class RoundedRows {
 public:
  RoundedRows(const Storage& a, const Storage& weight, const PairPanels& panels, const Storage& y)
      : a_(a), weight_(weight), y_(y), panels_(panels) {}

  int64_t scratch_floats() const { return rows_of_group() * depth() / 2; }

  void multiply(const Run& run, int64_t begin, int64_t end, const float* bias) const {
    for (int64_t r = begin; r < end; r += rows_of_group()) {
      multiply_group(run, r, std::min(end, r + rows_of_group()), bias);
    }
  }

 private:
  int64_t depth() const { return panels_.panels.depth; }
  int64_t rows_of_group() const {
    return std::max(kLeastGroupRows, kGroupNumbers / depth() / kLeastGroupRows * kLeastGroupRows);
  }

  void multiply_group(const Run& run, int64_t begin, int64_t end, const float* bias) const {
    auto* rounded = reinterpret_cast<uint16_t*>(run.scratch);
    for (int64_t r = begin; r < end; ++r) {
      functions_.round(run.row(a_, r), a_.columns, rounded + (r - begin) * depth(), depth());
    }
    Bf16Product product{.a = rounded,
                        .a_stride = depth(),
                        .rows = end - begin,
                        .num_steps = panels_.num_steps(),
                        .c_stride = y_.stride};
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      product.b = reinterpret_cast<const uint16_t*>(run.data(weight_) + panels_.offset(panel));
      product.b_stride = product.columns = panels_.width(panel);
      if (bias) product.bias = bias + panel * kPanelWidth;
      product.c = run.row(y_, begin) + panel * kPanelWidth;
      functions_.multiply(product);
    }
  }

  const Storage a_, weight_, y_;
  const PairPanels panels_;
  const Bf16Functions& functions_ = bf16_functions();
};

bool has_function(const Finish& finish) {
  return finish.separate || finish.epilogue != Epilogue::none;
}

// y = f(x W + bias)
class RoundedForward : public Kernel {
 public:
  RoundedForward(const Node& node, const LowerContext& context)
      : y_(context.storage(node.outputs[0])),
        has_bias_(node.inputs.size() > 2 && node.inputs[2] != kNoValue),
        rows_(context.storage(node.inputs[0]), context.rounded[node.inputs[1]].plain,
              pair_panels_of(context.graph.shape(node.inputs[1])), y_),
        finish_(finish_with(node, /*gradient=*/false)) {
    if (has_bias_) bias_ = context.storage(node.inputs[2]);
  }

  int64_t scratch_floats() const override { return rows_.scratch_floats(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    rows_.multiply(run, begin, end, has_bias_ ? run.data(bias_) : nullptr);
    if (!has_function(finish_)) return;
    for (int64_t r = begin; r < end; ++r) {
      float* y = run.row(y_, r);
      finish_.function.forward(y, y, y_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage y_;
  Storage bias_;
  const bool has_bias_;
  const RoundedRows rows_;
  const Finish finish_;
};

// dx = (dy W^T) f'(saved)
class RoundedBackward : public Kernel {
 public:
  RoundedBackward(const Node& node, const LowerContext& context)
      : dx_(context.storage(node.outputs[0])),
        rows_(context.storage(node.inputs[0]), context.rounded[node.inputs[1]].transposed,
              transposed_pair_panels_of(context.graph.shape(node.inputs[1])), dx_),
        finish_(finish_with(node, /*gradient=*/true)) {
    if (node.inputs.size() > 2) saved_ = context.storage(node.inputs[2]);
  }

  int64_t scratch_floats() const override { return rows_.scratch_floats(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    rows_.multiply(run, begin, end, nullptr);
    if (!has_function(finish_)) return;
    for (int64_t r = begin; r < end; ++r) {
      float* dx = run.row(dx_, r);
      finish_.function.backward(run.row(saved_, r), dx, dx, dx_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage dx_;
  Storage saved_;
  const RoundedRows rows_;
  const Finish finish_;
};

bool accepts_forward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm() || node.op == &op::fused_gemm()) &&
         context.rounded[node.inputs[1]].plain.offset >= 0;
}

bool accepts_backward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient()) &&
         context.rounded[node.inputs[1]].transposed.offset >= 0;
}

}  // namespace

std::span<const KernelRow> rounded_gemm_kernels() {
  static const KernelRow rows[] = {
      {"product in bf16", accepts_forward, by_rows, make<RoundedForward>},
      {"transposed product in bf16", accepts_backward, by_rows, make<RoundedBackward>},
  };
  return rows;
}

}  // namespace sinapse
