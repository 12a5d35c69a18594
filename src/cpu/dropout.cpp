// Dropout and its kin: random bits for a row, then what they do to it.
#include "cpu/columns.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/noise.h"
#include "ops/noise_dropout.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

class MaskedDropout : public Kernel {
 public:
  MaskedDropout(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        purpose_(static_cast<uint32_t>(node.integer("purpose"))),
        op_(*node.op),
        rate_(node.number("rate")) {}

  int64_t scratch_floats() const override { return x_.columns; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    auto* bits = reinterpret_cast<uint32_t*>(run.scratch);
    const MaskedAffine mask = masked_affine(op_, rate_ * run.state.dropout_share);
    for (int64_t r = begin; r < end; ++r) {
      random_bits_(run.state.seed, purpose_, run.state.step, r * x_.columns, x_.columns, bits);
      functions_.drop(run.row(x_, r), run.row(y_, r), bits, x_.columns, mask.threshold,
                      static_cast<float>(mask.scale), static_cast<float>(mask.offset),
                      static_cast<float>(mask.dropped));
    }
  }

 private:
  const Storage x_, y_;
  const uint32_t purpose_;
  const Operator& op_;
  const double rate_;
  const ColumnFunctions& functions_ = column_functions();
  const RandomBitsFunction random_bits_ = random_bits_function();
};

// Dropout of ones.
class DropoutMask : public Kernel {
 public:
  DropoutMask(const Node& node, const LowerContext& context)
      : y_(context.storage(node.outputs[0])),
        purpose_(static_cast<uint32_t>(node.integer("purpose"))),
        op_(*node.op),
        rate_(node.number("rate")) {}

  int64_t scratch_floats() const override { return y_.columns; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    auto* bits = reinterpret_cast<uint32_t*>(run.scratch);
    const MaskedAffine mask = masked_affine(op_, rate_ * run.state.dropout_share);
    const auto kept = static_cast<float>(mask.scale);
    for (int64_t r = begin; r < end; ++r) {
      random_bits_(run.state.seed, purpose_, run.state.step, r * y_.columns, y_.columns, bits);
      float* const y = run.row(y_, r);
      for (int64_t c = 0; c < y_.columns; ++c) y[c] = bits[c] < mask.threshold ? 0.0f : kept;
    }
  }

 private:
  const Storage y_;
  const uint32_t purpose_;
  const Operator& op_;
  const double rate_;
  const RandomBitsFunction random_bits_ = random_bits_function();
};

class GaussianDropout : public Kernel {
 public:
  GaussianDropout(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        purpose_(static_cast<uint32_t>(node.integer("purpose"))),
        rate_(node.number("rate")) {}

  int64_t scratch_floats() const override { return 2 * x_.columns; }

  // A normal number takes two random ones.
  void run(const Run& run, int64_t begin, int64_t end) const override {
    auto* bits = reinterpret_cast<uint32_t*>(run.scratch);
    const int64_t n = x_.columns;
    const auto deviation = static_cast<float>(gaussian_deviation(rate_ * run.state.dropout_share));
    for (int64_t r = begin; r < end; ++r) {
      random_bits_(run.state.seed, purpose_, run.state.step, 2 * r * n, 2 * n, bits);
      noise_(run.row(x_, r), run.row(y_, r), bits, n, deviation);
    }
  }

 private:
  const Storage x_, y_;
  const uint32_t purpose_;
  const double rate_;
  const RandomBitsFunction random_bits_ = random_bits_function();
  const NoiseFunction noise_ = noise_function();
};

template <const Operator& (*kOperator)()>
bool accepts(const Node& node, const LowerContext& context) {
  return node.op == &kOperator() && is_batched(context.graph.shape(node.inputs[0]));
}

// Elements that are dropped together are left to the reference.
bool accepts_single(const Node& node, const LowerContext& context) {
  return accepts<op::dropout>(node, context) && node.integer("shared") == 1;
}

}  // namespace

std::span<const KernelRow> dropout_kernels() {
  static const KernelRow rows[] = {
      {"dropout", accepts_single, by_rows, make<MaskedDropout>},
      {"dropout mask", is_of<op::dropout_mask>, by_rows, make<DropoutMask>},
      {"alpha dropout", accepts<op::alpha_dropout>, by_rows, make<MaskedDropout>},
      {"alpha dropout gradient", accepts<op::alpha_dropout_gradient>, by_rows, make<MaskedDropout>},
      {"gaussian dropout", accepts<op::gaussian_dropout>, by_rows, make<GaussianDropout>},
  };
  return rows;
}

}  // namespace sinapse
