// The gradients of a recurrent cell's weights, once over all steps of all rows. A slice is some
// inputs (rows of a panel) of one panel; its sums go through the rows of the batch in their order.
#include "cpu/kernels.h"
#include "cpu/recurrent.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace recurrent_weights;

constexpr int64_t kSliceInputs = 96;
constexpr int64_t kBlockSteps = 64;  // of time that are summed before going on

class RecurrentWeightGradient : public Kernel {
 public:
  RecurrentWeightGradient(const Node& node, const LowerContext& context)
      : sizes_(sizes_of(node, context.graph)),
        sees_reset_(node.inputs.size() > kept && node.inputs[kept] != kNoValue),
        x_(context.storage(node.inputs[x])),
        y_(context.storage(node.inputs[y])),
        d_input_(context.storage(node.inputs[d_input])),
        d_recurrent_(context.storage(node.inputs[d_recurrent])),
        kept_(OptionalStorage::of(node.inputs, kept, context)),
        lengths_{OptionalStorage::of(node.inputs, lengths, context), sizes_.time},
        initial_h_(OptionalStorage::of(node.inputs, initial_h, context)),
        dw_(OptionalStorage::of(node.outputs, 0, context)),
        dr_(OptionalStorage::of(node.outputs, 1, context)),
        db_(OptionalStorage::of(node.outputs, 2, context)),
        columns_(sizes_.directions * sizes_.gate_rows()),
        w_{.depth = sizes_.inputs, .columns = columns_},
        r_{.depth = sizes_.units, .columns = columns_} {}

