// Convolution and transposed convolution in blocks of channels by products in bf16. Some images are
// rounded into padded ones, 32 channels a place; a step of the product is one place of the window.
#include <algorithm>

#include "compile/pair_panels.h"
#include "cpu/bf16.h"
#include "cpu/convolution_finish.h"
#include "cpu/convolve_blocks.h"
#include "cpu/finish_block.h"
#include "cpu/kernels.h"
#include "cpu/window_lines.h"
#include "ops/connections.h"

namespace sinapse {

namespace {

constexpr int64_t kGroupNumbers = 64 * 1024;  // of rounded images that meet a panel

class RoundedConvolution : public Kernel {
 public:
  RoundedConvolution(const Node& node, const LowerContext& context)
      : RoundedConvolution(node, context, is_transposed_convolution(node)) {}

  int64_t scratch_floats() const override {
    return affine_floats() + rows_of_group_ * image_numbers() / 2;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (finish_.variance) finish_.prepare_affine(run, affine_floats() / 2, run.scratch);
    for (int64_t r = begin; r < end; r += rows_of_group_) {
      run_group(run, r, std::min(end, r + rows_of_group_));
    }
  }

 private:
  // A set of lines, ready for the product.
  struct Lines {
    std::vector<Bf16Product::Line> where;  // of all images of a group
    std::vector<int32_t> a_steps;
    std::vector<int32_t> b_steps, b_steps_of_last;  // in a whole panel, in the last one
    int64_t positions, y_step, num_lines;           // of an image
  };

  RoundedConvolution(const Node& node, const LowerContext& context, bool transposed)
      : x_(context.storage(node.inputs[0])),
        weight_(transposed ? context.rounded[node.inputs[1]].transposed
                           : context.rounded[node.inputs[1]].plain),
        y_(context.storage(node.outputs[0])),
        finish_(node, context) {
    const Shape &x = context.graph.shape(node.inputs[0]), &y = context.graph.shape(node.outputs[0]),
                &weight = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, kernel_sizes(weight));
    const WindowLines lines = transposed ? backward_lines(window, places(y), places(x))
                                         : forward_lines(window, places(x), places(y));
    const WeightOrder order =
        transposed ? rounded_transposed_order_of(weight) : rounded_order_of(weight);
    panels_ = transposed ? transposed_pair_panels_of(weight) : pair_panels_of(weight);
    input_places_ = row_size(x) / x[1], output_places_ = row_size(y) / y[1];
    sources_ = lines.image.sources(kLaneMultiple);
    num_blocks_ = round_up(order.inputs, kRoundedStep) / kRoundedStep;
    halves_ = round_up(order.inputs, kLaneMultiple) / kLaneMultiple;
    rows_of_group_ = std::max<int64_t>(1, kGroupNumbers / image_numbers());
    for (const LineSet& set : lines.sets) sets_.push_back(lines_of(set, order));
  }

  int64_t image_places() const { return static_cast<int64_t>(sources_.size()); }
  int64_t image_numbers() const { return num_blocks_ * image_places() * kRoundedStep; }
  int64_t affine_floats() const {
    return finish_.variance ? 2 * round_up(panels_.panels.columns, kLaneMultiple) : 0;
  }

  Lines lines_of(const LineSet& set, const WeightOrder& order) const {
    Lines lines{.positions = set.positions,
                .y_step = set.y_step,
                .num_lines = static_cast<int64_t>(set.lines.size())};
    for (int64_t image = 0; image < rows_of_group_; ++image) {
      for (const WindowLine& line : set.lines) {
        lines.where.push_back(
            {static_cast<int32_t>(image * image_numbers() + line.x * kRoundedStep),
             static_cast<int32_t>(image * y_.stride + line.y * kLaneMultiple)});
      }
    }
    const int64_t last_width = panels_.width(panels_.count() - 1);
    for (int64_t block = 0; block < num_blocks_; ++block) {
      for (const LineSet::Step& step : set.steps) {
        const int64_t pair = order.row(block * kRoundedStep, step.place) / 2;
        lines.a_steps.push_back(
            static_cast<int32_t>((block * image_places() + step.x) * kRoundedStep));
        lines.b_steps.push_back(static_cast<int32_t>(pair * kPanelWidth));
        lines.b_steps_of_last.push_back(static_cast<int32_t>(pair * last_width));
      }
    }
    return lines;
  }

