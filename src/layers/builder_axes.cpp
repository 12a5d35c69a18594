// Builder: the spatial axes and the channels of [batch, channels, ...] as a whole.
#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "layers/builder_state.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using Sizes = std::vector<int64_t>;

constexpr int64_t kMostSize = int64_t{1} << 20;

Sizes spatial_sizes(const Builder& builder, const Tensor& x) {
  if (x.shape.size() < 3) {
    builder.fail(
        fmt::format("expects [batch, channels, at least one spatial axis], but its input "
                    "is {}",
                    to_string(x.shape)));
  }
  return {x.shape.begin() + 2, x.shape.end()};
}

// One entry for each spatial axis, or one for all.
Sizes for_each_axis(const Builder& builder, std::string_view name, Sizes list, size_t rank) {
  if (list.size() == 1) list.assign(rank, list[0]);
  const bool in_range = std::all_of(list.begin(), list.end(),
                                    [](int64_t size) { return size >= 1 && size <= kMostSize; });
  if (list.size() == rank && in_range) return list;
  builder.fail(
      fmt::format("{} {} must be {} numbers from 1 to {}, one for each spatial axis, or one "
                  "for all",
                  name, to_string(list), rank, kMostSize));
}

bool divides_all(const Sizes& parts, const Sizes& wholes) {
  for (size_t axis = 0; axis < parts.size(); ++axis) {
    if (wholes[axis] % parts[axis] != 0) return false;
  }
  return true;
}

// The window that makes bins of equal sizes.
WindowOptions even_bins(const Sizes& inputs, const Sizes& outputs) {
  Sizes size;
  for (size_t axis = 0; axis < inputs.size(); ++axis) size.push_back(inputs[axis] / outputs[axis]);
  return {.size = size, .strides = size};
}

}  // namespace

void Builder::fail(const std::string& message) const {
  throw Error(ErrorCode::model, fmt::format("layer \"{}\": {}.", state_.layer, message));
}

Tensor Builder::pad(const Tensor& x, std::vector<int64_t> pads) {
  const size_t rank = spatial_sizes(*this, x).size();
  if (pads.size() == 1) pads.assign(rank, pads[0]);
  if (pads.size() == rank) {
    const Sizes before = pads;
    pads.insert(pads.end(), before.begin(), before.end());
  }
  return append(state_, op::pad(), {x.id}, {{"pads", std::move(pads)}});
}

Tensor Builder::up_sample(const Tensor& x, std::vector<int64_t> factors,
                          const std::string& interpolation) {
  Sizes sizes = spatial_sizes(*this, x);
  factors = for_each_axis(*this, "size", std::move(factors), sizes.size());
  if (interpolation != "nearest" && interpolation != "linear") {
    fail(fmt::format("interpolation must be nearest or linear, but is \"{}\"", interpolation));
  }
  for (size_t axis = 0; axis < sizes.size(); ++axis) sizes[axis] *= factors[axis];
  return append(state_, op::resize(), {x.id}, {{"mode", interpolation}, {"sizes", sizes}});
}

Tensor Builder::adaptive_average_pool(const Tensor& x, std::vector<int64_t> sizes) {
  const Sizes inputs = spatial_sizes(*this, x);
  sizes = for_each_axis(*this, "output_size", std::move(sizes), inputs.size());
  if (divides_all(sizes, inputs)) return average_pool(x, even_bins(inputs, sizes));
  return append(state_, op::resize(), {x.id}, {{"mode", std::string("average")}, {"sizes", sizes}});
}

Tensor Builder::adaptive_max_pool(const Tensor& x, std::vector<int64_t> sizes) {
  const Sizes inputs = spatial_sizes(*this, x);
  sizes = for_each_axis(*this, "output_size", std::move(sizes), inputs.size());
  if (divides_all(sizes, inputs)) return max_pool(x, even_bins(inputs, sizes));
  return append(state_, op::adaptive_max_pool(), {x.id}, {{"sizes", sizes}});
}

Tensor Builder::multiply_channels(const Tensor& x, const Tensor& factors) {
  const Sizes sizes = spatial_sizes(*this, x);
  if (factors.shape != Shape{kBatch, x.shape[1]}) {
    fail(fmt::format("the factors {} are not one for each channel of {}", to_string(factors.shape),
                     to_string(x.shape)));
  }
  Shape row(x.shape.size() - 1, 1);
  row[0] = x.shape[1];
  const Tensor repeated = append(state_, op::resize(), {reshape(factors, row).id},
                                 {{"mode", std::string("nearest")}, {"sizes", sizes}});
  return multiply(x, repeated);
}

}  // namespace sinapse
