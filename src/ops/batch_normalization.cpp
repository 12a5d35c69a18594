// Batch normalisation over the batch axis (and any axes after the channels):
//   y = (x - mean) / sqrt(variance + epsilon) * scale + bias
// Training works in two operators, statistics first, because a statistic needs the whole batch.
// Letters: m values a channel, u = (x - mean) * inverse_deviation.
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

int64_t num_channels(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  if (x.size() < 2) fail_shape(node, "x " + to_string(x) + " has no channel axis");
  return x[1];
}

// Channel of a column: axis 1 is the channel, later axes repeat it.
template <class T>
int64_t values_per_channel(const ReferenceCall<T>& call) {
  return row_size(call.input_shape(0)) / call.input_shape(0)[1];
}

template <class T, class F>
void for_each_channel(const ReferenceCall<T>& call, const View<T>& x, F f) {
  const int64_t inner = values_per_channel(call);
  for (int64_t channel = 0; channel < x.columns / inner; ++channel) {
    f(channel, channel * inner, (channel + 1) * inner);
  }
}

std::vector<Shape> infer_inference(const Graph& graph, const Node& node) {
  const Shape channels{num_channels(graph, node)};
  for (size_t i = 1; i < 5; ++i) {
    if (graph.shape(node.inputs[i]) != channels) {
      fail_shape(node, fmt::format("expects {} of shape {}, but it is {}",
                                   graph.value(node.inputs[i]).name, to_string(channels),
                                   to_string(graph.shape(node.inputs[i]))));
    }
  }
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_inference(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  const T epsilon = static_cast<T>(call.node.number("epsilon"));
  for_each_channel(call, x, [&](int64_t channel, int64_t begin, int64_t end) {
    const T factor =
        call.inputs[1].data[channel] / std::sqrt(call.inputs[4].data[channel] + epsilon);
    const T mean = call.inputs[3].data[channel], bias = call.inputs[2].data[channel];
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) y.at(r, c) = (x.at(r, c) - mean) * factor + bias;
    }
  });
}

// With fixed statistics the layer is an affine function of x; only a frozen one is trained through,
// so no gradient of scale and bias is ever asked for.
std::vector<ValueId> gradient_of_inference(GradientBuilder& builder, const Node& node,
                                           std::span<const ValueId> dy) {
  for (size_t i = 1; i < 5; ++i) {
    if (builder.wanted(node.inputs[i])) {
      throw std::logic_error("BatchNormalization with running statistics has no gradient of " +
                             builder.graph().value(node.inputs[i]).name);
    }
  }
  const ValueId scale = node.inputs[1], variance = node.inputs[4];
  const ValueId dx =
      builder.append(op::batch_normalization_gradient(), node, {dy[0], scale, variance},
                     {{"epsilon", node.number("epsilon")}});
  return {dx, kNoValue, kNoValue, kNoValue, kNoValue};
}

std::vector<Shape> infer_inference_gradient(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_inference_gradient(const ReferenceCall<T>& call) {
  const View<T>&dy = call.inputs[0], &dx = call.outputs[0];
  const T epsilon = static_cast<T>(call.node.number("epsilon"));
  for_each_channel(call, dy, [&](int64_t channel, int64_t begin, int64_t end) {
    const T factor =
        call.inputs[1].data[channel] / std::sqrt(call.inputs[2].data[channel] + epsilon);
    for (int64_t r = 0; r < dy.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) dx.at(r, c) = dy.at(r, c) * factor;
    }
  });
}

std::vector<Shape> infer_statistics(const Graph& graph, const Node& node) {
  const Shape channels{num_channels(graph, node)};
  return {channels, channels};
}

// The running variance takes the unbiased estimate, as in the paper and in PyTorch.
template <class T>
void reference_statistics(const ReferenceCall<T>& call) {
  const View<T>& x = call.inputs[0];
  const T momentum = static_cast<T>(call.node.number("momentum"));
  const T epsilon = static_cast<T>(call.node.number("epsilon"));
  for_each_channel(call, x, [&](int64_t channel, int64_t begin, int64_t end) {
    const T m = static_cast<T>(x.rows * (end - begin));
    T sum{0}, squares{0};
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) sum += x.at(r, c);
    }
    const T mean = sum / m;
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) squares += (x.at(r, c) - mean) * (x.at(r, c) - mean);
    }
    call.outputs[0].data[channel] = mean;
    call.outputs[1].data[channel] = 1 / std::sqrt(squares / m + epsilon);
    T &running_mean = call.inputs[1].data[channel],
      &running_variance = call.inputs[2].data[channel];
    running_mean += momentum * (mean - running_mean);
    running_variance += momentum * (squares / std::max(m - 1, T{1}) - running_variance);
  });
}

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

template <class T>
void reference_normalize(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &y = call.outputs[0];
  for_each_channel(call, x, [&](int64_t channel, int64_t begin, int64_t end) {
    const T mean = call.inputs[3].data[channel];
    const T factor = call.inputs[4].data[channel] * call.inputs[1].data[channel];
    const T bias = call.inputs[2].data[channel];
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) y.at(r, c) = (x.at(r, c) - mean) * factor + bias;
    }
  });
}

