// Convolutions of any rank as products: the elements under some windows are gathered into a matrix
// that stays in the cache, and the product kernel does the rest.
// Letters: m filters, c channels, k places of the window, p windows; all of one group.
#include "cpu/convolve.h"

#include "compile/fused.h"
#include "cpu/convolve_blocks.h"
#include "cpu/finish.h"
#include "cpu/kernel_rows.h"
#include "cpu/kernels.h"
#include "cpu/product.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kForwardChunk = 64;  // windows of a product: the width of a panel

const Storage* optional_storage(const Node& node, size_t input, const LowerContext& context) {
  if (node.inputs.size() <= input || node.inputs[input] == kNoValue) return nullptr;
  return &context.storage(node.inputs[input]);
}

// y[m, p] = bias[m] + sum over (c, k) of weight[m, (c, k)] columns[(c, k), p]
class ConvolutionForward : public Kernel {
 public:
  ConvolutionForward(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        columns_(image_columns(node, context.graph.shape(node.inputs[0]),
                               context.graph.shape(node.outputs[0]),
                               kernel_sizes(context.graph.shape(node.inputs[1])), kForwardChunk)),
        sizes_(sizes_of(node, context.graph.shape(node.inputs[0]),
                        context.graph.shape(node.outputs[0]), columns_)),
        finish_(finish_with(node, /*gradient=*/false)) {
    if (const Storage* bias = optional_storage(node, 2, context)) bias_ = *bias;
  }

  int64_t scratch_floats() const override {
    return (sizes_.depth() + sizes_.filters) * kForwardChunk;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t group = 0; group < sizes_.groups; ++group) {
        for (int64_t chunk = 0; chunk < columns_.num_chunks(); ++chunk) {
          convolve(run, r, group, chunk);
        }
      }
      if (finish_.epilogue != Epilogue::none || finish_.separate) {
        float* y = run.row(y_, r);
        finish_.function.forward(y, y, y_.columns, finish_.constants.data());
      }
    }
  }

 private:
  void convolve(const Run& run, int64_t r, int64_t group, int64_t chunk) const {
    const int64_t width = round_up(columns_.count(chunk), kLaneMultiple);
    float* gathered = run.scratch;
    float* sums = run.scratch + sizes_.depth() * kForwardChunk;
    const float* x = run.row(x_, r) + group * sizes_.channels * sizes_.input_elements;
    for (int64_t c = 0; c < sizes_.channels; ++c) {
      for (int64_t k = 0; k < sizes_.places; ++k) {
        columns_.gather(x + c * sizes_.input_elements, k, chunk,
                        gathered + (c * sizes_.places + k) * width, width);
      }
    }
    multiply_({.a = run.data(weight_) + group * sizes_.filters * sizes_.depth(),
               .a_row_stride = sizes_.depth(),
               .rows = sizes_.filters,
               .depth = sizes_.depth(),
               .b = gathered,
               .b_stride = width,
               .columns = width,
               .c = sums,
               .c_stride = width});
    const int64_t first = group * sizes_.filters;
    float* y = run.row(y_, r) + first * sizes_.output_elements + columns_.first_window(chunk);
    for (int64_t m = 0; m < sizes_.filters; ++m) {
      const float bias = bias_.offset >= 0 ? run.data(bias_)[first + m] : 0;
      float* to = y + m * sizes_.output_elements;
      for (int64_t p = 0; p < columns_.count(chunk); ++p) to[p] = sums[m * width + p] + bias;
    }
  }

  const Storage x_, weight_, y_;
  Storage bias_;
  const ImageColumns columns_;
  const ConvolutionSizes sizes_;
  const Finish finish_;
  const ProductFunction multiply_ = product_function();
};

