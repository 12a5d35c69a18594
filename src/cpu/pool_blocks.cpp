// Pooling in blocks of channels.
#include "cpu/block_functions.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

// The windows of one block as the kernels walk them.
class BlockWindows {
 public:
  BlockWindows(const Node& node, const Shape& x, const Shape& y)
      : input_places_(row_size(x) / x[1]), output_places_(row_size(y) / y[1]) {
    const Window window = window_of(node, node.integers("kernel_shape"));
    begin_.assign(output_places_ + 1, 0);
    for (const Tap& tap : taps_of(window, std::span(x).subspan(2), std::span(y).subspan(2))) {
      inputs_.push_back(static_cast<int32_t>(tap.input * kLaneMultiple));
      ++begin_[tap.output + 1];
    }
    for (int64_t o = 0; o < output_places_; ++o) begin_[o + 1] += begin_[o];
    int64_t window_elements = 1;
    for (const int64_t size : window.kernel) window_elements *= size;
    const auto attribute = node.attributes.find("count_include_pad");
    const bool all = attribute != node.attributes.end() && node.integer("count_include_pad") != 0;
    for (int64_t o = 0; o < output_places_; ++o) {
      const int64_t count = all ? window_elements : begin_[o + 1] - begin_[o];
      shares_.push_back(1.0f / static_cast<float>(std::max<int64_t>(1, count)));
    }
  }

  PoolWindows windows() const { return {begin_.data(), inputs_.data(), output_places_}; }
  const float* shares() const { return shares_.data(); }
  int64_t input_floats() const { return input_places_ * kLaneMultiple; }
  int64_t output_floats() const { return output_places_ * kLaneMultiple; }

 private:
  const int64_t input_places_, output_places_;
  std::vector<int32_t> begin_, inputs_;
  std::vector<float> shares_;
};

class Pool : public Kernel {
 public:
  Pool(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        largest_(node.op == &op::max_pool()),
        windows_(node, context.graph.shape(node.inputs[0]), context.graph.shape(node.outputs[0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      const float* x = run.row(x_, r);
      float* y = run.row(y_, r);
      for (const float* stop = y + y_.columns; y < stop; y += windows_.output_floats()) {
        if (largest_) {
          functions_.max_pool(x, windows_.windows(), y);
        } else {
          functions_.average_pool(x, windows_.windows(), windows_.shares(), y);
        }
        x += windows_.input_floats();
      }
    }
  }

 private:
  const Storage x_, y_;
  const bool largest_;
  const BlockWindows windows_;
  const BlockFunctions& functions_ = block_functions();
};

class PoolGradient : public Kernel {
 public:
  PoolGradient(const Node& node, const LowerContext& context)
      : largest_(node.op == &op::max_pool_gradient()),
        x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[largest_ ? 1 : 0])),
        dx_(context.storage(node.outputs[0])),
        windows_(node, context.graph.shape(node.outputs[0]),
                 context.graph.shape(node.inputs[largest_ ? 1 : 0])) {}

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      const float *x = run.row(x_, r), *dy = run.row(dy_, r);
      float* dx = run.row(dx_, r);
      std::fill_n(dx, dx_.columns, 0.0f);
      for (const float* stop = dx + dx_.columns; dx < stop; dx += windows_.input_floats()) {
        if (largest_) {
          functions_.max_pool_gradient(x, dy, windows_.windows(), dx);
          x += windows_.input_floats();
        } else {
          functions_.average_pool_gradient(dy, windows_.windows(), windows_.shares(), dx);
        }
        dy += windows_.output_floats();
      }
    }
  }

 private:
  const bool largest_;
  const Storage x_, dy_, dx_;
  const BlockWindows windows_;
  const BlockFunctions& functions_ = block_functions();
};

bool in_blocks(const Node& node, const LowerContext& context) {
  return context.storage(node.outputs[0]).layout == Layout::blocks;
}

bool pools(const Node& node, const LowerContext& context) {
  return (node.op == &op::max_pool() || node.op == &op::average_pool()) && in_blocks(node, context);
}
bool is_gradient(const Node& node, const LowerContext& context) {
  return (node.op == &op::max_pool_gradient() || node.op == &op::average_pool_gradient()) &&
         in_blocks(node, context);
}

}  // namespace

std::span<const KernelRow> pool_kernels() {
  static const KernelRow rows[] = {
      {"pool of blocks", pools, by_rows, make<Pool>},
      {"pool gradient of blocks", is_gradient, by_rows, make<PoolGradient>},
  };
  return rows;
}

}  // namespace sinapse
