// The way back through time of RNN, LSTM and GRU.
#include "cpu/activation.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/recurrent.h"
#include "cpu/recurrent_cells.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kDepth = 128;  // of a panel: 32 KB

// For each step: the cell backwards along the units of every row, then the product of the
// gradients of the sums with R, from its transposed copy.
class BackThroughTime : public Kernel {
 public:
  BackThroughTime(const Node& node, const LowerContext& context)
      : sizes_(recurrent_sizes(node, context.graph.shape(node.inputs[recurrent_back::x]))),
        is_lstm_(sizes_.kind == RecurrentKind::lstm),
        is_gru_(sizes_.kind == RecurrentKind::gru),
        linear_before_reset_(is_gru_ && node.integer("linear_before_reset") != 0),
        bptt_steps_(node.integer("bptt_steps")),
        recurrence_(context.transposed[node.inputs[recurrent_back::recurrence]]),
        peepholes_(input(node, recurrent_back::peepholes, context)),
        lengths_{input(node, recurrent_back::lengths, context), sizes_.time},
        initial_h_(input(node, recurrent_back::initial_h, context)),
        initial_c_(input(node, recurrent_back::initial_c, context)),
        y_(input(node, recurrent_back::y, context)),
        kept_(input(node, recurrent_back::kept, context)),
        d_y_(input(node, recurrent_back::d_y, context)),
        d_last_h_(input(node, recurrent_back::d_last_h, context)),
        d_last_c_(input(node, recurrent_back::d_last_c, context)),
        mask_(input(node, recurrent_back::mask, context)),
        d_input_(context.storage(node.outputs[0])),
        d_initial_h_(OptionalStorage::of(node.outputs, 1, context)),
        d_initial_c_(OptionalStorage::of(node.outputs, 2, context)),
        d_recurrent_(context.storage(node.outputs[is_gru_ ? 3 : 0])),
        panels_{.depth = sizes_.directions * sizes_.gate_rows(), .columns = sizes_.units},
        stride_(padded_stride(sizes_.units)) {
    if (sizes_.kind == RecurrentKind::rnn) {
      const Activation activation = parse_activation(node.text("activation"));
      activate_ = activation_kernels(activation);
      constants_.assign(activation.constants.begin(), activation.constants.end());
    }
  }

