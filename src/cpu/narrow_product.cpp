// Dense layers with few outputs: forward, backward to the inputs, gradient and update.
#include <tuple>

#include "compile/fused.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/narrow.h"
#include "cpu/trained.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

Rows rows_of(const Run& run, const Storage& storage, int64_t row) {
  return {run.row(storage, row), storage.stride};
}

// y = f(x w^T + bias) for the rows of a tile.
class NarrowForward : public Kernel {
 public:
  NarrowForward(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        has_bias_(node.inputs.size() > 2 && node.inputs[2] != kNoValue),
        finish_(finish_with(node, false)) {
    if (has_bias_) bias_ = context.storage(node.inputs[2]);
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const float* bias = has_bias_ ? run.data(bias_) : nullptr;
    functions_.forward(rows_of(run, x_, begin), run.data(weight_), bias, rows_of(run, y_, begin),
                       end - begin, x_.columns, y_.columns);
    if (!finish_.separate && finish_.epilogue == Epilogue::none) return;
    for (int64_t r = begin; r < end; ++r) {
      float* y = run.row(y_, r);
      finish_.function.forward(y, y, y_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage x_, weight_, y_;
  Storage bias_;
  const bool has_bias_;
  const Finish finish_;
  const NarrowFunctions& functions_ = narrow_functions();
};

// dx = (dy w) f'(saved) for the rows of a tile.
class NarrowBackward : public Kernel {
 public:
  NarrowBackward(const Node& node, const LowerContext& context)
      : dy_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        dx_(context.storage(node.outputs[0])),
        finish_(finish_with(node, true)) {
    if (node.inputs.size() > 2) saved_ = context.storage(node.inputs[2]);
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const bool mask = finish_.epilogue == Epilogue::relu_mask;
    functions_.backward(rows_of(run, dy_, begin), run.data(weight_),
                        mask ? rows_of(run, saved_, begin) : Rows{}, rows_of(run, dx_, begin),
                        end - begin, dx_.columns, dy_.columns);
    if (!finish_.separate) return;
    for (int64_t r = begin; r < end; ++r) {
      float* dx = run.row(dx_, r);
      finish_.function.backward(run.row(saved_, r), dx, dx, dx_.columns, finish_.constants.data());
    }
  }

 private:
  const Storage dy_, weight_, dx_;
  Storage saved_;
  const Finish finish_;
  const NarrowFunctions& functions_ = narrow_functions();
};

// Gradients over the whole batch. The bias is the weight of a constant 1.
class NarrowGradients {
 public:
  NarrowGradients(const Storage& x, const Storage& dy) : x_(x), dy_(dy) {}

  int64_t size() const { return x_.columns * dy_.columns; }
  int64_t outputs() const { return dy_.columns; }

  void weights(const Run& run, float* gradient) const {
    functions_.weight_gradient(rows_of(run, x_, 0), rows_of(run, dy_, 0), gradient, run.rows,
                               x_.columns, dy_.columns);
  }

  void bias(const Run& run, float* gradient) const {
    for (int64_t n = 0; n < dy_.columns; ++n) {
      float sum = 0;
      for (int64_t r = 0; r < run.rows; ++r) sum += run.row(dy_, r)[n];
      gradient[n] = sum;
    }
  }

 private:
  const Storage x_, dy_;
  const NarrowFunctions& functions_ = narrow_functions();
};

class NarrowWeightGradient : public Kernel {
 public:
  NarrowWeightGradient(const Node& node, const LowerContext& context)
      : gradients_(context.storage(node.inputs[0]), context.storage(node.inputs[1])),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  void run(const Run& run, int64_t, int64_t) const override {
    gradients_.weights(run, run.data(dweight_));
    if (dbias_.offset >= 0) gradients_.bias(run, run.data(dbias_));
  }

 private:
  const NarrowGradients gradients_;
  const Storage dweight_, dbias_;
};

class NarrowGradientAndUpdate : public Kernel {
 public:
  NarrowGradientAndUpdate(const Node& node, const LowerContext& context)
      : gradients_(context.storage(node.inputs[2]), context.storage(node.inputs[3])),
        has_bias_(node.inputs[1] != kNoValue),
        update_(function_of(node)) {
    std::tie(weight_, bias_) = trained_by_gemm_update(node, context);
  }

  int64_t scratch_floats() const override { return gradients_.size(); }

  void run(const Run& run, int64_t, int64_t) const override {
    gradients_.weights(run, run.scratch);
    weight_.update(update_, run, 0, gradients_.size(), run.scratch);
    if (!has_bias_) return;
    gradients_.bias(run, run.scratch);
    bias_.update(update_, run, 0, gradients_.outputs(), run.scratch);
  }

 private:
  const NarrowGradients gradients_;
  const bool has_bias_;
  const UpdateFunction update_;
  Trained weight_, bias_;
};

// A weight [outputs, depth] in plain order with few outputs.
bool narrow(const LowerContext& context, ValueId weight) {
  return context.storage(weight).layout == Layout::rows && is_narrow(context.graph.shape(weight));
}

bool accepts_forward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm() || node.op == &op::fused_gemm()) &&
         narrow(context, node.inputs[1]);
}
bool accepts_backward(const Node& node, const LowerContext& context) {
  return (node.op == &op::gemm_input_gradient() || node.op == &op::fused_gemm_input_gradient()) &&
         narrow(context, node.inputs[1]);
}
bool accepts_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::gemm_weight_gradient() && narrow(context, node.outputs[0]);
}
bool accepts_update(const Node& node, const LowerContext& context) {
  return node.op == &op::gemm_update() && narrow(context, node.inputs[0]);
}

}  // namespace

std::span<const KernelRow> narrow_kernels() {
  static const KernelRow rows[] = {
      {"narrow product", accepts_forward, by_rows, make<NarrowForward>},
      {"transposed narrow product", accepts_backward, by_rows, make<NarrowBackward>},
      {"narrow gradient", accepts_gradient, by_slices, make<NarrowWeightGradient>},
      {"narrow gradient and update", accepts_update, by_slices, make<NarrowGradientAndUpdate>},
  };
  return rows;
}

}  // namespace sinapse
