// Convolution and transposed convolution in blocks of channels: both sum, for each line of results,
// over the steps of a window. Half a panel of weights is walked in chunks that stay in the first
// cache; every line of some rows meets a chunk before the next one.
#include "cpu/convolve_blocks.h"

#include "cpu/convolution_finish.h"
#include "cpu/window_lines.h"
#include "cpu/window_product.h"
#include "ops/connections.h"

namespace sinapse {

namespace {

constexpr int64_t kChunkDepth = 160;         // rows of half a panel: 20 KiB
constexpr int64_t kGroupFloats = 32 * 1024;  // of padded images that a chunk meets

class BlockConvolution : public Kernel {
 public:
  BlockConvolution(const Node& node, const LowerContext& context)
      : BlockConvolution(node, context, is_transposed_convolution(node)) {}

  int64_t scratch_floats() const override {
    if (lines_.image.is_plain()) return affine_floats();
    return affine_floats() + rows_of_group() * padded_floats() + kPlacesReadAhead * kLaneMultiple;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (finish_.variance) finish_.prepare_affine(run, affine_floats() / 2, run.scratch);
    for (int64_t r = begin; r < end; r += rows_of_group()) {
      run_group(run, r, std::min(end, r + rows_of_group()));
    }
    const Finish& finish = finish_.finish;
    if (!finish.separate) return;
    for (int64_t r = begin; r < end; ++r) {
      float* y = run.row(y_, r);
      finish.function.forward(y, y, y_.columns, finish.constants.data());
    }
  }

 private:
  // The steps of a set for all blocks of inputs, ready for the kernel.
  struct Steps {
    std::vector<int32_t> x, weight;
    int64_t chunk = 1;   // steps that are taken before the next line
    int64_t height = 1;  // of a tile
  };

  BlockConvolution(const Node& node, const LowerContext& context, bool transposed)
      : x_(context.storage(node.inputs[0])),
        weight_(transposed ? context.transposed[node.inputs[1]] : context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        finish_(node, context) {
    const Shape &x = context.graph.shape(node.inputs[0]), &y = context.graph.shape(node.outputs[0]),
                &weight = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, kernel_sizes(weight));
    lines_ = transposed ? backward_lines(window, places(y), places(x))
                        : forward_lines(window, places(x), places(y));
    order_ = transposed ? transposed_order_of(weight) : order_of(weight);
    panels_ = transposed ? transposed_panels_of(weight) : panels_of(weight);
    input_places_ = row_size(x) / x[1];
    output_places_ = row_size(y) / y[1];
    multiply_ = order_.block == 1 ? functions_.line_of_few : functions_.line;
    for (const LineSet& set : lines_.sets) steps_.push_back(steps_of(set));
  }

  int64_t num_input_blocks() const { return panels_.depth / order_.places / order_.block; }
  int64_t padded_floats() const {
    return num_input_blocks() * lines_.image.places() * order_.block;
  }
  int64_t rows_of_group() const { return std::max<int64_t>(1, kGroupFloats / padded_floats()); }

  Steps steps_of(const LineSet& set) const {
    Steps steps{.height = functions_.tile_height(set.positions)};
    for (int64_t block = 0; block < num_input_blocks(); ++block) {
      for (const LineSet::Step& step : set.steps) {
        const int64_t x = (block * lines_.image.places() + step.x) * order_.block;
        steps.x.push_back(static_cast<int32_t>(x));
        const int64_t row = order_.row(block * order_.block, step.place);
        steps.weight.push_back(static_cast<int32_t>(row));
      }
    }
    const auto count = static_cast<int64_t>(steps.x.size());
    const int64_t chunks = std::max<int64_t>(1, count * order_.block / kChunkDepth);
    steps.chunk = std::max<int64_t>(1, (count + chunks - 1) / chunks);
    return steps;
  }

  // At the start of the scratch memory.
  int64_t affine_floats() const {
    return finish_.variance ? 2 * round_up(panels_.columns, kLaneMultiple) : 0;
  }
  float* padded(const Run& run) const { return run.scratch + affine_floats(); }