  int64_t scratch_floats() const override { return (mask_ ? 4 : 3) * kBlockRows * stride_; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t first = begin; first < end; first += kBlockRows) {
      for (int64_t d = 0; d < sizes_.directions; ++d) {
        walk_back(run, {.direction = d,
                        .begin = first,
                        .rows = std::min(kBlockRows, end - first),
                        .reverse = sizes_.is_reverse(d),
                        .dh = run.scratch,
                        .dc = run.scratch + kBlockRows * stride_,
                        .d_reset = run.scratch + 2 * kBlockRows * stride_,
                        .d_seen = run.scratch + 3 * kBlockRows * stride_});
      }
    }
  }

 private:
  struct Block {
    int64_t direction, begin, rows;
    bool reverse;
    float *dh, *dc, *d_reset, *d_seen;
  };

  static OptionalStorage input(const Node& node, size_t index, const LowerContext& context) {
    return OptionalStorage::of(node.inputs, index, context);
  }

  void walk_back(const Run& run, const Block& at) const {
    const int64_t n = sizes_.units, column = at.direction * n;
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t row = at.begin + r;
      const auto start = [&](const OptionalStorage& given, float* to) {
        std::fill_n(to, stride_, 0.0f);
        if (given) std::copy_n(given.row(run, row, column), n, to);
      };
      start(d_last_h_, at.dh + r * stride_);
      start(d_last_c_, at.dc + r * stride_);
    }
    const int64_t most = lengths_.most(run, at.begin, at.begin + at.rows);
    for (int64_t t = most; t < sizes_.time; ++t) {
      for (int64_t r = 0; r < at.rows; ++r) sleep(run, at, r, t);
    }
    walk(!at.reverse, most, [&](int64_t t, int64_t) {
      step(run, at, t);
      if (bptt_steps_ > 0) cut_pieces(run, at, t);
    });
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t row = at.begin + r;
      if (d_initial_h_) std::copy_n(at.dh + r * stride_, n, d_initial_h_.row(run, row, column));
      if (d_initial_c_) std::copy_n(at.dc + r * stride_, n, d_initial_c_.row(run, row, column));
    }
  }

  void step(const Run& run, const Block& at, int64_t t) const {
    for (int64_t r = 0; r < at.rows; ++r) {
      if (sleep(run, at, r, t)) continue;
      if (is_lstm_) {
        lstm_cell(run, at, r, t);
      } else if (is_gru_) {
        gru_cell(run, at, r, t);
      } else {
        rnn_cell(run, at, r, t);
      }
    }
    const int64_t n = sizes_.units;
    if (is_gru_ && !linear_before_reset_) {
      multiply(run, at, t, 2 * n, n, at.d_reset, /*accumulate=*/false);
      for (int64_t r = 0; r < at.rows; ++r) {
        if (!sleep(run, at, r, t)) reset_gate(run, at, r, t);
      }
      return add_through_recurrence(run, at, t, 2 * n);
    }
    add_through_recurrence(run, at, t, sizes_.gate_rows());
  }

  // The gradients of the step's first `depth` sums, through R and the mask to the states before.
  void add_through_recurrence(const Run& run, const Block& at, int64_t t, int64_t depth) const {
    if (!mask_) return multiply(run, at, t, 0, depth, at.dh, /*accumulate=*/true);
    multiply(run, at, t, 0, depth, at.d_seen, /*accumulate=*/false);
    for (int64_t r = 0; r < at.rows; ++r) {
      cells_.add_product(at.d_seen + r * stride_, mask(run, at, r), sizes_.units,
                         at.dh + r * stride_);
    }
  }

  // Where a piece begins, the states before are taken as they are.
  void cut_pieces(const Run& run, const Block& at, int64_t t) const {
    for (int64_t r = 0; r < at.rows; ++r) {
      const int64_t length = lengths_.of(run, at.begin + r);
      if (t >= length || !begins_piece(at.reverse ? length - 1 - t : t, bptt_steps_)) continue;
      std::fill_n(at.dh + r * stride_, sizes_.units, 0.0f);
      std::fill_n(at.dc + r * stride_, sizes_.units, 0.0f);
    }
  }

  // to += (gradients of some sums of the step) R; those of sleeping rows are 0.
  void multiply(const Run& run, const Block& at, int64_t t, int64_t first, int64_t depth, float* to,
                bool accumulate) const {
    const int64_t begin = at.direction * sizes_.gate_rows() + first;
    Product product{.a_row_stride = d_recurrent_.stride, .rows = at.rows, .c_stride = stride_};
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      product.b_stride = product.columns = panels_.width(panel);
      product.c = to + panel * kPanelWidth;
      // As much of a panel as stays in the first cache meets all rows before the rest.
      for (int64_t done = 0; done < depth; done += kDepth) {
        product.a = run.row(d_recurrent_, at.begin) + t * panels_.depth + begin + done;
        product.b =
            run.data(recurrence_) + panels_.offset(panel) + (begin + done) * panels_.width(panel);
        product.depth = std::min(kDepth, depth - done);
        product.accumulate = accumulate || done > 0;
        multiply_(product);
      }
    }
  }

  void lstm_cell(const Run& run, const Block& at, int64_t r, int64_t t) const {
    const int64_t before = previous(at, t);
    const float* const peepholes = peepholes_.data(run);
    const float* const c = is_first(run, at, r, t)
                               ? initial_c_.row(run, at.begin + r, at.direction * sizes_.units)
                               : kept(run, at, r, before) + 4 * sizes_.units;
    cells_.lstm_back(
        {.units = sizes_.units,
         .kept = kept(run, at, r, t),
         .c = c,
         .dy = d_y(run, at, r, t),
         .peepholes = peepholes ? peepholes + at.direction * 3 * sizes_.units : nullptr,
         .dh = at.dh + r * stride_,
         .dc = at.dc + r * stride_,
         .d_sums = d_sums(run, d_input_, at, r, t)});
  }

  void rnn_cell(const Run& run, const Block& at, int64_t r, int64_t t) const {
    const int64_t n = sizes_.units;
    float* const dh = at.dh + r * stride_;
    if (const float* dy = d_y(run, at, r, t)) cells_.add(dy, n, dh);
    const float* const saved = activate_.saves_output ? y(run, at, r, t) : kept(run, at, r, t);
    activate_.backward(saved, dh, d_sums(run, d_input_, at, r, t), n, constants_.data());
    std::fill_n(dh, n, 0.0f);
  }

  void gru_cell(const Run& run, const Block& at, int64_t r, int64_t t) const {
    cells_.gru_back({.units = sizes_.units,
                     .kept = kept(run, at, r, t),
                     .h = state_before(run, at, r, t),
                     .dy = d_y(run, at, r, t),
                     .linear_before_reset = linear_before_reset_,
                     .dh = at.dh + r * stride_,
                     .d_input = d_sums(run, d_input_, at, r, t),
                     .d_recurrent = d_sums(run, d_recurrent_, at, r, t)});
  }

  void reset_gate(const Run& run, const Block& at, int64_t r, int64_t t) const {
    float* const d_reset = at.d_reset + r * stride_;
    if (mask_) cells_.multiply(d_reset, mask(run, at, r), sizes_.units, d_reset);
    cells_.gru_reset_back({.units = sizes_.units,
                           .kept = kept(run, at, r, t),
                           .h = state_before(run, at, r, t),
                           .d_reset = d_reset,
                           .dh = at.dh + r * stride_,
                           .d_input = d_sums(run, d_input_, at, r, t),
                           .d_recurrent = d_sums(run, d_recurrent_, at, r, t)});
  }

  // Whether the row's sequence was over before this step; it then has no gradients.
  bool sleep(const Run& run, const Block& at, int64_t r, int64_t t) const {
    if (t < lengths_.of(run, at.begin + r)) return false;
    std::fill_n(d_sums(run, d_input_, at, r, t), sizes_.gate_rows(), 0.0f);
    if (is_gru_) std::fill_n(d_sums(run, d_recurrent_, at, r, t), sizes_.gate_rows(), 0.0f);
    return true;
  }

  bool is_first(const Run& run, const Block& at, int64_t r, int64_t t) const {
    return t == (at.reverse ? lengths_.of(run, at.begin + r) - 1 : 0);
  }
  int64_t previous(const Block& at, int64_t t) const { return at.reverse ? t + 1 : t - 1; }
  const float* state_before(const Run& run, const Block& at, int64_t r, int64_t t) const {
    return is_first(run, at, r, t) ? initial_h_.row(run, at.begin + r, at.direction * sizes_.units)
                                   : y(run, at, r, previous(at, t));
  }
  const float* mask(const Run& run, const Block& at, int64_t r) const {
    return mask_.row(run, at.begin + r, at.direction * sizes_.units);
  }
  float* y(const Run& run, const Block& at, int64_t r, int64_t t) const {
    return y_.row(run, at.begin + r, t * sizes_.states() + at.direction * sizes_.units);
  }
  float* d_y(const Run& run, const Block& at, int64_t r, int64_t t) const {
    return d_y_.row(run, at.begin + r, t * sizes_.states() + at.direction * sizes_.units);
  }
  float* kept(const Run& run, const Block& at, int64_t r, int64_t t) const {
    return kept_.row(run, at.begin + r,
                     (t * sizes_.directions + at.direction) * sizes_.kept() * sizes_.units);
  }
  float* d_sums(const Run& run, const Storage& to, const Block& at, int64_t r, int64_t t) const {
    return run.row(to, at.begin + r) + (t * sizes_.directions + at.direction) * sizes_.gate_rows();
  }

  const RecurrentSizes sizes_;
  const bool is_lstm_, is_gru_, linear_before_reset_;
  const int64_t bptt_steps_;
  const Storage recurrence_;
  const OptionalStorage peepholes_;
  const Lengths lengths_;
  const OptionalStorage initial_h_, initial_c_, y_, kept_, d_y_, d_last_h_, d_last_c_, mask_;
  const Storage d_input_;
  const OptionalStorage d_initial_h_, d_initial_c_;
  const Storage d_recurrent_;
  const Panels panels_;  // of the transposed copy
  const int64_t stride_;
  ActivationKernels activate_{};
  std::vector<float> constants_;
  const CellFunctions& cells_ = cell_functions();
  const ProductFunction multiply_ = product_function();
};

bool accepts_sums(const Node& node, const LowerContext& context) {
  return (node.op == &op::rnn_sums_gradient() || node.op == &op::lstm_sums_gradient() ||
          node.op == &op::gru_sums_gradient()) &&
         context.storage(node.inputs[recurrent_back::recurrence]).layout == Layout::panels;
}

}  // namespace

std::span<const KernelRow> recurrent_gradient_kernels() {
  static const KernelRow rows[] = {
      {"rows back through time", accepts_sums, by_rows, make<BackThroughTime>},
  };
  return rows;
}

}  // namespace sinapse
