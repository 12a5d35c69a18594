// dweight[m, (c, k)] = sum over batch and p of columns[(c, k), p] dy[m, p]. A slice is 16 filters
// and some channels of one group; it sums over the whole batch in the batch's order.
#include "cpu/convolve.h"
#include "cpu/product.h"
#include "cpu/update.h"

namespace sinapse {

namespace {

constexpr int64_t kGradientChunk = 256;  // windows that are summed at a time
constexpr int64_t kSliceFilters = 16;    // one cache line
constexpr int64_t kSliceInputs = 96;     // (c, k) of a slice, about

// dweight[m, (c, k)] = sum over batch and p of columns[(c, k), p] dy[m, p]. A slice is 16 filters
// and some channels of one group; it sums over the whole batch in the batch's order.
class ConvolutionWeightGradient : public Kernel {
 public:
  ConvolutionWeightGradient(const Node& node, const LowerContext& context)
      : x_(context.storage(node.inputs[0])),
        dy_(context.storage(node.inputs[1])),
        dweight_(context.storage(node.outputs[0])),
        dbias_(context.storage(node.outputs[1])),
        columns_(image_columns(node, context.graph.shape(node.inputs[0]),
                               context.graph.shape(node.inputs[1]), node.integers("kernel_shape"),
                               kGradientChunk)),
        sizes_(sizes_of(node, context.graph.shape(node.inputs[0]),
                        context.graph.shape(node.inputs[1]), columns_)),
        slice_channels_(
            std::min(sizes_.channels, std::max<int64_t>(1, kSliceInputs / sizes_.places))),
        channel_slices_((sizes_.channels + slice_channels_ - 1) / slice_channels_),
        filter_slices_((sizes_.filters + kSliceFilters - 1) / kSliceFilters) {}

  int64_t num_slices() const override { return sizes_.groups * channel_slices_ * filter_slices_; }
  int64_t scratch_floats() const override {
    return slice_channels_ * sizes_.places * (kGradientChunk + kSliceFilters) +
           kGradientChunk * kSliceFilters;
  }

  void run(const Run& run, int64_t begin, int64_t end) const override {
    for (int64_t slice = begin; slice < end; ++slice) run_slice(run, slice_at(slice));
  }

 private:
  struct Slice {
    int64_t group, first_filter, filters, first_channel, channels;
  };

  Slice slice_at(int64_t index) const {
    Slice slice{.group = index / (channel_slices_ * filter_slices_)};
    slice.first_filter = index / channel_slices_ % filter_slices_ * kSliceFilters;
    slice.filters = std::min(kSliceFilters, sizes_.filters - slice.first_filter);
    slice.first_channel = index % channel_slices_ * slice_channels_;
    slice.channels = std::min(slice_channels_, sizes_.channels - slice.first_channel);
    return slice;
  }

  void run_slice(const Run& run, const Slice& slice) const {
    const int64_t depth = slice.channels * sizes_.places;
    float* sums = run.scratch;  // [depth, 16]
    float* slopes = sums + depth * kSliceFilters;
    float* gathered = slopes + kGradientChunk * kSliceFilters;
    std::fill_n(sums, depth * kSliceFilters, 0.0f);
    float bias[kSliceFilters] = {};
    for (int64_t r = 0; r < run.rows; ++r) {
      for (int64_t chunk = 0; chunk < columns_.num_chunks(); ++chunk) {
        transpose_slopes(run, r, slice, chunk, slopes, bias);
        gather(run, r, slice, chunk, gathered);
        multiply_({.a = gathered,
                   .a_row_stride = columns_.count(chunk),
                   .rows = depth,
                   .depth = columns_.count(chunk),
                   .b = slopes,
                   .b_stride = kSliceFilters,
                   .columns = kSliceFilters,
                   .accumulate = true,
                   .c = sums,
                   .c_stride = kSliceFilters});
      }
    }
    store(run, slice, sums, bias);
  }

  // dy[m, p] → slopes[p, m], zeros behind the last filter; the bias is the weight of a constant 1.
  void transpose_slopes(const Run& run, int64_t r, const Slice& slice, int64_t chunk, float* slopes,
                        float* bias) const {
    const float* dy = run.row(dy_, r) + columns_.first_window(chunk) +
                      (slice.group * sizes_.filters + slice.first_filter) * sizes_.output_elements;
    const int64_t count = columns_.count(chunk);
    if (slice.filters < kSliceFilters) std::fill_n(slopes, count * kSliceFilters, 0.0f);
    transpose_(dy, sizes_.output_elements, slice.filters, count, slopes, kSliceFilters);
    for (int64_t p = 0; p < count; ++p) {
      for (int64_t m = 0; m < kSliceFilters; ++m) bias[m] += slopes[p * kSliceFilters + m];
    }
  }

  void gather(const Run& run, int64_t r, const Slice& slice, int64_t chunk, float* to) const {
    const float* x = run.row(x_, r) +
                     (slice.group * sizes_.channels + slice.first_channel) * sizes_.input_elements;
    const int64_t count = columns_.count(chunk);
    for (int64_t c = 0; c < slice.channels; ++c) {
      for (int64_t k = 0; k < sizes_.places; ++k, to += count) {
        columns_.gather(x + c * sizes_.input_elements, k, chunk, to, count);
      }
    }
  }

  void store(const Run& run, const Slice& slice, const float* sums, const float* bias) const {
    const int64_t first = slice.group * sizes_.filters + slice.first_filter;
    const int64_t depth = slice.channels * sizes_.places;
    float* dweight =
        run.data(dweight_) + first * sizes_.depth() + slice.first_channel * sizes_.places;
    transpose_(sums, kSliceFilters, depth, slice.filters, dweight, sizes_.depth());
    if (dbias_.offset < 0 || slice.first_channel > 0) return;
    std::copy_n(bias, slice.filters, run.data(dbias_) + first);
  }

  const Storage x_, dy_, dweight_, dbias_;
  const ImageColumns columns_;
  const ConvolutionSizes sizes_;
  const int64_t slice_channels_, channel_slices_, filter_slices_;
  const ProductFunction multiply_ = product_function();
  const TransposeFunction transpose_ = transpose_function();
};

}  // namespace

std::unique_ptr<Kernel> make_convolution_weight_gradient(const Node& node,
                                                         const LowerContext& context) {
  return std::make_unique<ConvolutionWeightGradient>(node, context);
}

}  // namespace sinapse