std::vector<ValueId> gradient_of_normalize(GradientBuilder& builder, const Node& node,
                                           std::span<const ValueId> dy) {
  const ValueId x = node.inputs[0], scale = node.inputs[1];
  const ValueId mean = node.inputs[3], inverse_deviation = node.inputs[4];
  const auto sums = builder.append_all(op::batch_normalize_scale_gradient(), node,
                                       {x, dy[0], mean, inverse_deviation});
  ValueId dx = kNoValue;
  if (builder.wanted(x)) {
    dx = builder.append(op::batch_normalize_input_gradient(), node,
                        {x, dy[0], scale, mean, inverse_deviation, sums[0], sums[1]});
  }
  return {dx, sums[0], sums[1], kNoValue, kNoValue};
}

// dscale = sum(dy u), dbias = sum(dy)
template <class T>
void reference_scale_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1];
  for_each_channel(call, x, [&](int64_t channel, int64_t begin, int64_t end) {
    const T mean = call.inputs[2].data[channel], inverse = call.inputs[3].data[channel];
    T dscale{0}, dbias{0};
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) {
        dscale += dy.at(r, c) * (x.at(r, c) - mean) * inverse;
        dbias += dy.at(r, c);
      }
    }
    call.outputs[0].data[channel] = dscale;
    call.outputs[1].data[channel] = dbias;
  });
}

// dx = scale inverse_deviation (dy - dbias / m - u dscale / m): mean and deviation depend on x too.
template <class T>
void reference_input_gradient(const ReferenceCall<T>& call) {
  const View<T>&x = call.inputs[0], &dy = call.inputs[1], &dx = call.outputs[0];
  for_each_channel(call, x, [&](int64_t channel, int64_t begin, int64_t end) {
    const T m = static_cast<T>(call.batch_rows * (end - begin));
    const T scale = call.inputs[2].data[channel];
    const T mean = call.inputs[3].data[channel], inverse = call.inputs[4].data[channel];
    const T dscale = call.inputs[5].data[channel], dbias = call.inputs[6].data[channel];
    for (int64_t r = 0; r < x.rows; ++r) {
      for (int64_t c = begin; c < end; ++c) {
        const T u = (x.at(r, c) - mean) * inverse;
        dx.at(r, c) = scale * inverse * (dy.at(r, c) - dbias / m - u * dscale / m);
      }
    }
  });
}

}  // namespace

const Operator& op::batch_normalization() {
  static const Operator definition{
      .name = "BatchNormalization",
      .doc =
          "y = (x - mean) / sqrt(variance + epsilon) * scale + bias with running statistics.  "
          "Inputs x [batch, channels, ...], scale, bias, mean, variance [channels].  Ioffe, "
          "Szegedy 2015",
      .attributes = {{"epsilon", 1e-5, "keeps the root away from zero"}},
      .infer = infer_inference,
      .gradient = gradient_of_inference,
      .reference32 = reference_inference<float>,
      .reference64 = reference_inference<double>};
  return definition;
}

const Operator& op::batch_normalization_gradient() {
  static const Operator definition{
      .name = "BatchNormalizationGradient",
      .doc =
          "dx = dy scale / sqrt(variance + epsilon), of fixed statistics.  Inputs dy, scale, "
          "variance",
      .attributes = {{"epsilon", 1e-5, "keeps the root away from zero"}},
      .infer = infer_inference_gradient,
      .reference32 = reference_inference_gradient<float>,
      .reference64 = reference_inference_gradient<double>};
  return definition;
}

const Operator& op::batch_statistics() {
  static const Operator definition{
      .name = "BatchStatistics",
      .doc =
          "mean and 1 / sqrt(variance + epsilon) of each channel over the batch; moves the "
          "running statistics by `momentum`.  Inputs x, running_mean, running_variance",
      .attributes = {{"momentum", 0.1, "share of the new batch in the running statistics"},
                     {"epsilon", 1e-5, "keeps the root away from zero"}},
      .infer = infer_statistics,
      .reference32 = reference_statistics<float>,
      .reference64 = reference_statistics<double>,
      .has_side_effect = true};
  return definition;
}

const Operator& op::batch_normalize() {
  static const Operator definition{
      .name = "BatchNormalize",
      .doc =
          "y = (x - mean) inverse_deviation scale + bias.  Inputs x, scale, bias, mean, "
          "inverse_deviation",
      .attributes = {},
      .infer = infer_same,
      .gradient = gradient_of_normalize,
      .reference32 = reference_normalize<float>,
      .reference64 = reference_normalize<double>};
  return definition;
}

const Operator& op::batch_normalize_scale_gradient() {
  static const Operator definition{
      .name = "BatchNormalizeScaleGradient",
      .doc = "dscale = sum(dy u), dbias = sum(dy).  Inputs x, dy, mean, inverse_deviation",
      .attributes = {},
      .infer = infer_statistics,
      .reference32 = reference_scale_gradient<float>,
      .reference64 = reference_scale_gradient<double>};
  return definition;
}

const Operator& op::batch_normalize_input_gradient() {
  static const Operator definition{
      .name = "BatchNormalizeInputGradient",
      .doc =
          "dx through the normalisation and through its statistics.  Inputs x, dy, scale, mean, "
          "inverse_deviation, dscale, dbias",
      .attributes = {},
      .infer = infer_same,
      .reference32 = reference_input_gradient<float>,
      .reference64 = reference_input_gradient<double>};
  return definition;
}

}  // namespace sinapse
