// Arithmetic between rows and what is repeated over them: binary operators, rectifiers with learned
// slopes, and the sums that are their gradients.
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

// One row of an operand: as it stands, or its repeats written out, once for a whole tile.
class RepeatedRow {
 public:
  RepeatedRow(const Storage& value, int64_t columns) : value_(value), columns_(columns) {}

  int64_t scratch_floats() const { return value_.columns == columns_ ? 0 : columns_; }

  const float* get(const Run& run) const {
    const float* data = run.data(value_);
    if (value_.columns == columns_) return data;
    for (int64_t c = 0; c < columns_; c += value_.columns) {
      std::copy_n(data, value_.columns, run.scratch + c);
    }
    return run.scratch;
  }

 private:
  const Storage value_;
  const int64_t columns_;
};

template <Binary kOp>
class BinaryKernel : public Kernel {
 public:
  BinaryKernel(const Node& node, const LowerContext& context)
      : a_(context.storage(node.inputs[0])),
        b_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        repeated_(!is_batched(context.graph.shape(node.inputs[1]))),
        row_(b_, a_.columns) {}

  int64_t scratch_floats() const override { return repeated_ ? row_.scratch_floats() : 0; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    // const_cast: the functions address all operands alike, and do not write to b.
    const Rows b = repeated_ ? Rows{const_cast<float*>(row_.get(run)), 0} : rows_at(run, b_, begin);
    functions_.binary(kOp, rows_at(run, a_, begin), b, rows_at(run, y_, begin), end - begin,
                      a_.columns);
  }

 private:
  const Storage a_, b_, y_;
  const bool repeated_;
  const RepeatedRow row_;
  const ColumnFunctions& functions_ = column_functions();
};

class AffineKernel : public Kernel {
 public:
  AffineKernel(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        scale_(static_cast<float>(node.number("scale"))),
        offset_(static_cast<float>(node.number("offset"))) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      functions_.affine(run.row(x_, r), run.row(y_, r), x_.columns, scale_, offset_);
    }
  }

 private:
  const Storage x_, y_;
  const float scale_, offset_;
  const VectorFunctions& functions_ = vector_functions();
};

// y = x > 0 ? source : slope source; the source is x itself, or dy for the gradient.
class Rectify : public Kernel {
 public:
  Rectify(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        source_(context.storage(node.inputs[node.op == &op::prelu() ? 0 : 2])),
        y_(context.storage(node.outputs[0])),
        slope_(context.storage(node.inputs[1]), x_.columns) {}

  int64_t scratch_floats() const override { return slope_.scratch_floats(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const float* slope = slope_.get(run);
    for (int64_t r = begin; r < end; ++r) {
      functions_.rectify(run.row(x_, r), run.row(source_, r), slope, run.row(y_, r), x_.columns);
    }
  }

 private:
  const Storage x_, source_, y_;
  const RepeatedRow slope_;
  const VectorFunctions& functions_ = vector_functions();
};

// Sums over the rows and the repeats within a row, by slices of what is left.
class GroupSums : public Kernel {
 public:
  GroupSums(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])), sums_(context.storage(node.outputs[0])) {
    if (node.op == &op::prelu_slope_gradient()) dy_ = context.storage(node.inputs[1]);
  }

  int64_t num_slices() const override {
    return (sums_.columns + kSliceColumns - 1) / kSliceColumns;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const int64_t n = sums_.columns;
    const Groups groups{run.rows, x_.columns, n, begin * kSliceColumns,
                        std::min(n, end * kSliceColumns)};
    if (dy_.offset < 0) return functions_.sums(rows_at(run, x_, 0), groups, run.data(sums_));
    functions_.slope_sums(rows_at(run, x_, 0), rows_at(run, dy_, 0), groups, run.data(sums_));
  }

 private:
  const Storage x_, sums_;
  Storage dy_;
  const VectorFunctions& functions_ = vector_functions();
};

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && is_batched(context.graph.shape(node.inputs[0]));
}

// Slopes that stay the same along a row, or differ from column to column.
template <const Operator& (*kOperator)()>
bool accepts_slopes(const Node& node, const LowerContext& context) {
  if (!accepts<kOperator>(node, context)) return false;
  const bool is_sum = node.op == &op::prelu_slope_gradient();
  return context.graph.shape(is_sum ? node.outputs[0] : node.inputs[1]) == Shape{1} ||
         context.graph.shape(node.inputs[0]).size() == 2;
}

}  // namespace

std::span<const KernelRow> elementwise_kernels() {
  static const KernelRow rows[] = {
      {"add", accepts<op::add>, by_rows, make<BinaryKernel<Binary::add>>},
      {"subtract", accepts<op::subtract>, by_rows, make<BinaryKernel<Binary::subtract>>},
      {"multiply", accepts<op::multiply>, by_rows, make<BinaryKernel<Binary::multiply>>},
      {"divide", accepts<op::divide>, by_rows, make<BinaryKernel<Binary::divide>>},
      {"affine", accepts<op::affine>, by_rows, make<AffineKernel>},
      {"rectify", accepts_slopes<op::prelu>, by_rows, make<Rectify>},
      {"rectify gradient", accepts_slopes<op::prelu_input_gradient>, by_rows, make<Rectify>},
      {"slope sums", accepts_slopes<op::prelu_slope_gradient>, by_slices, make<GroupSums>},
      {"sums", accepts<op::sum_to>, by_slices, make<GroupSums>},
  };
  return rows;
}

}  // namespace sinapse
