// Batch normalisation on rows of vectors. Higher ranks go to the reference kernels.
#include <cmath>

#include "cpu/columns.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

Rows rows_at(const Run& run, const Storage& storage, int64_t row) {
  return {run.row(storage, row), storage.stride};
}

// The channels are cut into slices of whole cache lines.
constexpr int64_t kSliceColumns = 64;

class BatchStatistics : public Kernel {
 public:
  BatchStatistics(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        running_mean_(context.storage(node.inputs[1])),
        running_variance_(context.storage(node.inputs[2])),
        mean_(context.storage(node.outputs[0])),
        inverse_(context.storage(node.outputs[1])),
        momentum_(static_cast<float>(node.number("momentum"))),
        epsilon_(static_cast<float>(node.number("epsilon"))) {}

  int64_t num_slices() const override { return (x_.columns + kSliceColumns - 1) / kSliceColumns; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) run_slice(run, slice * kSliceColumns);
  }

 private:
  void run_slice(const Run& run, int64_t first) const {
    const int64_t n = std::min(kSliceColumns, x_.columns - first);
    float squares[kSliceColumns];
    const Rows x{run.row(x_, 0) + first, x_.stride};
    float* mean = run.data(mean_) + first;
    functions_.statistics(x, run.rows, n, epsilon_, mean, run.data(inverse_) + first, squares);
    float* running_mean = run.data(running_mean_) + first;
    float* running_variance = run.data(running_variance_) + first;
    const float degrees = static_cast<float>(std::max<int64_t>(run.rows - 1, 1));
    for (int64_t c = 0; c < n; ++c) {
      running_mean[c] += momentum_ * (mean[c] - running_mean[c]);
      running_variance[c] += momentum_ * (squares[c] / degrees - running_variance[c]);
    }
  }

  const Storage x_, running_mean_, running_variance_, mean_, inverse_;
  const float momentum_, epsilon_;
  const ColumnFunctions& functions_ = column_functions();
};

class BatchNormalize : public Kernel {
 public:
  BatchNormalize(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        scale_(context.storage(node.inputs[1])),
        bias_(context.storage(node.inputs[2])),
        mean_(context.storage(node.inputs[3])),
        inverse_(context.storage(node.inputs[4])),
        y_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    functions_.normalize(rows_at(run, x_, begin), rows_at(run, y_, begin), end - begin, x_.columns,
                         run.data(scale_), run.data(bias_), run.data(mean_), run.data(inverse_));
  }

 private:
  const Storage x_, scale_, bias_, mean_, inverse_, y_;
  const ColumnFunctions& functions_ = column_functions();
};

class BatchScaleGradient : public Kernel {
 public:
  BatchScaleGradient(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        mean_(context.storage(node.inputs[2])),
        inverse_(context.storage(node.inputs[3])),
        dscale_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  int64_t num_slices() const override { return (x_.columns + kSliceColumns - 1) / kSliceColumns; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) {
      const int64_t c = slice * kSliceColumns, n = std::min(kSliceColumns, x_.columns - c);
      functions_.normalize_sums({run.row(x_, 0) + c, x_.stride}, {run.row(dy_, 0) + c, dy_.stride},
                                run.rows, n, run.data(mean_) + c, run.data(inverse_) + c,
                                run.data(dscale_) + c, run.data(dbias_) + c);
    }
  }

 private:
  const Storage x_, dy_, mean_, inverse_, dscale_, dbias_;
  const ColumnFunctions& functions_ = column_functions();
};

class BatchInputGradient : public Kernel {
 public:
  BatchInputGradient(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        scale_(context.storage(node.inputs[2])),
        mean_(context.storage(node.inputs[3])),
        inverse_(context.storage(node.inputs[4])),
        dscale_(context.storage(node.inputs[5])),
        dbias_(context.storage(node.inputs[6])),
        dx_(context.storage(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    functions_.normalize_input(rows_at(run, x_, begin), rows_at(run, dy_, begin),
                               rows_at(run, dx_, begin), end - begin, x_.columns,
                               static_cast<float>(run.rows), run.data(scale_), run.data(mean_),
                               run.data(inverse_), run.data(dscale_), run.data(dbias_));
  }

 private:
  const Storage x_, dy_, scale_, mean_, inverse_, dscale_, dbias_, dx_;
  const ColumnFunctions& functions_ = column_functions();
};

template <const Operator& (*kOperator)()>
bool accepts_vectors(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && context.graph.shape(node.inputs[0]).size() == 2;
}

}  // namespace

std::span<const KernelRow> normalization_kernels() {
  static const KernelRow rows[] = {
      {"channel statistics", accepts_vectors<op::batch_statistics>, by_slices,
       make<BatchStatistics>},
      {"channel normalisation", accepts_vectors<op::batch_normalize>, by_rows,
       make<BatchNormalize>},
      {"channel sums", accepts_vectors<op::batch_normalize_scale_gradient>, by_slices,
       make<BatchScaleGradient>},
      {"channel normalisation gradient", accepts_vectors<op::batch_normalize_input_gradient>,
       by_rows, make<BatchInputGradient>},
  };
  return rows;
}

}  // namespace sinapse