// The opposite way: columns[(c, k), p] = sum over m of weight[m, (c, k)] x[m, p], each added to the
// element of y that it was gathered from.
class ConvolutionTransposed : public Kernel {
 public:
  ConvolutionTransposed(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        weight_(context.storage(node.inputs[1])),
        y_(context.storage(node.outputs[0])),
        columns_(image_columns(node, context.graph.shape(node.outputs[0]),
                               context.graph.shape(node.inputs[0]),
                               kernel_sizes(context.graph.shape(node.inputs[1])), kForwardChunk)),
        sizes_(sizes_of(node, context.graph.shape(node.outputs[0]),
                        context.graph.shape(node.inputs[0]), columns_)) {
    if (const Storage* bias = optional_storage(node, 2, context)) bias_ = *bias;
  }

  int64_t scratch_floats() const override {
    return (sizes_.depth() + sizes_.filters) * kForwardChunk;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t r = begin; r < end; ++r) {
      start(run, run.row(y_, r));
      for (int64_t group = 0; group < sizes_.groups; ++group) {
        for (int64_t chunk = 0; chunk < columns_.num_chunks(); ++chunk)
          spread(run, r, group, chunk);
      }
    }
  }

 private:
  void start(const Run& run, float* y) const {
    for (int64_t c = 0; c < sizes_.groups * sizes_.channels; ++c) {
      const float bias = bias_.offset >= 0 ? run.data(bias_)[c] : 0;
      std::fill_n(y + c * sizes_.input_elements, sizes_.input_elements, bias);
    }
  }

  void spread(const Run& run, int64_t r, int64_t group, int64_t chunk) const {
    const int64_t count = columns_.count(chunk), width = round_up(count, kLaneMultiple);
    float* columns = run.scratch;
    float* slopes = run.scratch + sizes_.depth() * kForwardChunk;
    const float* x = run.row(x_, r) + group * sizes_.filters * sizes_.output_elements +
                     columns_.first_window(chunk);
    for (int64_t m = 0; m < sizes_.filters; ++m) {  // whole vectors, zeros behind the last window
      std::copy_n(x + m * sizes_.output_elements, count, slopes + m * width);
      std::fill_n(slopes + m * width + count, width - count, 0.0f);
    }
    multiply_({.a = run.data(weight_) + group * sizes_.filters * sizes_.depth(),
               .a_row_stride = 1,
               .a_depth_stride = sizes_.depth(),
               .rows = sizes_.depth(),
               .depth = sizes_.filters,
               .b = slopes,
               .b_stride = width,
               .columns = width,
               .c = columns,
               .c_stride = width});
    float* y = run.row(y_, r) + group * sizes_.channels * sizes_.input_elements;
    for (int64_t c = 0; c < sizes_.channels; ++c) {
      for (int64_t k = 0; k < sizes_.places; ++k) {
        columns_.scatter_add(columns + (c * sizes_.places + k) * width, k, chunk,
                             y + c * sizes_.input_elements);
      }
    }
  }

  const Storage x_, weight_, y_;
  Storage bias_;
  const ImageColumns columns_;
  const ConvolutionSizes sizes_;
  const ProductFunction multiply_ = product_function();
};

bool accepts_forward(const Node& node, const LowerContext&) {
  return node.op == &op::conv() || node.op == &op::fused_conv();
}

}  // namespace

std::span<const KernelRow> convolution_kernels() {
  static const KernelRow rows[] = {
      {"minimal filtering", convolves_minimally, by_rows, make_winograd_convolution},
      {"windows of blocks", convolves_in_blocks, by_rows, make_block_convolution},
      {"gradient of parts", is_of<op::conv_gradient_parts>, by_slices, make_gradient_parts},
      {"sum of parts", is_of<op::conv_gradient_sum>, by_slices, make_gradient_sum},
      {"gathered product", accepts_forward, by_rows, make<ConvolutionForward>},
      {"scattered product", is_of<op::conv_transpose>, by_rows, make<ConvolutionTransposed>},
      {"gathered gradient", is_of<op::conv_weight_gradient>, by_slices,
       make_convolution_weight_gradient},
  };
  return rows;
}

}  // namespace sinapse
