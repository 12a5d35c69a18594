// The gradient of a dense layer's weights, and their update. A slice is some inputs (rows of a
// panel) of one panel. Part by part, its gradient over the whole batch is computed into a buffer
// that stays in the cache, and the update is applied to it there: a processor takes the roots and
// quotients of one part while it multiplies for the next. The bias belongs to the first slice of
// its panel.
#include <tuple>

#include "compile/fused.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/product.h"
#include "cpu/trained.h"
#include "cpu/weight_copies.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kSliceInputs = 96;  // at most, of a slice
constexpr int64_t kSliceMultiple = 6;
constexpr int64_t kPartFloats = 6 * kPanelWidth;  // of a part: one tile of the product
constexpr int64_t kBatchBlock = 256;  // rows of the batch that are summed before going on

// Cuts panels into slices and computes the gradient of one.
class GradientSlices {
 public:
  struct Slice {
    int64_t panel, begin, end;  // inputs [begin, end)
    int64_t width;
    int64_t offset;  // of its first weight in the panels
    int64_t size() const { return (end - begin) * width; }
    // Inputs are shared out evenly among the parts, as the product does with its tiles.
    int64_t part_inputs() const {
      const int64_t most = kPartFloats / width, num_parts = (end - begin + most - 1) / most;
      return num_parts > 0 ? (end - begin + num_parts - 1) / num_parts : 0;
    }
    Slice part(int64_t first, int64_t last) const {
      return {panel, first, last, width, offset + (first - begin) * width};
    }
  };

  GradientSlices(const Storage& x, const Storage& dy)
      : x_(x),
        dy_(dy),
        panels_{.depth = x.columns, .columns = dy.columns},
        per_panel_((panels_.depth + kSliceInputs - 1) / kSliceInputs) {}

  int64_t count() const { return per_panel_ * panels_.count(); }
  const Panels& panels() const { return panels_; }

  Slice slice(int64_t index) const {
    const int64_t panel = index / per_panel_, part = index % per_panel_;
    const int64_t height = round_up((panels_.depth + per_panel_ - 1) / per_panel_, kSliceMultiple);
    Slice slice{panel, std::min(part * height, panels_.depth),
                std::min((part + 1) * height, panels_.depth), panels_.width(panel), 0};
    slice.offset = panels_.offset(panel) + slice.begin * slice.width;
    return slice;
  }

  // gradient[k, n] = sum over the batch of x[r, k] dy[r, n]
  void weights(const Run& run, const Slice& slice, float* gradient) const {
    if (slice.end == slice.begin) return;
    Product product{.a_row_stride = 1,
                    .a_depth_stride = x_.stride,
                    .rows = slice.end - slice.begin,
                    .b_stride = dy_.stride,
                    .columns = slice.width,
                    .c = gradient,
                    .c_stride = slice.width};
    for (int64_t row = 0; row < run.rows; row += kBatchBlock) {
      product.a = run.row(x_, row) + slice.begin;
      product.b = run.row(dy_, row) + slice.panel * kPanelWidth;
      product.depth = std::min(kBatchBlock, run.rows - row);
      product.accumulate = row > 0;
      multiply_(product);
    }
  }

  // The bias is the weight of a constant 1, so its gradient is the product with a row of ones.
  void bias(const Run& run, const Slice& slice, float* gradient) const {
    sum_columns_(run.row(dy_, 0) + slice.panel * kPanelWidth, dy_.stride, run.rows, slice.width,
                 gradient);
  }

 private:
  const Storage x_, dy_;
  const Panels panels_;
  const int64_t per_panel_;
  const ProductFunction multiply_ = product_function();
  const ColumnSumFunction sum_columns_ = column_sum_function();
};

// Gradients as values of their own, for whoever asks for them.
class WeightGradient : public Kernel {
 public:
  WeightGradient(const Node& node, const LowerContext& context)
      : slices_(context.storage(node.inputs[0]), context.storage(node.inputs[1])),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  int64_t num_slices() const override { return slices_.count(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t index = begin; index < end; ++index) {
      const auto slice = slices_.slice(index);
      slices_.weights(run, slice, run.data(dweight_) + slice.offset);
      const bool wants_bias = dbias_.offset >= 0 && slice.begin == 0;
      if (wants_bias) slices_.bias(run, slice, run.data(dbias_) + slice.panel * kPanelWidth);
    }
  }

