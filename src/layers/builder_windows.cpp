// Builder: convolutions and pooling. Lists of options become what the operators take.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "layers/builder_state.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const BuilderState& state, const std::string& message) {
  throw Error(ErrorCode::model, fmt::format("layer \"{}\": {}.", state.layer, message));
}

// One entry for each spatial axis.
std::vector<int64_t> for_each_axis(const BuilderState& state, const char* name,
                                   std::vector<int64_t> list, size_t rank) {
  if (list.size() == 1) list.assign(rank, list[0]);
  if (list.size() != rank) {
    fail(state, fmt::format("{} has {} entries, but its input has {} spatial axes", name,
                            list.size(), rank));
  }
  if (std::any_of(list.begin(), list.end(), [](int64_t v) { return v < 1 || v > 1 << 20; })) {
    fail(state, fmt::format("{} {} must be positive numbers below a million", name,
                            to_string(Shape(list))));
  }
  return list;
}

size_t spatial_rank(const BuilderState& state, const Tensor& x) {
  if (x.shape.size() < 3) {
    fail(state,
         fmt::format("expects [batch, channels, at least one spatial axis], but its input is "
                     "{}",
                     to_string(x.shape)));
  }
  return x.shape.size() - 2;
}

// A window made ready for a node.
struct Prepared {
  std::vector<int64_t> size, strides, dilations, pads;

  Attributes attributes() const {
    return {{"strides", strides}, {"dilations", dilations}, {"pads", pads}};
  }
};

// Zeros before and after each axis so that there are ceil(elements / stride) windows; of an odd
// number, one more after.
std::vector<int64_t> same_padding(const Prepared& window, const Shape& x) {
  const size_t rank = window.size.size();
  std::vector<int64_t> pads(2 * rank);
  for (size_t axis = 0; axis < rank; ++axis) {
    const int64_t elements = x[axis + 2], stride = window.strides[axis];
    const int64_t extent = (window.size[axis] - 1) * window.dilations[axis] + 1;
    const int64_t windows = (elements + stride - 1) / stride;
    const int64_t total = std::max<int64_t>(0, (windows - 1) * stride + extent - elements);
    pads[axis] = total / 2;
    pads[rank + axis] = total - total / 2;
  }
  return pads;
}

std::vector<int64_t> pads_of(const BuilderState& state, const WindowOptions& options,
                             const Prepared& window, const Shape& x) {
  const size_t rank = window.size.size();
  if (!options.pads.empty()) {
    std::vector<int64_t> pads = options.pads;
    if (pads.size() == 1) pads.assign(rank, pads[0]);
    if (pads.size() == rank) {  // the same on both sides
      const std::vector<int64_t> before = pads;
      pads.insert(pads.end(), before.begin(), before.end());
    }
    return pads;  // the operator checks them
  }
  if (options.padding == "same") return same_padding(window, x);
  if (options.padding == "valid") return std::vector<int64_t>(2 * rank, 0);
  fail(state, fmt::format("there is no padding \"{}\".{} For numbers use pads", options.padding,
                          did_you_mean(options.padding, {"valid", "same"})));
}

Prepared prepared(const BuilderState& state, const Tensor& x, const WindowOptions& options) {
  const size_t rank = spatial_rank(state, x);
  Prepared window{.size = for_each_axis(state, "kernel_size", options.size, rank),
                  .strides = for_each_axis(state, "strides", options.strides, rank),
                  .dilations = for_each_axis(state, "dilations", options.dilations, rank)};
  window.pads = pads_of(state, options, window, x.shape);
  return window;
}

// The weights of a convolution are made as those of a dense layer.
DenseOptions weights_of(const ConvolutionOptions& options) {
  return {.name = options.name,
          .use_bias = options.use_bias,
          .initializer = options.initializer,
          .bias_initializer = options.bias_initializer,
          .activation = options.activation,
          .l1 = options.l1,
          .l2 = options.l2,
          .constraint = options.constraint};
}

void check_filters(const BuilderState& state, int64_t channels, int64_t filters, int64_t groups) {
  if (filters < 1) fail(state, fmt::format("filters must be at least 1, but is {}", filters));
  if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
    fail(state, fmt::format("{} channels and {} filters cannot be divided into {} groups", channels,
                            filters, groups));
  }
}

Shape weight_shape(int64_t filters, int64_t channels, const std::vector<int64_t>& kernel) {
  Shape shape{filters, channels};
  shape.insert(shape.end(), kernel.begin(), kernel.end());
  return shape;
}

}  // namespace

Tensor Builder::convolution(const Tensor& x, int64_t filters, const ConvolutionOptions& options) {
  const Prepared window = prepared(state_, x, options.window);
  check_filters(state_, x.shape[1], filters, options.groups);
  const Shape weight = weight_shape(filters, x.shape[1] / options.groups, window.size);
  Attributes attributes = window.attributes();
  attributes["group"] = options.groups;
  return append(state_, op::conv(),
                with_weights(*this, state_, x, weight, filters, weights_of(options)), attributes);
}

Tensor Builder::transposed_convolution(const Tensor& x, int64_t filters,
                                       const ConvolutionOptions& options) {
  const bool same = options.window.padding == "same" && options.window.pads.empty();
  WindowOptions without_padding = options.window;
  if (same) without_padding.padding = "valid";
  Prepared window = prepared(state_, x, without_padding);
  check_filters(state_, x.shape[1], filters, options.groups);
  Attributes attributes;
  if (same) {  // as many elements as a convolution with padding "same" would make x of
    Shape y{kBatch, filters};
    for (size_t axis = 0; axis < window.size.size(); ++axis) {
      y.push_back(x.shape[axis + 2] * window.strides[axis]);
    }
    window.pads = same_padding(window, y);
    attributes["output_sizes"] = std::vector<int64_t>(y.begin() + 2, y.end());
  }
  attributes.merge(window.attributes());
  attributes["group"] = options.groups;
  const Shape weight = weight_shape(x.shape[1], filters / options.groups, window.size);
  return append(state_, op::conv_transpose(),
                with_weights(*this, state_, x, weight, filters, weights_of(options)), attributes);
}

Tensor Builder::max_pool(const Tensor& x, const WindowOptions& options) {
  const Prepared window = prepared(state_, x, options);
  Attributes attributes = window.attributes();
  attributes["kernel_shape"] = window.size;
  return append(state_, op::max_pool(), {x.id}, attributes);
}

Tensor Builder::average_pool(const Tensor& x, const WindowOptions& options) {
  const Prepared window = prepared(state_, x, options);
  Attributes attributes = window.attributes();
  attributes["kernel_shape"] = window.size;
  return append(state_, op::average_pool(), {x.id}, attributes);
}

}  // namespace sinapse
