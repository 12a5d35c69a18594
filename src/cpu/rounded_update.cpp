// The gradient of a dense layer's weights by products in bf16, and their update in float. A slice
// is some inputs for some panels of outputs: its inputs are rounded once, transposed, and meet the
// rounded gradients of the outputs panel by panel.
#include <tuple>

#include "compile/fused.h"
#include "compile/pair_panels.h"
#include "cpu/bf16.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/product.h"
#include "cpu/rounded_weight.h"
#include "cpu/trained.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kSliceInputs = 96;  // a multiple of 32
constexpr int64_t kSlicePanels = 8;

class RoundedSlices {
 public:
  struct Slice {
    int64_t begin, end;               // inputs
    int64_t first_panel, last_panel;  // the one after the last
  };

  RoundedSlices(const Storage& x, const Storage& dy, int64_t max_rows)
      : x_(x),
        dy_(dy),
        panels_{.depth = x.columns, .columns = dy.columns},
        max_depth_((round_up(max_rows, kRoundedStep) / kRoundedStep | 1) * kRoundedStep) {}

  const Panels& panels() const { return panels_; }
  int64_t count() const { return input_parts() * ((panels_.count() - 1) / kSlicePanels + 1); }

  Slice slice(int64_t index) const {
    const int64_t part = index % input_parts(), group = index / input_parts();
    const int64_t first = group * kSlicePanels;
    return {part * kSliceInputs, std::min((part + 1) * kSliceInputs, panels_.depth), first,
            std::min(first + kSlicePanels, panels_.count())};
  }

  // What `prepare` and `weights` need.
  int64_t scratch_floats() const {
    return kSliceInputs * max_depth_ / 2 + kPanelWidth * max_depth_ / 2;
  }

  // The slice's inputs, rounded: [inputs][rows of the batch], filled up with zeros to whole steps.
  void prepare(const Run& run, const Slice& slice) const {
    alignas(64) uint16_t pairs[kRoundedStep * kSliceInputs];
    const int64_t inputs = slice.end - slice.begin, padded = round_up(inputs, kLaneMultiple);
    for (int64_t row = 0; row < depth(run); row += kRoundedStep) {
      for (int64_t i = 0; i < kRoundedStep; i += 2) {
        uint16_t* const to = pairs + i * kSliceInputs;
        round_two_rows(run, x_, row + i, slice.begin, padded, to);
      }
      transpose_(reinterpret_cast<const float*>(pairs), kSliceInputs, kRoundedStep / 2, inputs,
                 run.scratch + row / 2, max_depth_ / 2);
    }
  }

  // gradient[k, n] = sum over the batch of x[r, k] dy[r, n] for the slice's inputs and a panel.
  void weights(const Run& run, const Slice& slice, int64_t panel, float* gradient) const {
    const int64_t width = panels_.width(panel);
    auto* slopes = reinterpret_cast<uint16_t*>(run.scratch + kSliceInputs * max_depth_ / 2);
    for (int64_t row = 0; row < depth(run); row += 2) {
      round_two_rows(run, dy_, row, panel * kPanelWidth, width, slopes + row * width);
    }
    functions_.multiply({.a = reinterpret_cast<const uint16_t*>(run.scratch),
                         .a_stride = max_depth_,
                         .rows = slice.end - slice.begin,
                         .b = slopes,
                         .b_stride = width,
                         .num_steps = depth(run) / kRoundedStep,
                         .columns = width,
                         .c = gradient,
                         .c_stride = width});
  }

  // The bias is the weight of a constant 1: a plain sum, in float.
  void bias(const Run& run, int64_t panel, float* gradient) const {
    sum_columns_(run.row(dy_, 0) + panel * kPanelWidth, dy_.stride, run.rows, panels_.width(panel),
                 gradient);
  }

 private:
  int64_t input_parts() const { return (panels_.depth - 1) / kSliceInputs + 1; }
  static int64_t depth(const Run& run) { return round_up(run.rows, kRoundedStep); }

  // Pairs of rows `row` and `row` + 1 of the batch; behind its end there are zeros.
  void round_two_rows(const Run& run, const Storage& storage, int64_t row, int64_t column,
                      int64_t n, uint16_t* to) const {
    if (row >= run.rows) {
      std::fill_n(to, 2 * n, uint16_t{0});
      return;
    }
    const float* second = row + 1 < run.rows ? run.row(storage, row + 1) + column : nullptr;
    functions_.round_pairs(run.row(storage, row) + column, second, n, to);
  }

