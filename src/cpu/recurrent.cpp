// RNN, LSTM and GRU forwards. For each step of time two products, x with W and h with R, then the
// cell along the units of every row.
#include "cpu/recurrent.h"

#include "cpu/activation.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/recurrent_cells.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace recurrent;

class RecurrentForward : public Kernel {
 public:
  RecurrentForward(const Node& node, const LowerContext& context)
      : sizes_(recurrent_sizes(node, context.graph.shape(node.inputs[x]))),
        is_lstm_(sizes_.kind == RecurrentKind::lstm),
        is_gru_(sizes_.kind == RecurrentKind::gru),
        linear_before_reset_(is_gru_ && node.integer("linear_before_reset") != 0),
        x_(context.storage(node.inputs[x])),
        weight_(context.storage(node.inputs[weight])),
        recurrence_(context.storage(node.inputs[recurrence])),
        bias_(context.storage(node.inputs[bias])),
        lengths_{OptionalStorage::of(node.inputs, lengths, context), sizes_.time},
        initial_h_(OptionalStorage::of(node.inputs, initial_h, context)),
        initial_c_(OptionalStorage::of(node.inputs, initial_c, context)),
        peepholes_(OptionalStorage::of(node.inputs, peepholes, context)),
        mask_(OptionalStorage::of(node.inputs, mask, context)),
        y_(OptionalStorage::of(node.outputs, 0, context)),
        last_h_(OptionalStorage::of(node.outputs, 1, context)),
        kept_(OptionalStorage::of(node.outputs, node.outputs.size() - 1, context)) {
    if (is_lstm_) last_c_ = OptionalStorage::of(node.outputs, 2, context);
    if (sizes_.kind == RecurrentKind::rnn) {
      const Activation activation = parse_activation(node.text("activation"));
      activate_ = activation_kernels(activation);
      constants_.assign(activation.constants.begin(), activation.constants.end());
    }
  }

