// Between plain order and blocks of channels, row by row.
#include "compile/fused.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/update.h"

namespace sinapse {

namespace {

class Reorder : public Kernel {
 public:
  Reorder(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        channels_(context.graph.shape(node.inputs[0])[1]),
        places_(row_size(context.graph.shape(node.inputs[0])) / channels_) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t channel = 0; channel < channels_; channel += kLaneMultiple) {
        const int64_t count = std::min(kLaneMultiple, channels_ - channel);
        const float* x = run.row(x_, r) + channel * places_;
        float* y = run.row(y_, r) + channel * places_;
        if (x_.layout == Layout::blocks) {
          transpose_(x, kLaneMultiple, places_, count, y, places_);
          continue;
        }
        if (count < kLaneMultiple) std::fill_n(y, kLaneMultiple * places_, 0.0f);
        transpose_(x, places_, count, places_, y, kLaneMultiple);
      }
    }
  }

 private:
  const Storage x_, y_;
  const int64_t channels_, places_;
  const TransposeFunction transpose_ = transpose_function();
};

bool accepts(const Node& node, const LowerContext&) {
  return node.op == &op::reorder();
}

std::unique_ptr<Kernel> make(const Node& node, const LowerContext& context) {
  return std::make_unique<Reorder>(node, context);
}

}  // namespace

std::span<const KernelRow> reorder_kernels() {
  static const KernelRow rows[] = {{"reorder", accepts, by_rows, make}};
  return rows;
}

}  // namespace sinapse