  int64_t num_slices() const override {
    return w_.count() * (1 + parts(sizes_.inputs) + parts(sizes_.units));
  }
  int64_t scratch_floats() const override {
    return (kSliceInputs + kBlockSteps) * kPanelWidth + kBlockSteps * kSliceInputs;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t index = begin; index < end; ++index) {
      const int64_t panel = index % w_.count(), part = index / w_.count();
      const int64_t of_r = parts(sizes_.units), of_w = parts(sizes_.inputs);
      if (part < of_r) {
        if (dr_) recurrence_slice(run, slice_of(r_, panel, part, of_r));
      } else if (part < of_r + of_w) {
        if (dw_) weight_slice(run, slice_of(w_, panel, part - of_r, of_w));
      } else if (db_) {
        bias_slice(run, panel);
      }
    }
  }

 private:
  struct Slice {
    int64_t panel, begin, end;  // inputs [begin, end)
    int64_t width, offset;      // of the panel; of the slice's first number
  };
  // Columns [first, last) of a panel that see the same states.
  struct Segment {
    int64_t first, last, direction;
    bool sees_reset;
  };
  // A thread's memory: sums [inputs, width], gradients [steps, width], states [steps, inputs].
  struct Scratch {
    float *sums, *gradients, *states;
    explicit Scratch(const Run& run)
        : sums(run.scratch),
          gradients(sums + kSliceInputs * kPanelWidth),
          states(gradients + kBlockSteps * kPanelWidth) {}
  };

  static RecurrentSizes sizes_of(const Node& node, const Graph& graph) {
    RecurrentSizes sizes = recurrent_sizes(node, graph.shape(node.inputs[x]));
    const int64_t rows = graph.shape(node.inputs[d_input])[2] / sizes.directions;
    const int64_t gates = rows / sizes.units;
    sizes.kind = gates == 1   ? RecurrentKind::rnn
                 : gates == 3 ? RecurrentKind::gru
                              : RecurrentKind::lstm;
    return sizes;
  }

  static int64_t parts(int64_t inputs) { return (inputs + kSliceInputs - 1) / kSliceInputs; }

  static Slice slice_of(const Panels& panels, int64_t panel, int64_t part, int64_t num_parts) {
    const int64_t height = (panels.depth + num_parts - 1) / num_parts, begin = part * height;
    const int64_t width = panels.width(panel);
    return {panel, begin, std::min(begin + height, panels.depth), width,
            panels.offset(panel) + begin * width};
  }

  void weight_slice(const Run& run, const Slice& slice) const {
    float* const sums = dw_.data(run) + slice.offset;
    std::fill_n(sums, (slice.end - slice.begin) * slice.width, 0.0f);
    for (int64_t r = 0; r < run.rows; ++r) {
      const int64_t length = lengths_.of(run, r);
      for_each_block(0, length, [&](int64_t t, int64_t steps) {
        copy_gradients(run, d_input_, r, t, steps, slice.panel);
        add_products(run, slice, run.row(x_, r) + t * sizes_.inputs + slice.begin, sizes_.inputs,
                     steps, sums);
      });
    }
  }

  void recurrence_slice(const Run& run, const Slice& slice) const {
    float* const sums = Scratch(run).sums;
    for (const Segment& segment : segments(slice.panel)) {
      std::fill_n(sums, (slice.end - slice.begin) * slice.width, 0.0f);
      for (int64_t r = 0; r < run.rows; ++r) add_row(run, slice, segment, r, sums);
      for (int64_t i = 0; i < slice.end - slice.begin; ++i) {
        std::copy(sums + i * slice.width + segment.first, sums + i * slice.width + segment.last,
                  dr_.data(run) + slice.offset + i * slice.width + segment.first);
      }
    }
    const int64_t used = std::min(kPanelWidth, columns_ - slice.panel * kPanelWidth);
    for (int64_t i = 0; i < slice.end - slice.begin; ++i) {
      std::fill_n(dr_.data(run) + slice.offset + i * slice.width + used, slice.width - used, 0.0f);
    }
  }

  // What a row of the batch adds: the state before each step times the gradient of its sums.
  void add_row(const Run& run, const Slice& slice, const Segment& segment, int64_t r,
               float* sums) const {
    const int64_t length = lengths_.of(run, r), n = sizes_.units, width = sizes_.states();
    if (length == 0) return;
    const bool reverse = sizes_.is_reverse(segment.direction);
    const int64_t column = segment.direction * n + slice.begin;
    const int64_t first = reverse ? length - 1 : 0;
    const auto add = [&](int64_t t, int64_t steps, const float* states, int64_t stride) {
      copy_gradients(run, d_recurrent_, r, t, steps, slice.panel);
      if (segment.sees_reset) {
        reset_states(run, slice, segment, r, t, steps, states, stride);
        states = Scratch(run).states, stride = slice.end - slice.begin;
      }
      add_products(run, slice, states, stride, steps, sums);
    };
    if (initial_h_) add(first, 1, initial_h_.row(run, r, column), width);
    const int64_t begin = reverse ? 0 : 1, end = reverse ? length - 1 : length;
    for_each_block(begin, end, [&](int64_t t, int64_t steps) {
      add(t, steps, run.row(y_, r) + (reverse ? t + 1 : t - 1) * width + column, width);
    });
  }

  // The states as a candidate sees them behind the reset gate.
  void reset_states(const Run& run, const Slice& slice, const Segment& segment, int64_t r,
                    int64_t t, int64_t steps, const float* states, int64_t stride) const {
    const int64_t n = sizes_.units, inputs = slice.end - slice.begin;
    float* to = Scratch(run).states;
    for (int64_t s = 0; s < steps; ++s, to += inputs) {
      const float* const gate = kept_.row(
          run, r, ((t + s) * sizes_.directions + segment.direction) * 4 * n + n + slice.begin);
      for (int64_t i = 0; i < inputs; ++i) to[i] = gate[i] * states[s * stride + i];
    }
  }

  // The gradients of one panel's sums, side by side, and 0 behind the last.
  void copy_gradients(const Run& run, const Storage& d_sums, int64_t r, int64_t t, int64_t steps,
                      int64_t panel) const {
    const int64_t first = panel * kPanelWidth, width = w_.width(panel);
    const int64_t used = std::min(kPanelWidth, columns_ - first);
    const float* from = run.row(d_sums, r) + t * columns_ + first;
    float* to = Scratch(run).gradients;
    for (int64_t s = 0; s < steps; ++s, from += columns_, to += width) {
      std::copy_n(from, used, to);
      std::fill_n(to + used, width - used, 0.0f);
    }
  }

  // sums[i, c] += sum over the steps of states[step, i] gradients[step, c]
  void add_products(const Run& run, const Slice& slice, const float* states, int64_t stride,
                    int64_t steps, float* sums) const {
    multiply_({.a = states,
               .a_row_stride = 1,
               .a_depth_stride = stride,
               .rows = slice.end - slice.begin,
               .depth = steps,
               .b = Scratch(run).gradients,
               .b_stride = slice.width,
               .columns = slice.width,
               .accumulate = true,
               .c = sums,
               .c_stride = slice.width});
  }

  void bias_slice(const Run& run, int64_t panel) const {
    const int64_t first = panel * kPanelWidth, rows = sizes_.gate_rows();
    const int64_t last = std::min(first + kPanelWidth, columns_);
    column_sums(run, d_input_, panel);
    for (int64_t c = first; c < last; ++c) bias_of(run, c, 0) = run.scratch[c - first];
    if (sizes_.kind == RecurrentKind::gru) column_sums(run, d_recurrent_, panel);
    for (int64_t c = first; c < last; ++c) bias_of(run, c, rows) = run.scratch[c - first];
  }
  // Each direction has the biases of the sums from x, then those of the sums from h.
  float& bias_of(const Run& run, int64_t column, int64_t offset) const {
    const int64_t rows = sizes_.gate_rows(), direction = column / rows;
    return db_.data(run)[2 * direction * rows + offset + column % rows];
  }

  void column_sums(const Run& run, const Storage& d_sums, int64_t panel) const {
    const int64_t width = w_.width(panel);
    float *const total = run.scratch, *const part = Scratch(run).states;
    std::fill_n(total, width, 0.0f);
    for (int64_t r = 0; r < run.rows; ++r) {
      for_each_block(0, lengths_.of(run, r), [&](int64_t t, int64_t steps) {
        copy_gradients(run, d_sums, r, t, steps, panel);
        sum_columns_(Scratch(run).gradients, width, steps, width, part);
        for (int64_t c = 0; c < width; ++c) total[c] += part[c];
      });
    }
  }

  template <class F>
  static void for_each_block(int64_t begin, int64_t end, F f) {
    for (int64_t t = begin; t < end; t += kBlockSteps) f(t, std::min(kBlockSteps, end - t));
  }

  std::vector<Segment> segments(int64_t panel) const {
    const int64_t first = panel * kPanelWidth, rows = sizes_.gate_rows();
    const int64_t last = std::min(first + kPanelWidth, columns_);
    std::vector<Segment> all;
    for (int64_t c = first; c < last;) {
      const int64_t direction = c / rows, candidate = direction * rows + 2 * sizes_.units;
      const bool reset = sees_reset_ && c >= candidate;
      const int64_t end = sees_reset_ && !reset ? candidate : (direction + 1) * rows;
      all.push_back({c - first, std::min(end, last) - first, direction, reset});
      c = end;
    }
    return all;
  }

  const RecurrentSizes sizes_;
  const bool sees_reset_;
  const Storage x_, y_, d_input_, d_recurrent_;
  const OptionalStorage kept_;
  const Lengths lengths_;
  const OptionalStorage initial_h_, dw_, dr_, db_;
  const int64_t columns_;
  const Panels w_, r_;
  const ProductFunction multiply_ = product_function();
  const ColumnSumFunction sum_columns_ = column_sum_function();
};

// Gradients stand as their weights do, unless nobody reads them.
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &op::recurrent_weight_gradient() &&
         (context.storage(node.outputs[0]).layout == Layout::panels ||
          context.storage(node.outputs[1]).layout == Layout::panels);
}

Parallel by_slices(const Node&, const LowerContext&) {
  return Parallel::slices;
}

std::unique_ptr<Kernel> make(const Node& node, const LowerContext& context) {
  return std::make_unique<RecurrentWeightGradient>(node, context);
}

}  // namespace

std::span<const KernelRow> recurrent_weight_kernels() {
  static const KernelRow rows[] = {
      {"weight gradients over all steps", accepts, by_slices, make, /*skips_unread=*/true}};
  return rows;
}

}  // namespace sinapse
