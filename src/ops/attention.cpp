// Scaled dot-product attention of several heads side by side.
#include "ops/attention.h"

#include <cmath>

#include <fmt/format.h>

#include "ops/operators.h"

namespace sinapse {

namespace {

using namespace attention;

std::vector<Shape> infer(const Graph& graph, const Node& node) {
  const Shape& q = graph.shape(node.inputs[query]);
  if (q.size() != 3 || !is_batched(q)) {
    fail_shape(node, "expects sequences [batch, time, channels], but the query is " + to_string(q));
  }
  for (const Input input : {key, value}) {
    if (graph.shape(node.inputs[input]) != q) {
      fail_shape(node, fmt::format("query, key and value must have one shape, but are {} and {}",
                                   to_string(q), to_string(graph.shape(node.inputs[input]))));
    }
  }
  const AttentionSizes s = attention_sizes(node, q);
  if (s.heads < 1 || s.channels % s.heads != 0) {
    fail_shape(node, fmt::format("{} channels cannot be shared out evenly to {} heads", s.channels,
                                 s.heads));
  }
  if (node.inputs.size() > lengths && graph.shape(node.inputs[lengths]) != batched({1})) {
    fail_shape(node, "expects one length a row");
  }
  return {q, batched({s.heads, s.time, s.time})};
}

std::vector<ValueId> gradient(GradientBuilder& builder, const Node& node,
                              std::span<const ValueId> dy) {
  std::vector<ValueId> gradients = builder.append_all(
      op::attention_gradient(), node,
      {node.inputs[query], node.inputs[key], node.inputs[value], node.outputs[1], dy[0]},
      node.attributes);
  gradients.resize(node.inputs.size(), kNoValue);
  return gradients;
}

template <class T>
T dot(const T* a, const T* b, int64_t n) {
  T sum{0};
  for (int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}
template <class T>
void add_scaled(T factor, const T* x, int64_t n, T* y) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

template <class T>
void softmax(T* x, int64_t n) {
  const T most = *std::max_element(x, x + n);
  T sum{0};
  for (int64_t i = 0; i < n; ++i) sum += x[i] = std::exp(x[i] - most);
  for (int64_t i = 0; i < n; ++i) x[i] /= sum;
}

template <class T>
void reference(const ReferenceCall<T>& call) {
  const AttentionSizes s = attention_sizes(call.node, call.input_shape(query));
  const int64_t n = s.channels, d = s.width();
  const T scale = 1 / std::sqrt(static_cast<T>(d));
  const View<T> given = call.inputs.size() > lengths ? call.inputs[lengths] : View<T>{};
  for (int64_t r = 0; r < call.inputs[query].rows; ++r) {
    const T *const q = call.inputs[query].row(r), *const k = call.inputs[key].row(r);
    const T* const v = call.inputs[value].row(r);
    T *const y = call.outputs[0].row(r), *p = call.outputs[1].row(r);
    std::fill_n(y, s.time * n, T{0});
    const int64_t length = std::max<int64_t>(1, length_of(given, r, s.time));
    for (int64_t h = 0; h < s.heads; ++h) {
      for (int64_t i = 0; i < s.time; ++i, p += s.time) {
        const int64_t seen = s.seen(i, length);
        for (int64_t j = 0; j < seen; ++j) {
          p[j] = scale * dot(q + i * n + h * d, k + j * n + h * d, d);
        }
        softmax(p, seen);
        std::fill(p + seen, p + s.time, T{0});
        for (int64_t j = 0; j < seen; ++j) {
          add_scaled(p[j], v + j * n + h * d, d, y + i * n + h * d);
        }
      }
    }
  }
}

std::vector<Shape> infer_gradient(const Graph& graph, const Node& node) {
  return std::vector<Shape>(3, graph.shape(node.inputs[back_query]));
}

template <class T>
void reference_gradient(const ReferenceCall<T>& call) {
  const AttentionSizes s = attention_sizes(call.node, call.input_shape(back_query));
  const int64_t n = s.channels, d = s.width();
  const T scale = 1 / std::sqrt(static_cast<T>(d));
  std::vector<T> dp(s.time);
  for (int64_t r = 0; r < call.inputs[back_query].rows; ++r) {
    const T *const q = call.inputs[back_query].row(r), *const k = call.inputs[back_key].row(r);
    const T *const v = call.inputs[back_value].row(r), *p = call.inputs[probabilities].row(r);
    const T* const dy = call.inputs[d_y].row(r);
    for (const View<T>& to : call.outputs) std::fill_n(to.row(r), s.time * n, T{0});
    T *const dq = call.outputs[0].row(r), *const dk = call.outputs[1].row(r);
    T* const dv = call.outputs[2].row(r);
    for (int64_t h = 0; h < s.heads; ++h) {
      for (int64_t i = 0; i < s.time; ++i, p += s.time) {
        const int64_t at = i * n + h * d;
        for (int64_t j = 0; j < s.time; ++j) {
          dp[j] = dot(dy + at, v + j * n + h * d, d);
          add_scaled(p[j], dy + at, d, dv + j * n + h * d);
        }
        const T mean = dot(p, dp.data(), s.time);
        for (int64_t j = 0; j < s.time; ++j) {
          const T ds = scale * p[j] * (dp[j] - mean);
          add_scaled(ds, k + j * n + h * d, d, dq + at);
          add_scaled(ds, q + at, d, dk + j * n + h * d);
        }
      }
    }
  }
}

const std::vector<AttributeSpec>& attributes() {
  static const std::vector<AttributeSpec> specs{
      {"heads", int64_t{1}, "independent attentions, each on its share of the channels"},
      {"causal", int64_t{0}, "1: a step sees itself and those before it"}};
  return specs;
}

}  // namespace

const Operator& op::attention() {
  static const Operator definition{
      .name = "Attention",
      .doc =
          "softmax(q k^T / sqrt(d)) v for each head of d channels.  Inputs query, key, value "
          "[batch, time, n], lengths [batch, 1] or none: steps behind are not seen.  Outputs y "
          "[batch, time, n] and the probabilities [batch, heads, time, time].  Vaswani and "
          "others 2017",
      .attributes = attributes(),
      .infer = infer,
      .gradient = gradient,
      .reference32 = reference<float>,
      .reference64 = reference<double>};
  return definition;
}

const Operator& op::attention_gradient() {
  static const Operator definition{
      .name = "AttentionGradient",
      .doc = "Gradients of query, key and value.  Inputs these, the probabilities, dy",
      .attributes = attributes(),
      .infer = infer_gradient,
      .reference32 = reference_gradient<float>,
      .reference64 = reference_gradient<double>};
  return definition;
}

}  // namespace sinapse
