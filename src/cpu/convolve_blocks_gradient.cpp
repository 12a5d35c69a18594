// The gradient of a convolution's weights in blocks of channels. A slice is half a panel of filters
// and one block of inputs for one part of the batch: its sums stay in the first cache while the
// part's rows go by, some lines at a time. The parts are then added in their order.
#include <algorithm>

#include "compile/fused.h"
#include "cpu/convolve_blocks.h"
#include "cpu/window_lines.h"
#include "cpu/window_product.h"

namespace sinapse {

namespace {

constexpr int64_t kChunkPlaces = 128;  // places whose slopes meet every place of the window

class GradientParts : public Kernel {
 public:
  GradientParts(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        parts_(context.storage(node.outputs[0])),
        weight_(shape_of_trained_weight(node, context)),
        order_(order_of(weight_)),
        panels_(panels_of(weight_)),
        num_parts_(context.graph.shape(node.outputs[0])[0]),
        part_floats_(context.graph.shape(node.outputs[0])[1]),
        use_bias_(node.integer("use_bias") != 0) {
    const Shape &x = context.graph.shape(node.inputs[0]), &dy = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, node.integers("kernel_shape"));
    input_places_ = row_size(x) / x[1], output_places_ = row_size(dy) / dy[1];
    if (few_inputs()) {
      walk_lines(forward_lines(window, places(x), places(dy)));
    } else {
      x_step_ = window.strides.back() * order_.block;
      walk_taps(taps_of(window, places(x), places(dy)));
    }
  }

  int64_t num_slices() const override { return num_parts_ * half_panels() * input_blocks(); }

  int64_t scratch_floats() const override {
    return few_inputs() ? order_.inputs * image_.places() + kPlacesReadAhead * kLaneMultiple : 0;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) {
      const int64_t block = slice % input_blocks(), rest = slice / input_blocks();
      run_slice(run, rest / half_panels(), rest % half_panels() * kHalfPanel, block);
    }
  }

 private:
  using Segment = LineGradient::Segment;

  bool few_inputs() const { return order_.block == 1; }
  int64_t half_panels() const { return (panels_.columns + kHalfPanel - 1) / kHalfPanel; }
  // Few inputs are all walked together.
  int64_t input_blocks() const {
    return few_inputs() ? 1 : panels_.depth / order_.places / order_.block;
  }

  // Few inputs: every line of the padded image meets all places of the window, a row each.
  void walk_lines(const WindowLines& lines) {
    image_ = lines.image;
    x_step_ = 1;
    const LineSet& set = lines.sets[0];
    chunks_.resize((static_cast<int64_t>(set.lines.size()) - 1) / lines_a_chunk(set.positions) + 1);
    for (size_t i = 0; i < set.lines.size(); ++i) {
      Chunk& chunk = chunks_[static_cast<int64_t>(i) / lines_a_chunk(set.positions)];
      chunk.by_place.resize(1);
      chunk.by_place[0].push_back({static_cast<int32_t>(set.lines[i].x),
                                   static_cast<int32_t>(set.lines[i].y * kLaneMultiple),
                                   static_cast<int32_t>(set.positions)});
    }
    rows_.resize(panels_.depth);
    for (int64_t input = 0; input < order_.inputs; ++input) {
      for (const LineSet::Step& step : set.steps) {
        rows_[order_.row(input, step.place)] =
            static_cast<int32_t>(input * image_.places() + step.x);
      }
    }
  }

  static int64_t lines_a_chunk(int64_t positions) {
    return std::max<int64_t>(1, kChunkPlaces / positions);
  }

  // Blocks of inputs: for each place of the window, the neighbours that meet neighbours there.
  void walk_taps(std::vector<Tap> taps) {
    const int64_t num_chunks = std::max<int64_t>(1, output_places_ / kChunkPlaces);
    chunks_.resize(num_chunks);
    for (Chunk& chunk : chunks_) chunk.by_place.resize(order_.places);
    const int64_t step = x_step_ / order_.block;
    std::vector<int64_t> last_output(order_.places, -2), last_input(order_.places, -2);
    for (const Tap& tap : taps) {
      const int64_t index = tap.output * num_chunks / output_places_;
      std::vector<Segment>& segments = chunks_[index].by_place[tap.kernel];
      const bool goes_on = last_output[tap.kernel] + 1 == tap.output && !segments.empty() &&
                           last_input[tap.kernel] + step == tap.input;
      if (goes_on) {
        ++segments.back().count;
      } else {
        segments.push_back({static_cast<int32_t>(tap.input * kLaneMultiple),
                            static_cast<int32_t>(tap.output * kLaneMultiple), 1});
      }
      last_output[tap.kernel] = tap.output, last_input[tap.kernel] = tap.input;
    }
  }

