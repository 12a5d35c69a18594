// Depthwise convolution in blocks of channels, forwards, back to the inputs, and its weights'
// gradient. The weight [channels, 1, places] is turned to [blocks, places, 16] on the way.
#include <algorithm>
#include <optional>

#include "compile/fused.h"
#include "compile/weight_layouts.h"
#include "cpu/convolve_blocks.h"
#include "cpu/depthwise.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/update.h"
#include "cpu/window_lines.h"
#include "cpu/window_product.h"
#include "ops/connections.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

int64_t places_of_row(const Shape& shape) {
  return row_size(shape) / shape[1];
}

class DepthwiseConvolution : public Kernel {
 public:
  DepthwiseConvolution(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        finish_(finish_with(node, /*gradient=*/false)) {
    const Shape &x = context.graph.shape(node.inputs[0]), &y = context.graph.shape(node.outputs[0]);
    const Shape& weight = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, kernel_sizes(weight));
    lines_ = node.op == &op::conv_transpose() ? backward_lines(window, places(y), places(x))
                                              : forward_lines(window, places(x), places(y));
    channels_ = x[1], window_places_ = row_size(weight) / channels_;
    input_floats_ = places_of_row(x) * kLaneMultiple;
    output_floats_ = places_of_row(y) * kLaneMultiple;
    const bool has_bias = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
    if (has_bias) bias_ = context.storage(node.inputs[2]);
    for (const LineSet& set : lines_.sets) steps_.push_back(steps_of(set));
  }

  int64_t scratch_floats() const override {
    return num_blocks() * weight_floats() + lines_.image.places() * kLaneMultiple;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    turn_weight(run);
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t block = 0; block < num_blocks(); ++block) convolve(run, r, block);
      if (finish_.epilogue == Epilogue::none && !finish_.separate) continue;
      float* y = run.row(y_, r);
      finish_.function.forward(y, y, y_.columns, finish_.constants.data());
    }
  }

 private:
  struct Steps {
    std::vector<int32_t> x, weight;
  };

  static Steps steps_of(const LineSet& set) {
    Steps steps;
    for (const LineSet::Step& step : set.steps) {
      steps.x.push_back(static_cast<int32_t>(step.x * kLaneMultiple));
      steps.weight.push_back(static_cast<int32_t>(step.place * kLaneMultiple));
    }
    return steps;
  }

  int64_t num_blocks() const { return (channels_ + kLaneMultiple - 1) / kLaneMultiple; }
  int64_t weight_floats() const { return window_places_ * kLaneMultiple; }  // of a block

  void turn_weight(const Run& run) const {
    const float* from = run.data(weight_);
    for (int64_t block = 0; block < num_blocks(); ++block) {
      const int64_t first = block * kLaneMultiple;
      const int64_t channels = std::min(kLaneMultiple, channels_ - first);
      float* to = run.scratch + block * weight_floats();
      if (channels < kLaneMultiple) std::fill_n(to, weight_floats(), 0.0f);
      transpose_(from + first * window_places_, window_places_, channels, window_places_, to,
                 kLaneMultiple);
    }
  }

  void convolve(const Run& run, int64_t r, int64_t block) const {
    const float* x = run.row(x_, r) + block * input_floats_;
    float* y = run.row(y_, r) + block * output_floats_;
    if (!lines_.image.is_plain()) {
      float* padded = run.scratch + num_blocks() * weight_floats();
      lines_.image.copy(x, kLaneMultiple, padded);
      x = padded;
    }
    DepthwiseLine line{.weight = run.scratch + block * weight_floats(),
                       .bias = bias_ ? run.data(*bias_) + block * kLaneMultiple : nullptr};
    for (size_t set = 0; set < steps_.size(); ++set) {
      line.x_steps = steps_[set].x.data();
      line.w_steps = steps_[set].weight.data();
      line.num_steps = static_cast<int64_t>(steps_[set].x.size());
      line.positions = lines_.sets[set].positions;
      line.y_step = lines_.sets[set].y_step * kLaneMultiple;
      for (const WindowLine& place : lines_.sets[set].lines) {
        line.x = x + place.x * kLaneMultiple;
        line.y = y + place.y * kLaneMultiple;
        functions_.line(line);
      }
    }
  }

  const Storage x_, weight_, y_;
  std::optional<Storage> bias_;
  const Finish finish_;
  WindowLines lines_{PaddedImage({{1, 0, 1}}), {}};
  int64_t channels_ = 0, window_places_ = 0, input_floats_ = 0, output_floats_ = 0;
  std::vector<Steps> steps_;  // by set
  const TransposeFunction transpose_ = transpose_function();
  const DepthwiseFunctions& functions_ = depthwise_functions();
};