  int64_t scratch_floats() const override {
    return Block(nullptr, sizes_, is_gru_, mask_.present).size();
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t first = begin; first < end; first += kBlockRows) {
      for (int64_t d = 0; d < sizes_.directions; ++d) {
        Direction direction(run, sizes_, d, is_gru_, mask_.present);
        direction.begin = first;
        direction.rows = std::min(kBlockRows, end - first);
        walk_through_time(run, direction);
      }
    }
  }

 private:
  // A thread's memory for one block of rows.
  struct Block {
    int64_t state_stride, sums_stride;
    float *h, *c, *sums, *recurrent_sums, *candidate, *reset, *masked, *bias, *end;

    Block(float* scratch, const RecurrentSizes& sizes, bool is_gru, bool is_masked)
        : state_stride(padded_stride(sizes.units + kLaneMultiple)),
          sums_stride(padded_stride(sizes.gate_rows() + 2 * kLaneMultiple)),
          h(scratch),
          c(h + kBlockRows * state_stride),
          sums(c + kBlockRows * state_stride),
          recurrent_sums(sums + kBlockRows * sums_stride),
          candidate(recurrent_sums + (is_gru ? kBlockRows * sums_stride : 0)),
          reset(candidate + (is_gru ? kBlockRows * state_stride : 0)),
          masked(reset + (is_gru ? kBlockRows * state_stride : 0)),
          bias(masked + (is_masked ? kBlockRows * state_stride : 0)),
          end(bias + sums_stride) {}
    int64_t size() const { return end - h; }
  };

  // One direction of a block: where its weights stand.
  struct Direction : Block {
    int64_t index, begin = 0, rows = 0;
    bool reverse;
    PanelColumns from_x, from_h, gates, candidate_columns;

    Direction(const Run& run, const RecurrentSizes& s, int64_t direction, bool is_gru,
              bool is_masked)
        : Block(run.scratch, s, is_gru, is_masked),
          index(direction),
          reverse(s.is_reverse(direction)) {
      const int64_t all = s.directions * s.gate_rows(), first = direction * s.gate_rows();
      const Panels w{.depth = s.inputs, .columns = all}, r{.depth = s.units, .columns = all};
      from_x = PanelColumns(w, first, first + s.gate_rows());
      from_h = PanelColumns(r, first, first + s.gate_rows());
      gates = PanelColumns(r, first, first + 2 * s.units);  // z, r of a GRU
      candidate_columns = PanelColumns(r, first + 2 * s.units, first + s.gate_rows());
    }
  };

  void walk_through_time(const Run& run, const Direction& at) const {
    start(run, at);
    const int64_t most = lengths_.most(run, at.begin, at.begin + at.rows);
    walk(at.reverse, most, [&](int64_t t, int64_t) { step(run, at, t); });
    for (int64_t t = most; t < sizes_.time; ++t) {
      for (int64_t r = 0; r < at.rows; ++r) sleep(run, at, r, t);
    }
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t row = at.begin + r, column = at.index * sizes_.units;
      if (last_h_) std::copy_n(h(at, r), sizes_.units, last_h_.row(run, row, column));
      if (last_c_) std::copy_n(c(at, r), sizes_.units, last_c_.row(run, row, column));
    }
  }

  void start(const Run& run, const Direction& at) const {
    const int64_t n = sizes_.units;
    const auto set = [&](const OptionalStorage& initial, int64_t row, float* to) {
      if (initial) {
        std::copy_n(initial.row(run, row, at.index * n), n, to);
      } else {
        std::fill_n(to, n, 0.0f);
      }
    };
    for (int64_t r = 0; r < at.rows; ++r) {
      set(initial_h_, at.begin + r, h(at, r));
      set(initial_c_, at.begin + r, c(at, r));
    }
    // A GRU keeps the sums from x and from h apart, and so their biases.
    std::copy_n(input_bias(run, at), sizes_.gate_rows(), at.bias + at.from_x.shift());
    if (!is_gru_) {
      add_(recurrent_bias(run, at), sizes_.gate_rows(), at.bias + at.from_x.shift());
    }
  }

  void step(const Run& run, const Direction& at, int64_t t) const {
    at.from_x.multiply(multiply_,
                       {.a = run.row(x_, at.begin) + t * sizes_.inputs,
                        .a_row_stride = x_.stride,
                        .rows = at.rows,
                        .depth = sizes_.inputs,
                        .c = at.sums,
                        .c_stride = at.sums_stride},
                       run.data(weight_), at.bias + at.from_x.shift());
    if (is_gru_) return gru_step(run, at, t);
    Product product = from_state(at, seen_states(run, at));
    product.accumulate = true;
    product.c = at.sums;
    at.from_h.multiply(multiply_, product, run.data(recurrence_), nullptr);
    for (int64_t r = 0; r < at.rows; ++r) {
      if (sleep(run, at, r, t)) continue;
      is_lstm_ ? lstm_cell(run, at, r, t) : rnn_cell(run, at, r, t);
      show(run, at, r, t);
    }
  }

  void lstm_cell(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    const float* peepholes = peepholes_.data(run);
    cells_.lstm({.units = sizes_.units,
                 .sums = sums(at, r),
                 .peepholes = peepholes ? peepholes + at.index * 3 * sizes_.units : nullptr,
                 .h = h(at, r),
                 .c = c(at, r),
                 .kept = kept(run, at, r, t)});
  }

  void rnn_cell(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    if (float* const to = kept(run, at, r, t)) std::copy_n(sums(at, r), sizes_.units, to);
    activate_.forward(sums(at, r), h(at, r), sizes_.units, constants_.data());
  }

  void gru_step(const Run& run, const Direction& at, int64_t t) const {
    const int64_t n = sizes_.units;
    const float *r_weights = run.data(recurrence_), *r_bias = recurrent_bias(run, at);
    const float* const seen = seen_states(run, at);
    Product product = from_state(at, seen);
    product.c = at.recurrent_sums;
    const PanelColumns& first = linear_before_reset_ ? at.from_h : at.gates;
    first.multiply(multiply_, product, r_weights, r_bias);
    for (int64_t r = 0; r < at.rows; ++r) {
      cells_.gru_gates({.units = n,
                        .recurrent_sums = recurrent_sums(at, r),
                        .sums = sums(at, r),
                        .h = seen + r * at.state_stride,
                        .reset = linear_before_reset_ ? nullptr : at.reset + r * at.state_stride});
    }
    if (!linear_before_reset_) {
      product = from_state(at, at.reset);
      product.c = at.candidate;
      product.c_stride = at.state_stride;
      at.candidate_columns.multiply(multiply_, product, r_weights, r_bias + 2 * n);
    }
    for (int64_t r = 0; r < at.rows; ++r) {
      if (sleep(run, at, r, t)) continue;
      cells_.gru({.units = n,
                  .gates = sums(at, r),
                  .candidate = linear_before_reset_ ? recurrent_sums(at, r) + 2 * n
                                                    : at.candidate + r * at.state_stride +
                                                          at.candidate_columns.shift(),
                  .linear_before_reset = linear_before_reset_,
                  .h = h(at, r),
                  .kept = kept(run, at, r, t)});
      show(run, at, r, t);
    }
  }

  Product from_state(const Direction& at, const float* states) const {
    return {.a = states,
            .a_row_stride = at.state_stride,
            .rows = at.rows,
            .depth = sizes_.units,
            .c_stride = at.sums_stride};
  }

  // What of the states goes into the recurrent product.
  const float* seen_states(const Run& run, const Direction& at) const {
    if (!mask_) return at.h;
    for (int64_t r = 0; r < at.rows; ++r) {
      cells_.multiply(h(at, r), mask_.row(run, at.begin + r, at.index * sizes_.units), sizes_.units,
                      at.masked + r * at.state_stride);
    }
    return at.masked;
  }

  // Whether the row's sequence is over; what it would have put out is then 0.
  bool sleep(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    if (t < lengths_.of(run, at.begin + r)) return false;
    const int64_t n = sizes_.units;
    if (y_) std::fill_n(y(run, at, r, t), n, 0.0f);
    if (kept_) std::fill_n(kept(run, at, r, t), sizes_.kept() * n, 0.0f);
    return true;
  }

  void show(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    if (y_) std::copy_n(h(at, r), sizes_.units, y(run, at, r, t));
  }

  float* h(const Direction& at, int64_t r) const { return at.h + r * at.state_stride; }
  float* c(const Direction& at, int64_t r) const { return at.c + r * at.state_stride; }
  float* sums(const Direction& at, int64_t r) const {
    return at.sums + r * at.sums_stride + at.from_x.shift();
  }
  float* recurrent_sums(const Direction& at, int64_t r) const {
    return at.recurrent_sums + r * at.sums_stride + at.from_h.shift();
  }
  float* y(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    return y_.row(run, at.begin + r, t * sizes_.states() + at.index * sizes_.units);
  }
  float* kept(const Run& run, const Direction& at, int64_t r, int64_t t) const {
    return kept_.row(run, at.begin + r,
                     (t * sizes_.directions + at.index) * sizes_.kept() * sizes_.units);
  }
  const float* input_bias(const Run& run, const Direction& at) const {
    return run.data(bias_) + 2 * at.index * sizes_.gate_rows();
  }
  const float* recurrent_bias(const Run& run, const Direction& at) const {
    return input_bias(run, at) + sizes_.gate_rows();
  }

  const RecurrentSizes sizes_;
  const bool is_lstm_, is_gru_, linear_before_reset_;
  const Storage x_, weight_, recurrence_, bias_;
  const Lengths lengths_;
  const OptionalStorage initial_h_, initial_c_, peepholes_, mask_, y_, last_h_;
  OptionalStorage last_c_;
  const OptionalStorage kept_;
  ActivationKernels activate_{};
  std::vector<float> constants_;
  const CellFunctions& cells_ = cell_functions();
  void (*const add_)(const float*, int64_t, float*) = cells_.add;
  const ProductFunction multiply_ = product_function();
};

bool accepts_forward(const Node& node, const LowerContext& context) {
  return (node.op == &op::rnn() || node.op == &op::lstm() || node.op == &op::gru()) &&
         context.storage(node.inputs[recurrence]).layout == Layout::panels;
}

std::unique_ptr<Kernel> make_forward(const Node& node, const LowerContext& context) {
  return std::make_unique<RecurrentForward>(node, context);
}

}  // namespace

std::span<const KernelRow> recurrent_kernels() {
  static const KernelRow rows[] = {
      {"rows through time", accepts_forward, by_rows, make_forward, /*skips_unread=*/true}};
  return rows;
}

}  // namespace sinapse