  void run_slice(const Run& run, int64_t part, int64_t column, int64_t block) const {
    const int64_t panel = column / kPanelWidth, width = panels_.width(panel);
    const int64_t columns = std::min(kHalfPanel, round_up(panels_.columns - column, kLaneMultiple));
    float* sums = run.data(parts_) + part * part_floats_;
    float* weights = sums + panels_.offset(panel) + column % kPanelWidth;
    float* bias = sums + panels_.size() + column;
    const int64_t rows = few_inputs() ? panels_.depth : order_.places * order_.block;
    weights += block * rows * width;
    for (int64_t row = 0; row < rows; ++row) std::fill_n(weights + row * width, columns, 0.0f);
    if (block == 0) std::fill_n(bias, columns, 0.0f);
    const int64_t begin = part * run.rows / num_parts_, end = (part + 1) * run.rows / num_parts_;
    for (int64_t r = begin; r < end; ++r) {
      const float* dy = run.row(dy_, r) + column * output_places_;
      for (int64_t c = 0; block == 0 && use_bias_ && c < columns; c += kLaneMultiple) {
        functions_.block_sums(dy + c * output_places_, output_places_, bias + c);
      }
      LineGradient gradient{.x_step = x_step_,
                            .dy = dy,
                            .dy_block = output_places_ * kLaneMultiple,
                            .blocks = columns / kLaneMultiple,
                            .dweight_stride = width};
      if (few_inputs()) {
        add_few(run, r, gradient, weights);
      } else {
        gradient.x = run.row(x_, r) + block * input_places_ * kLaneMultiple;
        add_block(gradient, weights);
      }
    }
  }

  void add_few(const Run& run, int64_t r, LineGradient gradient, float* weights) const {
    gradient.x = run.row(x_, r);
    if (!image_.is_plain()) {
      for (int64_t input = 0; input < order_.inputs; ++input) {
        image_.copy(gradient.x + input * input_places_, 1, run.scratch + input * image_.places());
      }
      gradient.x = run.scratch;
    }
    gradient.row_offsets = rows_.data();
    gradient.rows = static_cast<int64_t>(rows_.size());
    gradient.dweight = weights;
    for (const Chunk& chunk : chunks_) {
      gradient.segments = chunk.by_place[0].data();
      gradient.num_segments = static_cast<int64_t>(chunk.by_place[0].size());
      functions_.gradient(gradient);
    }
  }

  void add_block(LineGradient gradient, float* weights) const {
    gradient.rows = order_.block;
    for (const Chunk& chunk : chunks_) {
      for (int64_t place = 0; place < order_.places; ++place) {
        const std::vector<Segment>& segments = chunk.by_place[place];
        gradient.segments = segments.data();
        gradient.num_segments = static_cast<int64_t>(segments.size());
        gradient.dweight = weights + place * order_.block * gradient.dweight_stride;
        if (!segments.empty()) functions_.gradient(gradient);
      }
    }
  }

  struct Chunk {
    std::vector<std::vector<Segment>> by_place;
  };

  const Storage x_, dy_, parts_;
  const Shape weight_;
  const WeightOrder order_;
  const Panels panels_;
  const int64_t num_parts_, part_floats_;
  const bool use_bias_;
  int64_t input_places_ = 0, output_places_ = 0, x_step_ = 0;
  PaddedImage image_{{{1, 0, 1}}};
  std::vector<Chunk> chunks_;
  std::vector<int32_t> rows_;  // of few inputs: from the image to each row of the weight
  const WindowFunctions& functions_ = window_functions();
};

// dweight and dbias: a slice is some neighbouring numbers of all parts.
class GradientSum : public Kernel {
 public:
  GradientSum(const Node& node, const LowerContext& context)
      : parts_(context.storage(node.inputs[0])),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])),
        shape_(node.integers("weight_shape")),
        size_(panels_of(shape_).size()),
        num_parts_(context.graph.shape(node.inputs[0])[0]),
        part_floats_(context.graph.shape(node.inputs[0])[1]) {}

  int64_t num_slices() const override {
    return dweight_.layout == Layout::panels ? (part_floats_ + kSliceFloats - 1) / kSliceFloats : 1;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (dweight_.layout != Layout::panels) return run_plain(run);
    for (int64_t slice = begin; slice < end; ++slice) {
      const int64_t first = slice * kSliceFloats;
      const int64_t last = std::min(part_floats_, first + kSliceFloats);
      if (first < size_) sum(run, first, std::min(last, size_), run.data(dweight_) + first);
      const int64_t bias = std::max(first, size_);
      const int64_t bias_end = std::min(last, size_ + shape_[0]);
      if (bias < bias_end && dbias_.offset >= 0) {
        sum(run, bias, bias_end, run.data(dbias_) + bias - size_);
      }
    }
  }

 private:
  static constexpr int64_t kSliceFloats = 8192;

  void sum(const Run& run, int64_t begin, int64_t end, float* to) const {
    const float* part = run.data(parts_);
    std::copy(part + begin, part + end, to);
    for (int64_t p = 1; p < num_parts_; ++p) {
      part += part_floats_;
      for (int64_t i = begin; i < end; ++i) to[i - begin] += part[i];
    }
  }

  void run_plain(const Run& run) const {
    for_each_weight(shape_, [&](int64_t plain, int64_t packed) {
      sum(run, packed, packed + 1, run.data(dweight_) + plain);
    });
    if (dbias_.offset >= 0) sum(run, size_, size_ + shape_[0], run.data(dbias_));
  }

  const Storage parts_, dweight_, dbias_;
  const Shape shape_;
  const int64_t size_, num_parts_, part_floats_;
};

}  // namespace

std::unique_ptr<Kernel> make_gradient_parts(const Node& node, const LowerContext& context) {
  return std::make_unique<GradientParts>(node, context);
}

std::unique_ptr<Kernel> make_gradient_sum(const Node& node, const LowerContext& context) {
  return std::make_unique<GradientSum>(node, context);
}

}  // namespace sinapse
