// The gradient of a convolution's weights by products in bf16. Padded images, some at a time, are
// one long line of places: the slopes stand in it where their windows begin, with zeros between
// them. So every place of the window is one product over the whole line, a little shifted.
#include <algorithm>

#include "compile/fused.h"
#include "compile/pair_panels.h"
#include "cpu/bf16.h"
#include "cpu/convolve_blocks.h"
#include "cpu/update.h"
#include "cpu/window_lines.h"
#include "cpu/window_product.h"

namespace sinapse {

namespace {

constexpr int64_t kLinePlaces = 1024;  // of a group of images, about

class RoundedGradientParts : public Kernel {
 public:
  RoundedGradientParts(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        parts_(context.storage(node.outputs[0])),
        order_(order_of(shape_of_trained_weight(node, context))),
        panels_(panels_of(shape_of_trained_weight(node, context))),
        num_parts_(context.graph.shape(node.outputs[0])[0]),
        part_floats_(context.graph.shape(node.outputs[0])[1]),
        use_bias_(node.integer("use_bias") != 0) {
    const Shape &x = context.graph.shape(node.inputs[0]), &dy = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, node.integers("kernel_shape"));
    input_places_ = row_size(x) / x[1], output_places_ = row_size(dy) / dy[1];
    lay_out(forward_lines(window, places(x), places(dy)));
  }

  // Slices: a part of the batch, 32 inputs.
  int64_t num_slices() const override { return num_parts_ * input_blocks(); }

  int64_t scratch_floats() const override {
    return inputs_floats() + pairs_of_image() * kLaneMultiple + max_depth() / 2 * kPanelWidth;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) {
      run_slice(run, slice / input_blocks(), slice % input_blocks());
    }
  }

 private:
  int64_t halves() const { return panels_.depth / order_.places / order_.block; }
  int64_t input_blocks() const { return (halves() + 1) / 2; }
  int64_t pairs_of_image() const { return static_cast<int64_t>(x_sources_.size()) / 2; }
  int64_t depth_of(int64_t images) const {
    return round_up(2 * images * pairs_of_image(), kRoundedStep);
  }
  int64_t max_depth() const { return depth_of(images_); }
  int64_t inputs_floats() const { return kRoundedStep * stride_ / 2; }

  void lay_out(const WindowLines& lines) {
    const LineSet& set = lines.sets[0];
    x_sources_ = lines.image.sources(kLaneMultiple);
    if (x_sources_.size() % 2 == 1) x_sources_.push_back(-1);
    int64_t least = 0, most = 0;
    for (const LineSet::Step& step : set.steps) {
      least = std::min(least, step.x), most = std::max(most, step.x);
    }
    dy_sources_.assign(x_sources_.size(), -1);
    for (const WindowLine& line : set.lines) {
      for (int64_t i = 0; i < set.positions; ++i) {
        dy_sources_[line.x + least + i] = static_cast<int32_t>((line.y + i) * kLaneMultiple);
      }
    }
    images_ = std::max<int64_t>(1, kLinePlaces / (2 * pairs_of_image()));
    reach_ = most - least;
    stride_ = (round_up(max_depth() + reach_, kRoundedStep) / kRoundedStep | 1) * kRoundedStep;
    for (const int64_t width : {kPanelWidth, panels_.width(panels_.count() - 1)}) {
      std::vector<Bf16Product::Line>& rows = width == kPanelWidth ? rows_ : rows_of_last_;
      rows.clear();
      for (int64_t half = 0; half < 2; ++half) {
        for (const LineSet::Step& step : set.steps) {
          const int64_t row = (half * order_.places + step.place) * kLaneMultiple;
          rows.push_back({static_cast<int32_t>(half * kLaneMultiple * stride_ + step.x - least),
                          static_cast<int32_t>(row * width)});
        }
      }
    }
  }