 private:
  const GradientSlices slices_;
  const Storage dweight_, dbias_;
};

// Gradient, update and transposed copy of a slice in one go.
class GradientAndUpdate : public Kernel {
 public:
  GradientAndUpdate(const Node& node, const LowerContext& context)
      : slices_(context.storage(node.inputs[2]), context.storage(node.inputs[3])),
        has_bias_(node.inputs[1] != kNoValue),
        copy_(context.storage(node.inputs[0]), context.transposed[node.inputs[0]],
              context.graph.shape(node.inputs[0])),
        update_(function_of(node)) {
    std::tie(weight_, bias_) = trained_by_gemm_update(node, context);
  }

  int64_t num_slices() const override { return slices_.count(); }
  int64_t scratch_floats() const override { return kPartFloats; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t index = begin; index < end; ++index) {
      const auto slice = slices_.slice(index);
      const int64_t height = slice.part_inputs();
      for (int64_t input = slice.begin; input < slice.end; input += height) {
        const auto part = slice.part(input, std::min(input + height, slice.end));
        slices_.weights(run, part, run.scratch);
        weight_.update(update_, run, part.offset, part.size(), run.scratch);
      }
      if (copy_.wanted()) copy_.refresh(run, slice.panel, slice.begin, slice.end);
      if (has_bias_ && slice.begin == 0) update_bias(run, slice);
    }
  }

 private:
  void update_bias(const Run& run, const GradientSlices::Slice& slice) const {
    slices_.bias(run, slice, run.scratch);
    bias_.update(update_, run, slice.panel * kPanelWidth, slice.width, run.scratch);
  }

  const GradientSlices slices_;
  const bool has_bias_;
  const TransposedCopy copy_;
  const UpdateFunction update_;
  Trained weight_, bias_;
};

// The update alone, over neighbouring numbers, whatever their layout.
class PlainUpdate : public Kernel {
 public:
  PlainUpdate(const Node& node, const LowerContext& context)
      : gradient_(context.storage(node.inputs[1])),
        panels_(panels_of(context.graph.shape(node.inputs[0]))),
        copies_(context, node.inputs[0]),
        update_(function_of(node)) {
    trained_.weight = context.storage(node.inputs[0]);
    for (size_t i = 2; i < node.inputs.size(); ++i) {
      trained_.moments.push_back(context.storage(node.inputs[i]));
    }
    in_panels_ = trained_.weight.layout == Layout::panels;
    total_ = in_panels_ ? panels_.size() : trained_.weight.columns;
  }

  int64_t num_slices() const override { return in_panels_ ? panels_.count() : 1; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (!run.state.ends_update) return;
    for (int64_t slice = begin; slice < end; ++slice) {
      const int64_t offset = in_panels_ ? panels_.offset(slice) : 0;
      const int64_t size = in_panels_ ? panels_.width(slice) * panels_.depth : total_;
      trained_.update(update_, run, offset, size, run.data(gradient_) + offset);
      copies_.refresh(run, slice);
    }
  }

 private:
  const Storage gradient_;
  const Panels panels_;
  const WeightCopies copies_;
  const UpdateFunction update_;
  Trained trained_;
  bool in_panels_ = false;
  int64_t total_ = 0;
};

bool accepts_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::gemm_weight_gradient() &&
         context.storage(node.outputs[0]).layout == Layout::panels;
}
bool accepts_fused(const Node& node, const LowerContext& context) {
  return node.op == &op::gemm_update() && context.storage(node.inputs[0]).layout == Layout::panels;
}
bool accepts_update(const Node& node, const LowerContext&) {
  return node.op == &op::update();
}

}  // namespace

std::span<const KernelRow> weight_kernels() {
  static const KernelRow rows[] = {
      {"gradient and update by slices", accepts_fused, by_slices, make<GradientAndUpdate>},
      {"gradient by slices", accepts_gradient, by_slices, make<WeightGradient>},
      {"update", accepts_update, by_slices, make<PlainUpdate>},
  };
  return rows;
}

}  // namespace sinapse
