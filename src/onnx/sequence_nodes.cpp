#include "onnx/sequence_nodes.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "ops/attention.h"
#include "ops/positions.h"

namespace sinapse {

namespace {

constexpr float kUnseen = -1e30f;  // a score whose exponential is 0

std::string cast(const Translation& t, const std::string& x, onnx::TensorProto::DataType type) {
  return t.append("Cast", {x}, {{"to", static_cast<int64_t>(type)}});
}

std::string unsqueezed(const Translation& t, const std::string& x, std::vector<int64_t> axes) {
  return t.append("Unsqueeze", {x, t.writer.integers(axes)});
}

// Axes [begin, end) of x's shape.
std::string sizes(const Translation& t, const std::string& x, int64_t begin, int64_t end) {
  return t.append("Slice",
                  {t.append("Shape", {x}), t.writer.integers({begin}), t.writer.integers({end})});
}

bool has_input(const Translation& t, size_t input) {
  return t.node.inputs.size() > input && t.node.inputs[input] != kNoValue;
}

// 1, 2, ... along the last of these axes.
std::string count_up(const Translation& t, const std::string& shape, int64_t axis) {
  const std::string ones =
      t.append("Add", {t.append("ConstantOfShape", {shape}), t.writer.scalar(1)});
  return t.append("CumSum", {ones, t.writer.integers({axis})});
}

}  // namespace

std::string append_step_numbers(const Translation& t, const std::string& x) {
  return count_up(t, sizes(t, x, 0, 2), 1);
}

std::string append_limited_lengths(const Translation& t, const std::string& lengths,
                                   const std::string& x, float least) {
  const std::string time = cast(t, sizes(t, x, 1, 2), onnx::TensorProto::FLOAT);
  return t.append("Min", {t.append("Max", {lengths, t.writer.scalar(least)}), time});
}

std::string append_steps_product_nodes(const Translation& t) {
  const std::string weight =
      t.append("Transpose", {t.input(1)}, {{"perm", std::vector<int64_t>{1, 0}}});
  const std::string product = t.append("MatMul", {t.input(0), weight});
  return has_input(t, 2) ? t.append("Add", {product, t.input(2)}) : product;
}

std::string append_sequence_lengths_nodes(const Translation& t) {
  const std::string x = t.input(0);
  const std::string padding = t.append("Equal", {x, t.writer.scalar(t.number("padding"))});
  std::string counts = cast(t, t.append("Not", {padding}), onnx::TensorProto::FLOAT);
  if (t.shape(0).size() == 3) {
    counts = t.append("ReduceMax", {counts},
                      {{"axes", std::vector<int64_t>{2}}, {"keepdims", int64_t{0}}});
  }
  return t.append("ReduceMax", {t.append("Mul", {counts, append_step_numbers(t, x)})},
                  {{"axes", std::vector<int64_t>{1}}, {"keepdims", int64_t{1}}});
}

std::string append_mask_steps_nodes(const Translation& t) {
  const std::string x = t.input(0);
  const std::string counts = t.append("LessOrEqual", {append_step_numbers(t, x), t.input(1)});
  return t.append("Where", {unsqueezed(t, counts, {2}), x, t.writer.scalar(0)});
}

std::string append_pool_steps_nodes(const Translation& t) {
  const std::string x = t.input(0), &mode = t.node.text("mode");
  const std::vector<OnnxAttribute> over_time{{"axes", std::vector<int64_t>{1}},
                                             {"keepdims", int64_t{0}}};
  if (!has_input(t, 1)) {
    if (mode == "last") {
      const std::string last =
          t.append("Gather", {x, t.writer.integers({-1})}, {{"axis", int64_t{1}}});
      return t.append("Squeeze", {last, t.writer.integers({1})});
    }
    return t.append(mode == "mean" ? "ReduceMean" : "ReduceMax", {x}, over_time);
  }
  const std::string length = append_limited_lengths(t, t.input(1), x, 1);
  const std::string steps = append_step_numbers(t, x);
  const std::string wanted =
      unsqueezed(t, t.append(mode == "last" ? "Equal" : "LessOrEqual", {steps, length}), {2});
  const float other = mode == "max" ? std::numeric_limits<float>::lowest() : 0.0f;
  const std::string kept = t.append("Where", {wanted, x, t.writer.scalar(other)});
  if (mode == "max") return t.append("ReduceMax", {kept}, over_time);
  const std::string sum =
      t.append("ReduceSum", {kept, t.writer.integers({1})}, {{"keepdims", int64_t{0}}});
  return mode == "mean" ? t.append("Div", {sum, length}) : sum;
}

std::string append_swap_axes_node(const Translation& t) {
  return t.append("Transpose", {t.input(0)}, {{"perm", std::vector<int64_t>{0, 2, 1}}});
}

// The cosine is a sine a quarter turn later; in double, as angles are large.
std::string append_positions_nodes(const Translation& t) {
  const int64_t channels = t.shape(0)[2];
  std::vector<double> frequencies, phases;
  for (int64_t c = 0; c < channels; ++c) {
    frequencies.push_back(position_frequency(c, channels));
    phases.push_back(c % 2 == 0 ? 0 : std::numbers::pi / 2);
  }
  const std::string numbers = count_up(t, sizes(t, t.input(0), 1, 2), 0);
  const std::string from_zero = t.append("Sub", {numbers, t.writer.scalar(1)});
  const std::string steps = unsqueezed(t, cast(t, from_zero, onnx::TensorProto::DOUBLE), {1});
  const std::string angles = t.append(
      "Add", {t.append("Mul", {steps, t.writer.table(t.node.name + ".frequencies",
                                                     std::span<const double>(frequencies))}),
              t.writer.table(t.node.name + ".phases", std::span<const double>(phases))});
  const std::string positions = cast(t, t.append("Sin", {angles}), onnx::TensorProto::FLOAT);
  return t.append("Add", {t.input(0), positions});
}

std::string append_attention_nodes(const Translation& t) {
  const AttentionSizes s = attention_sizes(t.node, t.shape(attention::query));
  const auto heads = [&](attention::Input input, std::vector<int64_t> axes) {
    const std::string cut =
        t.append("Reshape", {t.input(input), t.writer.integers({0, 0, s.heads, s.width()})});
    return t.append("Transpose", {cut}, {{"perm", std::move(axes)}});
  };
  const std::string query = heads(attention::query, {0, 2, 1, 3});
  const std::string key = heads(attention::key, {0, 2, 3, 1});
  const std::string value = heads(attention::value, {0, 2, 1, 3});
  const float scale = 1 / std::sqrt(static_cast<float>(s.width()));
  std::string scores = t.append("Mul", {t.append("MatMul", {query, key}), t.writer.scalar(scale)});
  const auto see = [&](const std::string& allowed) {
    scores = t.append("Where", {allowed, scores, t.writer.scalar(kUnseen)});
  };
  const std::string x = t.input(attention::query);
  if (has_input(t, attention::lengths)) {
    const std::string length = append_limited_lengths(t, t.input(attention::lengths), x, 1);
    see(unsqueezed(t, t.append("LessOrEqual", {append_step_numbers(t, x), length}), {1, 2}));
  }
  if (s.causal) {
    const std::string steps = append_step_numbers(t, x);
    see(t.append("LessOrEqual", {unsqueezed(t, steps, {1, 2}), unsqueezed(t, steps, {1, 3})}));
  }
  const std::string weights = t.append("Softmax", {scores}, {{"axis", int64_t{-1}}});
  const std::string mixed = t.append("Transpose", {t.append("MatMul", {weights, value})},
                                     {{"perm", std::vector<int64_t>{0, 2, 1, 3}}});
  return t.append("Reshape", {mixed, t.writer.integers({0, 0, s.channels})});
}

}  // namespace sinapse
