// The way back through time of context neurons.
#include "cpu/context.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/recurrent_cells.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace context;

class ContextBack : public Kernel {
 public:
  ContextBack(const Node& node, const LowerContext& context)
      : time_(context.graph.shape(node.inputs[back_kept])[1]),
        n_(context.graph.shape(node.inputs[back_recurrence])[0]),
        m_(context.graph.shape(node.inputs[back_recurrence])[1]),
        bptt_steps_(node.integer("bptt_steps")),
        kept_(context.storage(node.inputs[back_kept])),
        recurrence_(context.storage(node.inputs[back_recurrence])),
        lengths_{OptionalStorage::of(node.inputs, back_lengths, context), time_},
        output_weight_(OptionalStorage::of(node.inputs, back_output_weight, context)),
        d_y_(OptionalStorage::of(node.inputs, context::d_y, context)),
        d_last_y_(OptionalStorage::of(node.inputs, context::d_last_y, context)),
        d_last_state_(OptionalStorage::of(node.inputs, context::d_last_state, context)),
        mask_(OptionalStorage::of(node.inputs, back_mask, context)),
        d_hidden_(OptionalStorage::of(node.outputs, 0, context)),
        d_output_(OptionalStorage::of(node.outputs, 1, context)),
        d_initial_(OptionalStorage::of(node.outputs, 2, context)),
        hidden_values_(OptionalStorage::of(node.outputs, 3, context)),
        contexts_(OptionalStorage::of(node.outputs, 4, context)),
        to_context_({n_, m_}, /*transposed=*/true),
        to_hidden_({m_, n_}, /*transposed=*/true),
        hidden_(node.text("activation")),
        outer_(node.text("output_activation")),
        decay_(static_cast<float>(node.number("decay"))) {}

  int64_t scratch_floats() const override {
    Scratch scratch(nullptr);
    (void)memory_of(scratch);
    return scratch.taken();
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    Scratch scratch(run.scratch);
    Memory at = memory_of(scratch);
    to_context_.pack(run.data(recurrence_), recurrence_.layout, at.recurrence);
    if (output_weight_) {
      to_hidden_.pack(output_weight_.data(run), output_weight_.storage.layout, at.output_weight);
    }
    for (at.begin = begin; at.begin < end; at.begin += kBlockRows) {
      at.rows = std::min(kBlockRows, end - at.begin);
      walk_back(run, at);
    }
  }

 private:
  struct Memory {
    float *recurrence, *output_weight;        // packed
    float *d_state, *d_context, *d, *output;  // [rows, m]: of the state, through R, of the outputs
    float *d_hidden, *h;                      // [rows, n]
    int64_t begin = 0, rows = 0;
  };

  Memory memory_of(Scratch& scratch) const {
    const int64_t wide = kBlockRows * n_stride(), narrow = kBlockRows * m_stride();
    Memory at;
    at.recurrence = scratch.take(to_context_.size());
    at.output_weight = scratch.take(to_hidden_.size());
    at.d_state = scratch.take(narrow), at.d_context = scratch.take(narrow);
    at.d = scratch.take(narrow), at.output = scratch.take(narrow);
    at.d_hidden = scratch.take(wide), at.h = scratch.take(wide);
    return at;
  }

  void walk_back(const Run& run, const Memory& at) const {
    for (int64_t r = 0; r < at.rows; ++r) {
      float* const d_state = at.d_state + r * m_stride();
      std::fill_n(d_state, m_, 0.0f);
      if (d_last_state_) std::copy_n(d_last_state_.row(run, at.begin + r), m_, d_state);
    }
    for (int64_t t = time_ - 1; t >= 0; --t) step(run, at, t);
    for (int64_t r = 0; d_initial_ && r < at.rows; ++r) {
      std::copy_n(at.d_state + r * m_stride(), m_, d_initial_.row(run, at.begin + r));
    }
  }

  void step(const Run& run, const Memory& at, int64_t t) const {
    for (int64_t r = 0; r < at.rows; ++r) begin_row(run, at, r, t);
    if (output_weight_) {
      to_hidden_.multiply(at.d, m_stride(), at.rows, at.output_weight, /*accumulate=*/false,
                          at.d_hidden);
    } else {
      for (int64_t r = 0; r < at.rows; ++r) {
        std::copy_n(at.d + r * m_stride(), n_, at.d_hidden + r * n_stride());
      }
    }
    for (int64_t r = 0; r < at.rows; ++r) hidden_row(run, at, r, t);
    to_context_.multiply(at.d_hidden, n_stride(), at.rows, at.recurrence, false, at.d_context);
    for (int64_t r = 0; r < at.rows; ++r) finish_row(run, at, r, t);
  }