  void run_slice(const Run& run, int64_t part, int64_t block) const {
    float* const sums = run.data(parts_) + part * part_floats_;
    const int64_t num_halves = std::min<int64_t>(2, halves() - 2 * block);
    const int64_t first_row = 2 * block * order_.places * kLaneMultiple;
    const int64_t num_rows = num_halves * order_.places * kLaneMultiple;
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      const int64_t width = panels_.width(panel);
      std::fill_n(sums + panels_.offset(panel) + first_row * width, num_rows * width, 0.0f);
    }
    const int64_t begin = part * run.rows / num_parts_, end = (part + 1) * run.rows / num_parts_;
    for (int64_t r = begin; r < end; r += images_) {
      const int64_t stop = std::min(end, r + images_);
      round_inputs(run, r, stop, block, num_halves);
      for (int64_t panel = 0; panel < panels_.count(); ++panel) {
        const int64_t width = panels_.width(panel);
        round_slopes(run, r, stop, panel);
        const bool is_whole = width == kPanelWidth;
        functions_.multiply({.a = reinterpret_cast<const uint16_t*>(run.scratch),
                             .a_stride = stride_,
                             .lines = is_whole ? rows_.data() : rows_of_last_.data(),
                             .num_lines = num_halves * order_.places,
                             .rows = kLaneMultiple,
                             .b = slopes(run),
                             .b_stride = width,
                             .num_steps = depth_of(stop - r) / kRoundedStep,
                             .columns = width,
                             .c = sums + panels_.offset(panel) + first_row * width,
                             .c_stride = width,
                             .accumulate = true});
      }
    }
    if (block == 0) sum_bias(run, begin, end, sums + panels_.size());
  }

  uint16_t* slopes(const Run& run) const {
    return reinterpret_cast<uint16_t*>(run.scratch + inputs_floats() +
                                       pairs_of_image() * kLaneMultiple);
  }

  // [32 inputs][places of the images], then zeros as far as shifted products reach.
  void round_inputs(const Run& run, int64_t begin, int64_t end, int64_t block,
                    int64_t num_halves) const {
    float* const pairs = run.scratch + inputs_floats();
    const int64_t count = pairs_of_image(), used = (end - begin) * count;
    for (int64_t half = 0; half < num_halves; ++half) {
      float* const to = run.scratch + half * kLaneMultiple * stride_ / 2;
      for (int64_t r = begin; r < end; ++r) {
        const float* x = run.row(x_, r) + (2 * block + half) * input_places_ * kLaneMultiple;
        functions_.round_place_pairs(x, x_sources_.data(), count, 2 * kLaneMultiple,
                                     reinterpret_cast<uint16_t*>(pairs));
        transpose_(pairs, kLaneMultiple, count, kLaneMultiple, to + (r - begin) * count,
                   stride_ / 2);
      }
      const int64_t reached = (depth_of(end - begin) + reach_ + 1) / 2;
      for (int64_t input = 0; input < kLaneMultiple; ++input) {
        std::fill_n(to + input * stride_ / 2 + used, reached - used, 0.0f);
      }
    }
  }

  // [pairs of places of the images][columns of the panel][2]
  void round_slopes(const Run& run, int64_t begin, int64_t end, int64_t panel) const {
    const int64_t width = panels_.width(panel), count = pairs_of_image();
    uint16_t* to = slopes(run);
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t c = 0; c < width; c += kLaneMultiple) {
        functions_.round_place_pairs(run.row(dy_, r) + (panel * kPanelWidth + c) * output_places_,
                                     dy_sources_.data(), count, 2 * width, to + 2 * c);
      }
      to += 2 * count * width;
    }
    const int64_t rest = depth_of(end - begin) / 2 - (end - begin) * count;
    std::fill_n(to, 2 * rest * width, uint16_t{0});
  }

  void sum_bias(const Run& run, int64_t begin, int64_t end, float* bias) const {
    const int64_t columns = round_up(panels_.columns, kLaneMultiple);
    std::fill_n(bias, columns, 0.0f);
    for (int64_t r = begin; use_bias_ && r < end; ++r) {
      for (int64_t c = 0; c < columns; c += kLaneMultiple) {
        windows_.block_sums(run.row(dy_, r) + c * output_places_, output_places_, bias + c);
      }
    }
  }

  const Storage x_, dy_, parts_;
  const WeightOrder order_;
  const Panels panels_;
  const int64_t num_parts_, part_floats_;
  const bool use_bias_;
  int64_t input_places_ = 0, output_places_ = 0;
  std::vector<int32_t> x_sources_, dy_sources_;  // by place of an image: floats to it, or -1
  int64_t images_ = 1;                           // of a group
  int64_t reach_ = 0, stride_ = 0;  // farthest shift; from one rounded input to the next
  std::vector<Bf16Product::Line> rows_, rows_of_last_;  // 16 inputs at a place of the window each
  const Bf16Functions& functions_ = bf16_functions();
  const WindowFunctions& windows_ = window_functions();
  const TransposeFunction transpose_ = transpose_function();
};

}  // namespace

std::unique_ptr<Kernel> make_rounded_gradient_parts(const Node& node, const LowerContext& context) {
  return std::make_unique<RoundedGradientParts>(node, context);
}

}  // namespace sinapse
