#include "onnx/axes_nodes.h"

#include <numeric>

#include "ops/channel_map.h"

namespace sinapse {

namespace {

std::string reshape(const Translation& t, const std::string& x, std::vector<int64_t> shape) {
  return t.append("Reshape", {x, t.writer.integers(shape)});
}

int64_t product(std::span<const int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<>());
}

// [batch, channels, 1, ...]: repeated along the spatial axes.
std::string expand(const Translation& t) {
  std::vector<int64_t> shape = t.output_shape();
  shape[0] = 1;  // as large as it is
  return t.append("Expand", {t.input(0), t.writer.integers(shape)});
}

std::string resize(const Translation& t, const std::string& x, const std::vector<float>& factors,
                   std::vector<OnnxAttribute> attributes) {
  const std::string scales = t.writer.table(t.node.name + "/scales", std::span(factors));
  return t.append("Resize", {x, "", scales}, attributes);
}

std::string nearest(const Translation& t) {
  std::vector<float> factors{1, 1};
  for (size_t axis = 2; axis < t.shape(0).size(); ++axis) {
    factors.push_back(static_cast<float>(t.output_shape()[axis]) /
                      static_cast<float>(t.shape(0)[axis]));
  }
  return resize(t, t.input(0), factors,
                {{"mode", "nearest"},
                 {"coordinate_transformation_mode", "asymmetric"},
                 {"nearest_mode", "floor"}});
}

// Axis by axis, as the third of four axes: what every implementation of Resize can do.
std::string linear(const Translation& t) {
  Shape shape = t.shape(0);
  std::string x = t.input(0);
  for (size_t axis = 2; axis < shape.size(); ++axis) {
    const std::span<const int64_t> sizes(shape);
    const int64_t outer = product(sizes.subspan(1, axis - 1));
    const int64_t inner = product(sizes.subspan(axis + 1));
    const int64_t size = t.output_shape()[axis];
    const auto factor = static_cast<float>(size) / static_cast<float>(shape[axis]);
    x = reshape(t, x, {0, outer, shape[axis], inner});
    x = resize(t, x, {1, 1, factor, 1},
               {{"mode", "linear"}, {"coordinate_transformation_mode", "half_pixel"}});
    shape[axis] = size;
  }
  shape[0] = 0;
  return reshape(t, x, shape);
}

// Bins one after the other, axis by axis.
std::string reduce_bins(const Translation& t, std::string_view reduction) {
  std::string x = t.input(0);
  for (size_t axis = 2; axis < t.shape(0).size(); ++axis) {
    const auto place = static_cast<int64_t>(axis);
    const int64_t bins = t.output_shape()[axis];
    std::vector<std::string> parts;
    for (int64_t b = 0; b < bins; ++b) {
      const Bin bin = bin_of(b, t.shape(0)[axis], bins);
      const std::string part =
          t.append("Slice", {x, t.writer.integers({bin.begin}), t.writer.integers({bin.end}),
                             t.writer.integers({place})});
      parts.push_back(t.append(reduction, {part}, {{"axes", std::vector<int64_t>{place}}}));
    }
    x = parts.size() == 1 ? parts[0] : t.append("Concat", parts, {{"axis", place}});
  }
  return x;
}

}  // namespace

// ONNX wants pads of all axes.
std::string append_pad_node(const Translation& t) {
  const std::vector<int64_t>& pads = t.node.integers("pads");
  const size_t rank = pads.size() / 2;
  std::vector<int64_t> all(2, 0);
  all.insert(all.end(), pads.begin(), pads.begin() + static_cast<int64_t>(rank));
  all.insert(all.end(), 2, 0);
  all.insert(all.end(), pads.begin() + static_cast<int64_t>(rank), pads.end());
  return t.append("Pad", {t.input(0), t.writer.integers(all)});
}

std::string append_resize_nodes(const Translation& t) {
  if (t.node.text("mode") == "average") return reduce_bins(t, "ReduceMean");
  if (t.node.text("mode") == "linear") return linear(t);
  return product(spatial(t.shape(0))) == 1 ? expand(t) : nearest(t);
}

std::string append_adaptive_max_pool_nodes(const Translation& t) {
  return reduce_bins(t, "ReduceMax");
}

// Groups as the channels of an InstanceNormalization, then scale and bias of the channels.
std::string append_group_normalization_nodes(const Translation& t) {
  const Shape& x = t.shape(0);
  const int64_t groups = t.node.integer("groups");
  const OnnxAttribute epsilon{"epsilon", t.number("epsilon")};
  if (groups == x[1] && x.size() > 2) {
    return t.append("InstanceNormalization", t.inputs(), {epsilon});
  }
  const std::vector<float> ones(groups, 1), zeros(groups, 0);
  const std::string normal = t.append("InstanceNormalization",
                                      {reshape(t, t.input(0), {0, groups, -1}),
                                       t.writer.table(t.node.name + "/ones", std::span(ones)),
                                       t.writer.table(t.node.name + "/zeros", std::span(zeros))},
                                      {epsilon});
  Shape shape = x, channel(x.size() - 1, 1);
  shape[0] = 0;
  channel[0] = x[1];
  const std::string scaled =
      t.append("Mul", {reshape(t, normal, shape), reshape(t, t.input(1), channel)});
  return t.append("Add", {scaled, reshape(t, t.input(2), channel)});
}

}  // namespace sinapse