  bool is_over(const Run& run, const Memory& at, int64_t r, int64_t t) const {
    return t >= lengths_.of(run, at.begin + r);
  }
  // Hidden sums, output sums and context of a step.
  const float* kept(const Run& run, const Memory& at, int64_t r, int64_t t) const {
    return run.row(kept_, at.begin + r) + t * (n_ + 2 * m_);
  }

  // The gradient of the row's output sums, or of its outputs if there are no others.
  void begin_row(const Run& run, const Memory& at, int64_t r, int64_t t) const {
    const int64_t row = at.begin + r;
    float* const d = at.d + r * m_stride();
    if (is_over(run, at, r, t)) {
      std::fill_n(d, m_, 0.0f);
    } else {
      std::copy_n(at.d_state + r * m_stride(), m_, d);
      if (d_y_) cells_.add(d_y_.row(run, row, t * m_), m_, d);
      if (d_last_y_ && t == lengths_.of(run, row) - 1) cells_.add(d_last_y_.row(run, row), m_, d);
      if (output_weight_) {
        const float* const sums_of_outputs = kept(run, at, r, t) + n_;
        float* const output = at.output + r * m_stride();
        outer_.forward(sums_of_outputs, output, m_);
        outer_.backward(sums_of_outputs, output, d, d, m_);
      }
    }
    if (!d_output_) return;
    float* const to = d_output_.row(run, row, t * m_);
    output_weight_ ? std::copy_n(d, m_, to) : std::fill_n(to, m_, 0.0f);
  }

  void hidden_row(const Run& run, const Memory& at, int64_t r, int64_t t) const {
    const int64_t row = at.begin + r;
    float *const d = at.d_hidden + r * n_stride(), *const h = at.h + r * n_stride();
    if (is_over(run, at, r, t)) {
      std::fill_n(d, n_, 0.0f);
      std::fill_n(h, n_, 0.0f);
    } else {
      const float* const a = kept(run, at, r, t);
      hidden_.forward(a, h, n_);
      hidden_.backward(a, h, d, d, n_);
    }
    if (d_hidden_) std::copy_n(d, n_, d_hidden_.row(run, row, t * n_));
    if (hidden_values_) std::copy_n(h, n_, hidden_values_.row(run, row, t * n_));
  }

  // Back to the context before the step, which is put out as R saw it.
  void finish_row(const Run& run, const Memory& at, int64_t r, int64_t t) const {
    const int64_t row = at.begin + r;
    float* const seen = contexts_ ? contexts_.row(run, row, t * m_) : nullptr;
    if (is_over(run, at, r, t)) {
      if (seen) std::fill_n(seen, m_, 0.0f);
      return;
    }
    float *const d_state = at.d_state + r * m_stride(), *const d = at.d_context + r * m_stride();
    if (mask_) cells_.multiply(d, mask_.row(run, row), m_, d);
    for (int64_t i = 0; i < m_; ++i) d_state[i] = decay_ * d_state[i] + d[i];
    if (begins_piece(t, bptt_steps_)) std::fill_n(d_state, m_, 0.0f);
    if (!seen) return;
    const float* const before = kept(run, at, r, t) + n_ + m_;
    mask_ ? cells_.multiply(before, mask_.row(run, row), m_, seen)
          : (void)std::copy_n(before, m_, seen);
  }

  int64_t n_stride() const { return to_hidden_.stride(); }
  int64_t m_stride() const { return to_context_.stride(); }

  const int64_t time_, n_, m_, bptt_steps_;
  const Storage kept_, recurrence_;
  const Lengths lengths_;
  const OptionalStorage output_weight_, d_y_, d_last_y_, d_last_state_, mask_, d_hidden_, d_output_,
      d_initial_, hidden_values_, contexts_;
  const PackedProduct to_context_, to_hidden_;
  const NeuronFunction hidden_, outer_;
  const float decay_;
  const CellFunctions& cells_ = cell_functions();
};

bool accepts(const Node& node, const LowerContext&) {
  return node.op == &op::context_sums_gradient() && is_element_wise(node);
}

}  // namespace

std::span<const KernelRow> context_gradient_kernels() {
  static const KernelRow rows[] = {
      {"context back through time", accepts, by_rows, make<ContextBack>, /*skips_unread=*/true}};
  return rows;
}

}  // namespace sinapse
