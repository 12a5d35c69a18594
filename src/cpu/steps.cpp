// Products with every step of a sequence, forwards and back to the inputs; and what is added to
// each.
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/product.h"
#include "cpu/recurrent_cells.h"
#include "ops/operators.h"
#include "ops/positions.h"

namespace sinapse {

namespace {

constexpr int64_t kBlockSteps = 48;

// y_t = x_t W + bias for some steps of a row at a time.
class StepsProduct : public Kernel {
 public:
  StepsProduct(const Storage& x, const Storage& weight, const Storage& y, int64_t time,
               Panels panels)
      : x_(x), weight_(weight), y_(y), time_(time), panels_(panels) {}

  void set_bias(const Storage& bias) { bias_ = bias; }
  int64_t scratch_floats() const override { return kBlockSteps * kPanelWidth; }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t t = 0; t < time_; t += kBlockSteps) {
        multiply_steps(run, run.row(x_, r) + t * panels_.depth, std::min(kBlockSteps, time_ - t),
                       run.row(y_, r) + t * panels_.columns);
      }
    }
  }

 private:
  // A product writes whole lanes; what goes beyond a step's outputs must not hit the next step.
  void multiply_steps(const Run& run, const float* x, int64_t count, float* y) const {
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      const int64_t width = panels_.width(panel), column = panel * kPanelWidth;
      const int64_t columns = std::min(kPanelWidth, panels_.columns - column);
      const bool whole = columns == width;
      multiply_({.a = x,
                 .a_row_stride = panels_.depth,
                 .rows = count,
                 .depth = panels_.depth,
                 .b = run.data(weight_) + panels_.offset(panel),
                 .b_stride = width,
                 .columns = width,
                 .bias = bias_.offset >= 0 ? run.data(bias_) + column : nullptr,
                 .c = whole ? y + column : run.scratch,
                 .c_stride = whole ? panels_.columns : width});
      for (int64_t t = 0; !whole && t < count; ++t) {
        std::copy_n(run.scratch + t * width, columns, y + t * panels_.columns + column);
      }
    }
  }

  const Storage x_, weight_, y_;
  Storage bias_;
  const int64_t time_;
  const Panels panels_;
  const ProductFunction multiply_ = product_function();
};

class Positions : public Kernel {
 public:
  Positions(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])), y_(context.storage(node.outputs[0])) {
    const Shape& x = context.graph.shape(node.inputs[0]);
    for (int64_t t = 0; t < x[1]; ++t) {
      for (int64_t c = 0; c < x[2]; ++c) {
        positions_.push_back(static_cast<float>(sinusoidal_position(t, c, x[2])));
      }
    }
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      std::copy_n(run.row(x_, r), x_.columns, run.row(y_, r));
      add_(positions_.data(), x_.columns, run.row(y_, r));
    }
  }

 private:
  const Storage x_, y_;
  std::vector<float> positions_;
  void (*const add_)(const float*, int64_t, float*) = cell_functions().add;
};

bool weight_in_panels(const Node& node, const LowerContext& context) {
  return context.storage(node.inputs[1]).layout == Layout::panels;
}
bool accepts_product(const Node& node, const LowerContext& context) {
  return node.op == &op::steps_product() && weight_in_panels(node, context);
}
bool accepts_input_gradient(const Node& node, const LowerContext& context) {
  return node.op == &op::recurrent_input_gradient() && weight_in_panels(node, context);
}
bool accepts_positions(const Node& node, const LowerContext&) {
  return node.op == &op::positions();
}

std::unique_ptr<Kernel> make_product(const Node& node, const LowerContext& context) {
  auto kernel = std::make_unique<StepsProduct>(
      context.storage(node.inputs[0]), context.storage(node.inputs[1]),
      context.storage(node.outputs[0]), context.graph.shape(node.inputs[0])[1],
      panels_of(context.graph.shape(node.inputs[1])));
  if (node.inputs.size() > 2) kernel->set_bias(context.storage(node.inputs[2]));
  return kernel;
}

std::unique_ptr<Kernel> make_input_gradient(const Node& node, const LowerContext& context) {
  return std::make_unique<StepsProduct>(
      context.storage(node.inputs[0]), context.transposed[node.inputs[1]],
      context.storage(node.outputs[0]), context.graph.shape(node.inputs[0])[1],
      transposed_panels_of(context.graph.shape(node.inputs[1])));
}

std::unique_ptr<Kernel> make_positions(const Node& node, const LowerContext& context) {
  return std::make_unique<Positions>(node, context);
}

}  // namespace

std::span<const KernelRow> steps_kernels() {
  static const KernelRow rows[] = {
      {"steps by panels", accepts_product, by_rows, make_product},
      {"steps by transposed panels", accepts_input_gradient, by_rows, make_input_gradient},
      {"positions", accepts_positions, by_rows, make_positions},
  };
  return rows;
}

}  // namespace sinapse
