// Context neurons through time: a block of rows takes all steps on one thread.
#include "cpu/context.h"

#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/recurrent_cells.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace context;

class ContextForward : public Kernel {
 public:
  ContextForward(const Node& node, const LowerContext& context)
      : time_(context.graph.shape(node.inputs[sums])[1]),
        n_(context.graph.shape(node.inputs[recurrence])[0]),
        m_(context.graph.shape(node.inputs[recurrence])[1]),
        sums_(context.storage(node.inputs[sums])),
        recurrence_(context.storage(node.inputs[recurrence])),
        lengths_{OptionalStorage::of(node.inputs, lengths, context), time_},
        initial_(OptionalStorage::of(node.inputs, initial, context)),
        output_weight_(OptionalStorage::of(node.inputs, output_weight, context)),
        output_bias_(OptionalStorage::of(node.inputs, output_bias, context)),
        mask_(OptionalStorage::of(node.inputs, mask, context)),
        y_(OptionalStorage::of(node.outputs, 0, context)),
        last_(OptionalStorage::of(node.outputs, 1, context)),
        state_(OptionalStorage::of(node.outputs, 2, context)),
        kept_(OptionalStorage::of(node.outputs, 3, context)),
        from_context_({n_, m_}, /*transposed=*/false),
        to_outputs_({m_, n_}, /*transposed=*/false),
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
    from_context_.pack(run.data(recurrence_), recurrence_.layout, at.recurrence);
    if (output_weight_) {
      to_outputs_.pack(output_weight_.data(run), output_weight_.storage.layout, at.output_weight);
    }
    for (at.begin = begin; at.begin < end; at.begin += kBlockRows) {
      at.rows = std::min(kBlockRows, end - at.begin);
      walk_through_time(run, at);
    }
  }

 private:
  struct Memory {
    float *recurrence, *output_weight;  // packed
    float *state, *seen, *last;         // [rows, m]
    float *a, *h;                       // [rows, n]: hidden sums and outputs
    int64_t begin = 0, rows = 0;
  };

  Memory memory_of(Scratch& scratch) const {
    const int64_t wide = kBlockRows * n_stride(), narrow = kBlockRows * m_stride();
    Memory at;
    at.recurrence = scratch.take(from_context_.size());
    at.output_weight = scratch.take(to_outputs_.size());
    at.state = scratch.take(narrow), at.seen = scratch.take(narrow), at.last = scratch.take(narrow);
    at.a = scratch.take(wide), at.h = scratch.take(wide);
    return at;
  }

  void walk_through_time(const Run& run, const Memory& at) const {
    for (int64_t r = 0; r < at.rows; ++r) {
      float* const state = at.state + r * m_stride();
      std::fill_n(state, m_, 0.0f);
      if (initial_) std::copy_n(initial_.row(run, at.begin + r), m_, state);
      if (last_) std::fill_n(last_.row(run, at.begin + r), m_, 0.0f);
    }
    for (int64_t t = 0; t < time_; ++t) step(run, at, t);
    for (int64_t r = 0; state_ && r < at.rows; ++r) {
      std::copy_n(at.state + r * m_stride(), m_, state_.row(run, at.begin + r));
    }
  }

  void step(const Run& run, const Memory& at, int64_t t) const {
    for (int64_t r = 0; r < at.rows; ++r) {
      std::copy_n(run.row(sums_, at.begin + r) + t * n_, n_, at.a + r * n_stride());
      if (!mask_) continue;
      cells_.multiply(at.state + r * m_stride(), mask_.row(run, at.begin + r), m_,
                      at.seen + r * m_stride());
    }
    from_context_.multiply(mask_ ? at.seen : at.state, m_stride(), at.rows, at.recurrence,
                           /*accumulate=*/true, at.a);
    for (int64_t r = 0; r < at.rows; ++r) {
      hidden_.forward(at.a + r * n_stride(), at.h + r * n_stride(), n_);
    }
    const float* sums_of_outputs = nullptr;
    if (output_weight_) {
      for (int64_t r = 0; r < at.rows; ++r) {
        std::fill_n(at.last + r * m_stride(), m_, 0.0f);
        if (output_bias_) std::copy_n(output_bias_.data(run), m_, at.last + r * m_stride());
      }
      to_outputs_.multiply(at.h, n_stride(), at.rows, at.output_weight, true, at.last);
      sums_of_outputs = at.last;
    }
    for (int64_t r = 0; r < at.rows; ++r) finish_row(run, at, r, t, sums_of_outputs);
  }

  // Keeps, puts out and remembers, unless the row's sequence is over.
  void finish_row(const Run& run, const Memory& at, int64_t r, int64_t t,
                  const float* output_sums) const {
    const int64_t row = at.begin + r, width = n_ + 2 * m_;
    const bool over = t >= lengths_.of(run, row);
    float* const kept = kept_.row(run, row, t * width);
    float* const y = y_.row(run, row, t * m_);
    if (over) {
      if (kept) std::fill_n(kept, width, 0.0f);
      if (y) std::fill_n(y, m_, 0.0f);
      return;
    }
    float *const state = at.state + r * m_stride(), *const last = at.last + r * m_stride();
    if (kept) {
      std::copy_n(at.a + r * n_stride(), n_, kept);
      output_sums ? std::copy_n(last, m_, kept + n_) : std::fill_n(kept + n_, m_, 0.0f);
      std::copy_n(state, m_, kept + n_ + m_);
    }
    if (output_sums) {
      outer_.forward(last, last, m_);
    } else {
      std::copy_n(at.h + r * n_stride(), m_, last);
    }
    if (y) std::copy_n(last, m_, y);
    if (last_) std::copy_n(last, m_, last_.row(run, row));
    for (int64_t i = 0; i < m_; ++i) state[i] = decay_ * state[i] + last[i];
  }

  int64_t n_stride() const { return from_context_.stride(); }
  int64_t m_stride() const { return to_outputs_.stride(); }

  const int64_t time_, n_, m_;
  const Storage sums_, recurrence_;
  const Lengths lengths_;
  const OptionalStorage initial_, output_weight_, output_bias_, mask_, y_, last_, state_, kept_;
  const PackedProduct from_context_, to_outputs_;
  const NeuronFunction hidden_, outer_;
  const float decay_;
  const CellFunctions& cells_ = cell_functions();
};

bool accepts(const Node& node, const LowerContext&) {
  return node.op == &op::context() && is_element_wise(node);
}

}  // namespace

std::span<const KernelRow> context_kernels() {
  static const KernelRow rows[] = {
      {"context through time", accepts, by_rows, make<ContextForward>, /*skips_unread=*/true}};
  return rows;
}

}  // namespace sinapse