  const Storage x_, dy_;
  const Panels panels_;
  const int64_t max_depth_;  // an odd number of cache lines, as padded_stride says
  const Bf16Functions& functions_ = bf16_functions();
  const TransposeFunction transpose_ = transpose_function();
  const ColumnSumFunction sum_columns_ = column_sum_function();
};

// Gradients as values of their own.
class RoundedGradient : public Kernel {
 public:
  RoundedGradient(const Node& node, const LowerContext& context)
      : slices_(context.storage(node.inputs[0]), context.storage(node.inputs[1]), context.max_rows),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])) {}

  int64_t num_slices() const override { return slices_.count(); }
  int64_t scratch_floats() const override { return slices_.scratch_floats(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t index = begin; index < end; ++index) {
      const auto slice = slices_.slice(index);
      slices_.prepare(run, slice);
      for (int64_t panel = slice.first_panel; panel < slice.last_panel; ++panel) {
        const Panels& panels = slices_.panels();
        const int64_t offset = panels.offset(panel) + slice.begin * panels.width(panel);
        slices_.weights(run, slice, panel, run.data(dweight_) + offset);
        const bool wants_bias = dbias_.offset >= 0 && slice.begin == 0;
        if (wants_bias) slices_.bias(run, panel, run.data(dbias_) + panel * kPanelWidth);
      }
    }
  }

 private:
  const RoundedSlices slices_;
  const Storage dweight_, dbias_;
};

// Gradient, update and rounded copies of a slice in one go.
class RoundedUpdate : public Kernel {
 public:
  RoundedUpdate(const Node& node, const LowerContext& context)
      : slices_(context.storage(node.inputs[2]), context.storage(node.inputs[3]), context.max_rows),
        has_bias_(node.inputs[1] != kNoValue),
        rounded_(context.storage(node.inputs[0]), context.rounded[node.inputs[0]],
                 context.graph.shape(node.inputs[0])),
        update_(function_of(node)) {
    std::tie(weight_, bias_) = trained_by_gemm_update(node, context);
  }

  int64_t num_slices() const override { return slices_.count(); }
  int64_t scratch_floats() const override {
    return slices_.scratch_floats() + kSliceInputs * kPanelWidth;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    const Panels& panels = slices_.panels();
    float* gradient = run.scratch + slices_.scratch_floats();
    for (int64_t index = begin; index < end; ++index) {
      const auto slice = slices_.slice(index);
      slices_.prepare(run, slice);
      for (int64_t panel = slice.first_panel; panel < slice.last_panel; ++panel) {
        const int64_t width = panels.width(panel);
        slices_.weights(run, slice, panel, gradient);
        weight_.update(update_, run, panels.offset(panel) + slice.begin * width,
                       (slice.end - slice.begin) * width, gradient);
        rounded_.refresh(run, panel, slice.begin, slice.end);
        if (!has_bias_ || slice.begin > 0) continue;
        slices_.bias(run, panel, gradient);
        bias_.update(update_, run, panel * kPanelWidth, width, gradient);
      }
    }
  }

 private:
  const RoundedSlices slices_;
  const bool has_bias_;
  const RoundedWeight rounded_;
  const UpdateFunction update_;
  Trained weight_, bias_;
};

bool accepts_gradient(const Node& node, const LowerContext& context) {
  return context.precision == ProductPrecision::bf16 && node.op == &op::gemm_weight_gradient() &&
         context.storage(node.outputs[0]).layout == Layout::panels;
}

bool accepts_update(const Node& node, const LowerContext& context) {
  return context.precision == ProductPrecision::bf16 && node.op == &op::gemm_update() &&
         context.storage(node.inputs[0]).layout == Layout::panels &&
         context.transposed[node.inputs[0]].offset < 0;
}

}  // namespace

std::span<const KernelRow> rounded_update_kernels() {
  static const KernelRow rows[] = {
      {"gradient in bf16 and update by slices", accepts_update, by_slices, make<RoundedUpdate>},
      {"gradient in bf16 by slices", accepts_gradient, by_slices, make<RoundedGradient>},
  };
  return rows;
}

}  // namespace sinapse
