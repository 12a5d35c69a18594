// Convolution and transposed convolution of 3 x 3 windows by Winograd's minimal filtering: some
// lines of tiles are transformed, multiplied place by place with the transformed weights, and
// transformed back, all in the second cache.
#include "compile/winograd.h"
#include "cpu/convolution_finish.h"
#include "cpu/convolve_blocks.h"
#include "cpu/window_lines.h"
#include "cpu/window_product.h"
#include "cpu/winograd.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kTilesAtOnce = 28;

class WinogradConvolution : public Kernel {
 public:
  WinogradConvolution(const Node& node, const LowerContext& context)
      : WinogradConvolution(node, context, is_transposed_convolution(node)) {}

  int64_t scratch_floats() const override {
    return affine_floats() + images_ * image_floats() + tile_floats(input_blocks_) +
           tile_floats(output_blocks_) + kPlacesReadAhead * kLaneMultiple;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    if (finish_.variance) finish_.prepare_affine(run, affine_floats() / 2, run.scratch);
    for (int64_t r = begin; r < end; r += images_) {
      run_images(run, r, std::min(end, r + images_));
    }
    const Finish& finish = finish_.finish;
    if (!finish.separate) return;
    for (int64_t r = begin; r < end; ++r) {
      float* y = run.row(y_, r);
      finish.function.forward(y, y, y_.columns, finish.constants.data());
    }
  }

 private:
  // A line of tiles.
  struct TileLine {
    int64_t row, line;  // of the batch; of tiles
  };

  WinogradConvolution(const Node& node, const LowerContext& context, bool transposed)
      : x_(context.storage(node.inputs[0])),
        y_(context.storage(node.outputs[0])),
        weight_(transposed ? context.winograd[node.inputs[1]].transposed
                           : context.winograd[node.inputs[1]].plain),
        finish_(node, context) {
    const Shape &x = context.graph.shape(node.inputs[0]), &y = context.graph.shape(node.outputs[0]);
    const Window window = window_of(node, {3, 3});
    panels_ = winograd_panels(x[1], y[1]).plane;
    input_blocks_ = panels_.depth / kLaneMultiple;
    output_blocks_ = round_up(y[1], kLaneMultiple) / kLaneMultiple;
    input_places_ = x[2] * x[3], output_places_ = y[2] * y[3];
    height_ = y[2], width_ = y[3];
    lines_ = (height_ + 1) / kWinogradStep, line_tiles_ = (width_ + 1) / kWinogradStep;
    const auto axis = [&](int64_t a, int64_t tiles) {
      const int64_t before = transposed ? 2 - window.pads[a] : window.pads[a];
      return PaddedImage::Axis{x[2 + a], before, kWinogradStep * tiles + 2};
    };
    image_ = PaddedImage({axis(0, lines_), axis(1, line_tiles_)});
    padded_width_ = kWinogradStep * line_tiles_ + 2;
    lines_at_once_ = std::max<int64_t>(1, kTilesAtOnce / line_tiles_);
    images_ = std::max<int64_t>(1, lines_at_once_ / lines_);
    for (int64_t block = 0; block < input_blocks_; ++block) {
      x_steps_.push_back(static_cast<int32_t>(block * block_floats()));
      weight_steps_.push_back(static_cast<int32_t>(block * kLaneMultiple));
    }
  }

  int64_t image_floats() const { return input_blocks_ * image_.places() * kLaneMultiple; }
  int64_t line_floats() const { return line_tiles_ * kLaneMultiple; }
  int64_t block_floats() const { return lines_at_once_ * line_floats(); }
  int64_t tile_floats(int64_t blocks) const { return kWinogradPlanes * blocks * block_floats(); }

  // At the start of the scratch memory.
  int64_t affine_floats() const {
    return finish_.variance ? 2 * round_up(panels_.columns, kLaneMultiple) : 0;
  }