// A slice is one block for one part of the batch: [places of the window, 16], then the bias.
class DepthwiseGradientParts : public Kernel {
 public:
  DepthwiseGradientParts(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        parts_(context.storage(node.outputs[0])),
        num_parts_(context.graph.shape(node.outputs[0])[0]),
        part_floats_(context.graph.shape(node.outputs[0])[1]) {
    const Shape &x = context.graph.shape(node.inputs[0]), &dy = context.graph.shape(node.inputs[1]);
    const Window window = window_of(node, node.integers("kernel_shape"));
    input_places_ = places_of_row(x), output_places_ = places_of_row(dy);
    step_ = window.strides.back();
    segments_.resize(row_size(window.kernel));
    for (const Tap& tap : taps_of(window, places(x), places(dy))) {
      std::vector<Segment>& known = segments_[tap.kernel];
      const bool goes_on = !known.empty() && known.back().dy + known.back().count == tap.output &&
                           known.back().x + known.back().count * step_ == tap.input;
      if (goes_on) {
        ++known.back().count;
      } else {
        known.push_back({tap.input, tap.output, 1});
      }
    }
  }

  int64_t num_slices() const override { return num_parts_ * num_blocks(); }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) {
      run_slice(run, slice / num_blocks(), slice % num_blocks());
    }
  }

 private:
  // Neighbouring places of dy and the places of x they meet.
  struct Segment {
    int64_t x, dy, count;
  };

  int64_t window_places() const { return static_cast<int64_t>(segments_.size()); }
  int64_t block_floats() const { return (window_places() + 1) * kLaneMultiple; }
  int64_t num_blocks() const { return part_floats_ / block_floats(); }

  void run_slice(const Run& run, int64_t part, int64_t block) const {
    float* sums = run.data(parts_) + part * part_floats_ + block * block_floats();
    std::fill_n(sums, block_floats(), 0.0f);
    const int64_t begin = part * run.rows / num_parts_, end = (part + 1) * run.rows / num_parts_;
    for (int64_t r = begin; r < end; ++r) {
      const float* x = run.row(x_, r) + block * input_places_ * kLaneMultiple;
      const float* dy = run.row(dy_, r) + block * output_places_ * kLaneMultiple;
      for (int64_t place = 0; place < window_places(); ++place) {
        for (const Segment& segment : segments_[place]) {
          functions_.products(x + segment.x * kLaneMultiple, step_ * kLaneMultiple,
                              dy + segment.dy * kLaneMultiple, segment.count,
                              sums + place * kLaneMultiple);
        }
      }
      block_sums_(dy, output_places_, sums + window_places() * kLaneMultiple);
    }
  }

  const Storage x_, dy_, parts_;
  const int64_t num_parts_, part_floats_;
  int64_t input_places_ = 0, output_places_ = 0, step_ = 1;
  std::vector<std::vector<Segment>> segments_;  // by place of the window
  const DepthwiseFunctions& functions_ = depthwise_functions();
  void (*const block_sums_)(const float*, int64_t, float*) = window_functions().block_sums;
};

// dweight [channels, 1, places] and dbias; a slice is a block.
class DepthwiseGradientSum : public Kernel {
 public:
  DepthwiseGradientSum(const Node& node, const LowerContext& context)
      : parts_(context.storage(node.inputs[0])),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])),
        channels_(node.integers("weight_shape")[0]),
        places_(row_size(node.integers("weight_shape")) / channels_),
        num_parts_(context.graph.shape(node.inputs[0])[0]),
        part_floats_(context.graph.shape(node.inputs[0])[1]) {}

  void run(const Run& run, int64_t, int64_t) const override {
    for (int64_t channel = 0; channel < channels_; ++channel) {
      const int64_t first = channel / kLaneMultiple * (places_ + 1) * kLaneMultiple;
      const float* part = run.data(parts_) + first + channel % kLaneMultiple;
      float* dweight = run.data(dweight_) + channel * places_;
      for (int64_t place = 0; place < places_; ++place) {
        dweight[place] = sum(part + place * kLaneMultiple);
      }
      if (dbias_.offset >= 0) run.data(dbias_)[channel] = sum(part + places_ * kLaneMultiple);
    }
  }

 private:
  float sum(const float* part) const {
    float sum = 0;
    for (int64_t p = 0; p < num_parts_; ++p) sum += part[p * part_floats_];
    return sum;
  }

  const Storage parts_, dweight_, dbias_;
  const int64_t channels_, places_, num_parts_, part_floats_;
};

bool accepts_convolution(const Node& node, const LowerContext& context) {
  return is_depthwise(context.graph, node) &&
         context.storage(node.outputs[0]).layout == Layout::blocks;
}

}  // namespace

std::span<const KernelRow> depthwise_kernels() {
  static const KernelRow rows[] = {
      {"depthwise windows of blocks", accepts_convolution, by_rows, make<DepthwiseConvolution>},
      {"depthwise gradient of parts", is_of<op::depthwise_gradient_parts>, by_slices,
       make<DepthwiseGradientParts>},
      {"sum of depthwise parts", is_of<op::depthwise_gradient_sum>, by_slices,
       make<DepthwiseGradientSum>},
  };
  return rows;
}

}  // namespace sinapse