  void run_group(const Run& run, int64_t begin, int64_t end) const {
    auto* const rounded = reinterpret_cast<uint16_t*>(run.scratch + affine_floats());
    for (int64_t r = begin; r < end; ++r) {
      round_image(run.row(x_, r), rounded + (r - begin) * image_numbers());
    }
    for (const Lines& lines : sets_) {
      for (int64_t panel = 0; panel < panels_.count(); ++panel) {
        const int64_t width = panels_.width(panel), first = panel * kPanelWidth;
        const bool is_last = panel + 1 == panels_.count();
        functions_.multiply(
            {.a = rounded,
             .a_stride = kRoundedStep,
             .a_steps = lines.a_steps.data(),
             .lines = lines.where.data(),
             .num_lines = (end - begin) * lines.num_lines,
             .rows = lines.positions,
             .b = reinterpret_cast<const uint16_t*>(run.data(weight_) + panels_.offset(panel)),
             .b_stride = width,
             .b_steps = is_last ? lines.b_steps_of_last.data() : lines.b_steps.data(),
             .num_steps = static_cast<int64_t>(lines.a_steps.size()),
             .columns = width,
             .c = run.row(y_, begin) + first * output_places_,
             .c_stride = lines.y_step * kLaneMultiple,
             .c_block = output_places_ * kLaneMultiple,
             .bias = finish_.bias ? run.data(*finish_.bias) + first : nullptr});
      }
    }
    for (int64_t r = begin; r < end; ++r) finish_row(run, r);
  }

  void round_image(const float* x, uint16_t* to) const {
    const int64_t block_floats = input_places_ * kLaneMultiple;
    for (int64_t block = 0; block < num_blocks_; ++block) {
      const float* first = x + 2 * block * block_floats;
      const float* second = 2 * block + 1 < halves_ ? first + block_floats : nullptr;
      functions_.round_places(first, second, sources_.data(), image_places(), to);
      to += image_places() * kRoundedStep;
    }
  }

  void finish_row(const Run& run, int64_t r) const {
    float* const y = run.row(y_, r);
    const Finish& finish = finish_.finish;
    if (finish_.variance || finish_.addend || finish.epilogue != Epilogue::none) {
      const float* addend = finish_.addend ? run.row(*finish_.addend, r) : nullptr;
      const float* saved = finish_.saved ? run.row(*finish_.saved, r) : nullptr;
      for (int64_t c = 0; c < panels_.panels.columns; c += kLaneMultiple) {
        const int64_t block = c * output_places_;
        finish_block_(y + block, output_places_,
                      {.factor = finish_.variance ? run.scratch + c : nullptr,
                       .shift = run.scratch + affine_floats() / 2 + c,
                       .addend = addend ? addend + block : nullptr,
                       .epilogue = finish.epilogue,
                       .saved = saved ? saved + block : nullptr});
      }
    }
    if (finish.separate) finish.function.forward(y, y, y_.columns, finish.constants.data());
  }

  const Storage x_, weight_, y_;
  const ConvolutionFinish finish_;
  PairPanels panels_;
  int64_t input_places_ = 0, output_places_ = 0;
  int64_t num_blocks_ = 0, halves_ = 0;  // of 32 and of 16 inputs
  int64_t rows_of_group_ = 1;
  std::vector<int32_t> sources_;  // by place of the padded image: floats to it, or -1
  std::vector<Lines> sets_;
  const Bf16Functions& functions_ = bf16_functions();
  const FinishBlockFunction finish_block_ = finish_block_function();
};

bool accepts(const Node& node, const LowerContext& context) {
  if (!convolves_in_blocks(node, context)) return false;
  const RoundedCopies& copies = context.rounded[node.inputs[1]];
  return (is_transposed_convolution(node) ? copies.transposed : copies.plain).offset >= 0;
}

bool accepts_gradient(const Node& node, const LowerContext& context) {
  return context.precision == ProductPrecision::bf16 && node.op == &op::conv_gradient_parts() &&
         context.graph.shape(node.inputs[0])[1] > kFewInputs;
}

}  // namespace

std::span<const KernelRow> rounded_convolution_kernels() {
  static const KernelRow rows[] = {
      {"windows of blocks in bf16", accepts, by_rows, make<RoundedConvolution>},
      {"gradient of parts in bf16", accepts_gradient, by_slices, make_rounded_gradient_parts},
  };
  return rows;
}

}  // namespace sinapse
