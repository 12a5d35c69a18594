// The gradients of weights that work on every step of a sequence, once over all steps of all rows:
// those of a recurrent cell, and of a dense layer on each step. The sums of a slice go through the
// rows of the batch in their order.
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/recurrent_cells.h"
#include "cpu/sequence_slices.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kBlockSteps = 64;  // of time that are summed before going on

class SequenceWeightGradient : public Kernel {
 public:
  explicit SequenceWeightGradient(const SequencePlaces& places)
      : sizes_(places.sizes),
        x_(places.x),
        d_input_(places.d_input),
        d_recurrent_(places.d_recurrent),
        y_(places.y),
        kept_(places.kept),
        lengths_{places.lengths, sizes_.time},
        initial_h_(places.initial_h),
        mask_(places.mask),
        dw_(places.dw),
        dr_(places.dr),
        db_(places.db),
        slices_(places) {}

  int64_t num_slices() const override { return slices_.count(); }
  int64_t scratch_floats() const override {
    return (kSliceInputs + kBlockSteps + 1) * kPanelWidth + kBlockSteps * kSliceInputs;
  }

  // The gradients of a panel's sums are read once for the whole slice: they come from far away.
  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t index = begin; index < end; ++index) {
      const Slice slice = slices_.slice(index);
      const std::vector<Segment> all = slices_.segments(slice.panel);
      for (const Segment& segment : all) {
        sum_segment(run, slice, segment, /*with_inputs=*/&segment == &all.front());
      }
    }
  }

 private:
  using Part = SequenceSlices::Part;
  using Slice = SequenceSlices::Slice;
  using Segment = SequenceSlices::Segment;

  // A thread's memory: sums [inputs, width], gradients [steps, width], their sums [width], states
  // [steps, inputs].
  struct Scratch {
    float *sums, *gradients, *columns, *states;
    explicit Scratch(const Run& run)
        : sums(run.scratch),
          gradients(sums + kSliceInputs * kPanelWidth),
          columns(gradients + kBlockSteps * kPanelWidth),
          states(columns + kPanelWidth) {}
  };

  void sum_segment(const Run& run, const Slice& slice, const Segment& segment,
                   bool with_inputs) const {
    const Scratch scratch(run);
    float* const dw = dw_ && with_inputs ? dw_.data(run) + slice.of_w.offset : nullptr;
    std::fill_n(scratch.sums, slice.of_r.size() * slice.of_r.width, 0.0f);
    if (dw) std::fill_n(dw, slice.of_w.size() * slice.of_w.width, 0.0f);
    const bool with_bias = with_inputs && slice.has_bias && db_;
    if (with_bias) clear_biases(run, slice.panel);
    for (int64_t r = 0; r < run.rows; ++r) {
      if (dr_ && slice.of_r.size() > 0) first_state(run, slice, segment, r);
      for_each_block(lengths_.of(run, r), [&](int64_t t, int64_t steps) {
        copy_gradients(run, d_recurrent_, r, t, steps, slice.panel);
        if (dr_ && slice.of_r.size() > 0) states_of_block(run, slice, segment, r, t, steps);
        if (with_bias && y_) add_biases(run, slice.panel, steps, sizes_.gate_rows());
        if (!with_inputs) return;
        if (is_gru()) copy_gradients(run, d_input_, r, t, steps, slice.panel);
        if (with_bias) add_biases(run, slice.panel, steps, 0);
        if (!dw || slice.of_w.size() == 0) return;
        add_products(slice.of_w, run.row(x_, r) + t * sizes_.inputs + slice.of_w.begin,
                     sizes_.inputs, scratch.gradients, steps, dw);
      });
    }
    if (dr_) store_segment(run, slice, segment);
  }

  bool is_gru() const { return sizes_.kind == RecurrentKind::gru; }

  void store_segment(const Run& run, const Slice& slice, const Segment& segment) const {
    const int64_t width = slice.of_r.width;
    const bool last =
        segment.last == std::min(kPanelWidth, slices_.columns() - slice.panel * kPanelWidth);
    const int64_t end = last ? width : segment.last;  // with the padding, whose sums are 0
    const float* const sums = Scratch(run).sums;
    float* const dr = dr_.data(run) + slice.of_r.offset;
    for (int64_t i = 0; i < slice.of_r.size() * width; i += width) {
      std::copy(sums + i + segment.first, sums + i + end, dr + i + segment.first);
    }
  }

  // The state before each step times the gradient of its sums; the first step has none but the
  // initial state.
  void states_of_block(const Run& run, const Slice& slice, const Segment& segment, int64_t r,
                       int64_t t, int64_t steps) const {
    const bool reverse = sizes_.is_reverse(segment.direction);
    const int64_t length = lengths_.of(run, r), width = sizes_.states();
    const int64_t begin = reverse ? t : std::max<int64_t>(t, 1);
    const int64_t end = reverse ? std::min(t + steps, length - 1) : t + steps;
    if (begin >= end) return;
    const float* const states = y_.row(run, r) + (reverse ? begin + 1 : begin - 1) * width +
                                segment.direction * sizes_.units + slice.of_r.begin;
    add_states(run, slice, segment, r, begin, end - begin, states,
               Scratch(run).gradients + (begin - t) * slice.of_r.width);
  }

  void first_state(const Run& run, const Slice& slice, const Segment& segment, int64_t r) const {
    const int64_t length = lengths_.of(run, r);
    if (!initial_h_ || length == 0) return;
    const int64_t t = sizes_.is_reverse(segment.direction) ? length - 1 : 0;
    copy_gradients(run, d_recurrent_, r, t, 1, slice.panel);
    add_states(run, slice, segment, r, t, 1,
               initial_h_.row(run, r, segment.direction * sizes_.units + slice.of_r.begin),
               Scratch(run).gradients);
  }

  void add_states(const Run& run, const Slice& slice, const Segment& segment, int64_t r, int64_t t,
                  int64_t steps, const float* states, const float* gradients) const {
    int64_t stride = sizes_.states();
    if (segment.sees_reset || mask_) {
      seen_states(run, slice.of_r, segment, r, t, steps, states);
      states = Scratch(run).states, stride = slice.of_r.size();
    }
    add_products(slice.of_r, states, stride, gradients, steps, Scratch(run).sums);
  }

  // The states as the recurrent product saw them: behind a mask, a candidate's behind the reset
  // gate.
  void seen_states(const Run& run, const Part& part, const Segment& segment, int64_t r, int64_t t,
                   int64_t steps, const float* states) const {
    const int64_t n = sizes_.units;
    const float* const mask = mask_.row(run, r, segment.direction * n + part.begin);
    float* to = Scratch(run).states;
    for (int64_t s = 0; s < steps; ++s, to += part.size(), states += sizes_.states()) {
      const float* seen = states;
      if (mask) {
        multiply_each_(seen, mask, part.size(), to);
        seen = to;
      }
      if (!segment.sees_reset) continue;
      const float* const gate = kept_.row(
          run, r, ((t + s) * sizes_.directions + segment.direction) * 4 * n + n + part.begin);
      multiply_each_(seen, gate, part.size(), to);
    }
  }

  // The gradients of one panel's sums, side by side, and 0 behind the last.
  void copy_gradients(const Run& run, const Storage& d_sums, int64_t r, int64_t t, int64_t steps,
                      int64_t panel) const {
    const int64_t first = panel * kPanelWidth, width = slices_.width(panel);
    const int64_t used = std::min(kPanelWidth, slices_.columns() - first);
    const float* from = run.row(d_sums, r) + t * slices_.columns() + first;
    float* to = Scratch(run).gradients;
    for (int64_t s = 0; s < steps; ++s, from += slices_.columns(), to += width) {
      std::copy_n(from, used, to);
      std::fill_n(to + used, width - used, 0.0f);
    }
  }

  // sums[i, c] += sum over the steps of states[step, i] gradients[step, c]
  void add_products(const Part& part, const float* states, int64_t stride, const float* gradients,
                    int64_t steps, float* sums) const {
    multiply_({.a = states,
               .a_row_stride = 1,
               .a_depth_stride = stride,
               .rows = part.size(),
               .depth = steps,
               .b = gradients,
               .b_stride = part.width,
               .columns = part.width,
               .accumulate = true,
               .c = sums,
               .c_stride = part.width});
  }

  // Each direction has the biases of the sums from x, then, `offset` further, those from h.
  float& bias_of(const Run& run, int64_t column, int64_t offset) const {
    const int64_t rows = sizes_.gate_rows(), direction = column / rows;
    return db_.data(run)[2 * direction * rows + offset + column % rows];
  }
  template <class F>
  void for_each_column(int64_t panel, F f) const {
    const int64_t first = panel * kPanelWidth,
                  last = std::min(first + kPanelWidth, slices_.columns());
    for (int64_t c = first; c < last; ++c) f(c);
  }
  void clear_biases(const Run& run, int64_t panel) const {
    for_each_column(panel, [&](int64_t c) {
      bias_of(run, c, 0) = 0;
      if (y_) bias_of(run, c, sizes_.gate_rows()) = 0;
    });
  }
  void add_biases(const Run& run, int64_t panel, int64_t steps, int64_t offset) const {
    const Scratch scratch(run);
    const int64_t width = slices_.width(panel);
    sum_columns_(scratch.gradients, width, steps, width, scratch.columns);
    for_each_column(
        panel, [&](int64_t c) { bias_of(run, c, offset) += scratch.columns[c % kPanelWidth]; });
  }

  template <class F>
  static void for_each_block(int64_t length, F f) {
    for (int64_t t = 0; t < length; t += kBlockSteps) f(t, std::min(kBlockSteps, length - t));
  }

  const RecurrentSizes sizes_;
  const Storage x_, d_input_, d_recurrent_;
  const OptionalStorage y_, kept_;
  const Lengths lengths_;
  const OptionalStorage initial_h_, mask_, dw_, dr_, db_;
  const SequenceSlices slices_;
  const ProductFunction multiply_ = product_function();
  void (*const multiply_each_)(const float*, const float*, int64_t,
                               float*) = cell_functions().multiply;
  const ColumnSumFunction sum_columns_ = column_sum_function();
};

bool in_panels(ValueId id, const LowerContext& context) {
  return context.storage(id).layout == Layout::panels;
}
// Gradients stand as their weights do, unless nobody reads them.
bool accepts_cell(const Node& node, const LowerContext& context) {
  return node.op == &op::recurrent_weight_gradient() &&
         (in_panels(node.outputs[0], context) || in_panels(node.outputs[1], context));
}
bool accepts_steps(const Node& node, const LowerContext& context) {
  return node.op == &op::steps_weight_gradient() && in_panels(node.outputs[0], context);
}

template <SequencePlaces (*kPlaces)(const Node&, const LowerContext&)>
std::unique_ptr<Kernel> make(const Node& node, const LowerContext& context) {
  return std::make_unique<SequenceWeightGradient>(kPlaces(node, context));
}

}  // namespace

std::span<const KernelRow> sequence_weight_kernels() {
  static const KernelRow rows[] = {
      {"weight gradients over all steps", accepts_cell, by_slices, make<places_of_cell>,
       /*skips_unread=*/true},
      {"weight gradient over all steps", accepts_steps, by_slices, make<places_of_steps>,
       /*skips_unread=*/true},
  };
  return rows;
}

}  // namespace sinapse
