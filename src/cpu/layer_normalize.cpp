// Layer normalisation: vectors along the last axis, by rows; the gradients of scale and bias by
// slices of their columns.
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/vectors.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kSliceColumns = 64;

Rows rows_at(const Run& run, const Storage& storage, int64_t row) {
  return {run.row(storage, row), storage.stride};
}

class LayerNormalize : public Kernel {
 public:
  LayerNormalize(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        scale_(context.storage(node.inputs[1])),
        bias_(context.storage(node.inputs[2])),
        y_(context.storage(node.outputs[0])),
        epsilon_(static_cast<float>(node.number("epsilon"))) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t n = scale_.columns;
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < x_.columns; c += n) {
        const float* x = run.row(x_, r) + c;
        float mean = 0, inverse = 0;
        functions_.moments(x, n, epsilon_, &mean, &inverse);
        functions_.normalize(x, run.row(y_, r) + c, n, mean, inverse, run.data(scale_),
                             run.data(bias_));
      }
    }
  }

 private:
  const Storage x_, scale_, bias_, y_;
  const float epsilon_;
  const VectorFunctions& functions_ = vector_functions();
};

class LayerStatistics : public Kernel {
 public:
  LayerStatistics(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        mean_(context.storage(node.outputs[0])),
        inverse_(context.storage(node.outputs[1])),
        n_(x_.columns / mean_.columns),
        epsilon_(static_cast<float>(node.number("epsilon"))) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      float *mean = run.row(mean_, r), *inverse = run.row(inverse_, r);
      for (int64_t c = 0; c < x_.columns; c += n_) {
        functions_.moments(run.row(x_, r) + c, n_, epsilon_, mean++, inverse++);
      }
    }
  }

 private:
  const Storage x_, mean_, inverse_;
  const int64_t n_;
  const float epsilon_;
  const VectorFunctions& functions_ = vector_functions();
};

class LayerInputGradient : public Kernel {
 public:
  LayerInputGradient(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        scale_(context.storage(node.inputs[2])),
        mean_(context.storage(node.inputs[3])),
        inverse_(context.storage(node.inputs[4])),
        dx_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t n = scale_.columns;
    for (int64_t r = begin; r < end; ++r) {
      const float *mean = run.row(mean_, r), *inverse = run.row(inverse_, r);
      for (int64_t c = 0; c < x_.columns; c += n) {
        functions_.normalize_gradient(run.row(x_, r) + c, run.row(dy_, r) + c, run.row(dx_, r) + c,
                                      n, *mean++, *inverse++, run.data(scale_));
      }
    }
  }

 private:
  const Storage x_, dy_, scale_, mean_, inverse_, dx_;
  const VectorFunctions& functions_ = vector_functions();
};

class LayerScaleGradient : public Kernel {
 public:
  LayerScaleGradient(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        mean_(context.storage(node.inputs[2])),
        inverse_(context.storage(node.inputs[3])),
        dscale_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  int64_t num_slices() const override {
    return (dscale_.columns + kSliceColumns - 1) / kSliceColumns;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t n = dscale_.columns;
    functions_.normalize_sums(
        rows_at(run, x_, 0), rows_at(run, dy_, 0),
        {rows_at(run, mean_, 0), rows_at(run, inverse_, 0)},
        {run.rows, x_.columns, n, begin * kSliceColumns, std::min(n, end * kSliceColumns)},
        run.data(dscale_), run.data(dbias_));
  }

 private:
  const Storage x_, dy_, mean_, inverse_, dscale_, dbias_;
  const VectorFunctions& functions_ = vector_functions();
};

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && is_batched(context.graph.shape(node.inputs[0]));
}

}  // namespace

std::span<const KernelRow> layer_normalization_kernels() {
  static const KernelRow rows[] = {
      {"vector normalisation", accepts<op::layer_normalization>, by_rows,
       make<LayerNormalize>},
      {"vector statistics", accepts<op::layer_statistics>, by_rows, make<LayerStatistics>},
      {"vector normalisation gradient", accepts<op::layer_normalization_input_gradient>,
       by_rows, make<LayerInputGradient>},
      {"vector sums", accepts<op::layer_normalization_scale_gradient>, by_slices,
       make<LayerScaleGradient>},
  };
  return rows;
}

}  // namespace sinapse