  void run_images(const Run& run, int64_t begin, int64_t end) const {
    float* const images = run.scratch + affine_floats();
    float* to = images;
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t block = 0; block < input_blocks_; ++block) {
        image_.copy(run.row(x_, r) + block * input_places_ * kLaneMultiple, kLaneMultiple, to);
        to += image_.places() * kLaneMultiple;
      }
    }
    float* const tiles = images + images_ * image_floats();
    float* const products = tiles + tile_floats(input_blocks_);
    const int64_t lines = (end - begin) * lines_;
    for (int64_t first = 0; first < lines; first += lines_at_once_) {
      const int64_t count = std::min(lines_at_once_, lines - first);
      for (int64_t i = 0; i < count; ++i) {
        const TileLine line{(first + i) / lines_, (first + i) % lines_};
        transform_inputs(images + line.row * image_floats(), line.line, tiles + i * line_floats());
      }
      multiply_planes(run, tiles, products, count * line_tiles_);
      for (int64_t i = 0; i < count; ++i) {
        const TileLine line{begin + (first + i) / lines_, (first + i) % lines_};
        transform_results(run, line, products + i * line_floats());
      }
    }
  }

  // Tiles stand as [place][block][tile][16].
  void transform_inputs(const float* image, int64_t line, float* tiles) const {
    for (int64_t block = 0; block < input_blocks_; ++block) {
      const int64_t place = block * image_.places() + kWinogradStep * line * padded_width_;
      winograd_.inputs({.x = image + place * kLaneMultiple,
                        .x_line = padded_width_ * kLaneMultiple,
                        .count = line_tiles_,
                        .v = tiles + block * block_floats(),
                        .v_plane = input_blocks_ * block_floats()});
    }
  }

  void multiply_planes(const Run& run, const float* tiles, float* products, int64_t count) const {
    const int64_t height = windows_.tile_height(count);
    for (int64_t plane = 0; plane < kWinogradPlanes; ++plane) {
      const float* weight = run.data(weight_) + plane * panels_.size();
      for (int64_t column = 0; column < panels_.columns; column += kHalfPanel) {
        const int64_t panel = column / kPanelWidth;
        windows_.line(
            {.x = tiles + plane * input_blocks_ * block_floats(),
             .weight = weight + panels_.offset(panel) + column % kPanelWidth,
             .weight_stride = panels_.width(panel),
             .x_steps = x_steps_.data(),
             .w_steps = weight_steps_.data(),
             .num_steps = input_blocks_,
             .positions = count,
             .height = height,
             .blocks = panels_.columns - column > kLaneMultiple ? 2 : 1,
             .y = products + (plane * output_blocks_ + column / kLaneMultiple) * block_floats(),
             .y_step = kLaneMultiple,
             .y_block = block_floats()});
      }
    }
  }

  void transform_results(const Run& run, const TileLine& line, const float* products) const {
    const int64_t first = kWinogradStep * line.line;  // line of results
    for (int64_t block = 0; block < output_blocks_; ++block) {
      const int64_t channel = block * kLaneMultiple;
      const int64_t at = (block * output_places_ + first * width_) * kLaneMultiple;
      TilesOfResults results{
          .m = products + block * block_floats(),
          .m_plane = output_blocks_ * block_floats(),
          .width = width_,
          .height = std::min(kWinogradStep, height_ - first),
          .y = run.row(y_, line.row) + at,
          .y_line = width_ * kLaneMultiple,
          .bias = finish_.bias ? run.data(*finish_.bias) + channel : nullptr,
          .addend = finish_.addend ? run.row(*finish_.addend, line.row) + at : nullptr,
          .epilogue = finish_.finish.epilogue,
          .saved = finish_.saved ? run.row(*finish_.saved, line.row) + at : nullptr};
      if (finish_.variance) {
        results.factor = run.scratch + channel;
        results.shift = results.factor + affine_floats() / 2;
      }
      winograd_.results(results);
    }
  }

  const Storage x_, y_, weight_;
  const ConvolutionFinish finish_;
  Panels panels_;  // of one plane of the weight
  PaddedImage image_{{{1, 0, 1}}};
  int64_t input_blocks_ = 0, output_blocks_ = 0, input_places_ = 0, output_places_ = 0;
  int64_t height_ = 0, width_ = 0;               // of the results
  int64_t lines_ = 0, line_tiles_ = 0;           // of tiles
  int64_t padded_width_ = 0;                     // places of a padded line
  int64_t lines_at_once_ = 1, images_ = 1;       // lines of tiles, whole images that hold them
  std::vector<int32_t> x_steps_, weight_steps_;  // by block of inputs
  const WindowFunctions& windows_ = window_functions();
  const WinogradFunctions& winograd_ = winograd_functions();
};

}  // namespace

bool convolves_minimally(const Node& node, const LowerContext& context) {
  if (!convolves_in_blocks(node, context)) return false;
  const WinogradCopies& copies = context.winograd[node.inputs[1]];
  return (is_transposed_convolution(node) ? copies.transposed : copies.plain).offset >= 0 &&
         filters_minimally(context.graph, node);
}

std::unique_ptr<Kernel> make_winograd_convolution(const Node& node, const LowerContext& context) {
  return std::make_unique<WinogradConvolution>(node, context);
}

}  // namespace sinapse