  void run_group(const Run& run, int64_t begin, int64_t end) const {
    if (!lines_.image.is_plain()) {
      float* to = padded(run);
      for (int64_t r = begin; r < end; ++r) {
        for (int64_t block = 0; block < num_input_blocks(); ++block) {
          const float* from = run.row(x_, r) + block * input_places_ * order_.block;
          lines_.image.copy(from, order_.block, to);
          to += lines_.image.places() * order_.block;
        }
      }
    }
    for (size_t set = 0; set < steps_.size(); ++set) {
      for (int64_t column = 0; column < panels_.columns; column += kHalfPanel) {
        run_half_panel(run, begin, end, set, column);
      }
    }
  }

  void run_half_panel(const Run& run, int64_t begin, int64_t end, size_t set,
                      int64_t column) const {
    const int64_t panel = column / kPanelWidth;
    const Steps& steps = steps_[set];
    LineProduct product{.weight = run.data(weight_) + panels_.offset(panel) + column % kPanelWidth,
                        .weight_stride = panels_.width(panel),
                        .positions = lines_.sets[set].positions,
                        .height = steps.height,
                        .blocks = panels_.columns - column > kLaneMultiple ? 2 : 1,
                        .y_step = lines_.sets[set].y_step * kLaneMultiple,
                        .y_block = output_places_ * kLaneMultiple};
    const auto count = static_cast<int64_t>(steps.x.size());
    for (int64_t first = 0; first == 0 || first < count; first += steps.chunk) {
      product.x_steps = steps.x.data() + first;
      product.w_steps = steps.weight.data() + first;
      product.num_steps = std::min(steps.chunk, count - first);
      product.accumulate = first > 0;
      product.bias = first == 0 && finish_.bias ? run.data(*finish_.bias) + column : nullptr;
      const bool last = first + steps.chunk >= count;
      if (last) product.epilogue = finish_.finish.epilogue;
      if (last && finish_.variance) {
        product.factor = run.scratch + column;
        product.shift = product.factor + affine_floats() / 2;
      }
      for (int64_t r = begin; r < end; ++r) {
        const float* x =
            lines_.image.is_plain() ? run.row(x_, r) : padded(run) + (r - begin) * padded_floats();
        const int64_t first_place = column * output_places_;
        float* y = run.row(y_, r) + first_place;
        const float* addend =
            last && finish_.addend ? run.row(*finish_.addend, r) + first_place : nullptr;
        const float* saved =
            last && finish_.saved ? run.row(*finish_.saved, r) + first_place : nullptr;
        for (const WindowLine& line : lines_.sets[set].lines) {
          product.x = x + line.x * order_.block;
          product.y = y + line.y * kLaneMultiple;
          product.addend = addend ? addend + line.y * kLaneMultiple : nullptr;
          product.saved = saved ? saved + line.y * kLaneMultiple : nullptr;
          multiply_(product);
        }
      }
    }
  }

  const Storage x_, weight_, y_;
  const ConvolutionFinish finish_;
  WindowLines lines_{PaddedImage({{1, 0, 1}}), {}};
  WeightOrder order_;
  Panels panels_;
  int64_t input_places_ = 0, output_places_ = 0;
  const WindowFunctions& functions_ = window_functions();
  std::vector<Steps> steps_;                        // by set
  void (*multiply_)(const LineProduct&) = nullptr;  // one line
};

}  // namespace

bool convolves_in_blocks(const Node& node, const LowerContext& context) {
  const bool convolution = node.op == &op::conv() || node.op == &op::fused_conv() ||
                           node.op == &op::finished_conv() || node.op == &op::conv_transpose();
  return convolution && context.storage(node.outputs[0]).layout == Layout::blocks;
}

std::unique_ptr<Kernel> make_block_convolution(const Node& node, const LowerContext& context) {
  return std::make_unique<BlockConvolution>(node, context);
}

}  // namespace sinapse
