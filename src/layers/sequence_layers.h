// Layers on sequences [batch, time, features] beside the recurrent ones. Where a layer takes two
// inputs, the second one, [batch, 1], says how many steps of each row count.
#pragma once

#include <sinapse/layer.h>

#include "layers/layers.h"

namespace sinapse {

/// The sequences and, if given, their lengths.
struct SequenceInputs {
  SequenceInputs(Builder& builder, std::span<const Tensor> inputs) : x(inputs[0]) {
    if (inputs.size() > 2) {
      builder.fail("takes sequences and, if wanted, their lengths, but is given " +
                   std::to_string(inputs.size()) + " inputs");
    }
    if (inputs.size() == 2) lengths = inputs[1];
    if (lengths.id >= 0 && lengths.shape != Shape{kBatch, 1}) {
      builder.fail("the lengths must be one number a row, [batch, 1], but are " +
                   to_string(lengths.shape));
    }
  }
  Tensor x, lengths;
};

struct SequenceLength {
  static constexpr std::string_view type = "sequence_length";
  static constexpr std::string_view doc =
      "How many steps of a sequence count: up to the last that is not all padding. x [batch, time] "
      "or [batch, time, features] → [batch, 1], the second input of layers on sequences.";
  double padding = 0;

  void fields(FieldVisitor& visit) {
    visit("padding", padding, "the value that fills up short sequences");
  }
  Tensor build(Builder& b, const Tensor& x) const { return b.sequence_lengths(x, padding); }
};

struct MaskSteps {
  static constexpr std::string_view type = "mask_steps";
  static constexpr std::string_view doc =
      "Zeros in the steps behind the length, so that convolutions see there what lies beyond the "
      "end. x [batch, time, features], lengths → the same shape.";

  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    const SequenceInputs given(b, inputs);
    if (given.lengths.id < 0) b.fail("takes sequences and their lengths, but is given no lengths");
    return b.mask_steps(given.x, given.lengths);
  }
};

struct SequencePool {
  static constexpr std::string_view type = "sequence_pool";
  static constexpr std::string_view doc =
      "One vector for a sequence. x [batch, time, features], lengths if wanted → [batch, "
      "features].";
  std::string mode = "mean";

  void fields(FieldVisitor& visit) { visit("mode", mode, "mean, max or last"); }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    const SequenceInputs given(b, inputs);
    return b.pool_steps(given.x, mode, given.lengths);
  }
};

struct TransposeAxes {
  static constexpr std::string_view type = "transpose";
  static constexpr std::string_view doc =
      "[batch, a, b] → [batch, b, a]: convolutions want [batch, channels, time], layers on "
      "sequences "
      "[batch, time, features].";

  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const { return b.swap_axes(x); }
};

struct DensePerStep {
  static constexpr std::string_view type = "dense_per_step";
  static constexpr std::string_view doc =
      "The same dense layer on every step: y_t = f(x_t W^T + b). [batch, time, k] → [batch, time, "
      "units].";
  int64_t units = 0;
  WeightFields weights;

  void fields(FieldVisitor& visit) {
    visit("units", units, "number of neurons");
    weights.fields(visit);
  }
  Tensor build(Builder& b, const Tensor& x) const {
    const Tensor sums = b.dense_per_step(x, units, weights.options<DenseOptions>());
    return b.activate(sums, weights.activation);
  }
};

struct PositionalEncoding {
  static constexpr std::string_view type = "positional_encoding";
  static constexpr std::string_view doc =
      "Adds sines and cosines of the step's number, so that attention can tell steps apart. "
      "Vaswani "
      "and others 2017.";

  void fields(FieldVisitor&) {}
  Tensor build(Builder& b, const Tensor& x) const { return b.positions(x); }
};

/// What attention layers share: projections to query, key and value, and back.
struct SelfAttention {
  int64_t heads = 4;
  bool causal = false;

  void fields(FieldVisitor& visit) {
    visit("heads", heads, "attentions side by side; they share out the features evenly");
    visit("causal", causal, "a step sees only itself and the steps before it");
  }
  Tensor build(Builder& b, const Tensor& x, const Tensor& lengths) const {
    if (x.shape.size() != 3) {
      b.fail("expects sequences [batch, time, features], but its input is " + to_string(x.shape));
    }
    const auto projected = [&](const Tensor& from, const char* name) {
      return b.dense_per_step(from, x.shape[2], {.name = name, .initializer = "glorot_uniform"});
    };
    const Tensor q = projected(x, "query"), k = projected(x, "key"), v = projected(x, "value");
    return projected(b.attention(q, k, v, heads, causal, lengths), "output");
  }
};

struct MultiHeadAttention {
  static constexpr std::string_view type = "multi_head_attention";
  static constexpr std::string_view doc =
      "Self-attention: every step looks at all steps and takes what it finds. x [batch, time, "
      "features], lengths if wanted → the same shape. Vaswani and others 2017.";
  SelfAttention attention;

  void fields(FieldVisitor& visit) { attention.fields(visit); }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    const SequenceInputs given(b, inputs);
    return attention.build(b, given.x, given.lengths);
  }
};

struct TransformerEncoder {
  static constexpr std::string_view type = "transformer_encoder";
  static constexpr std::string_view doc =
      "Self-attention, then two dense layers on each step, both with layer normalisation before "
      "and "
      "a way around. x [batch, time, features], lengths if wanted → the same shape. Vaswani and "
      "others 2017; normalisation first: Xiong and others 2020.";
  SelfAttention attention;
  int64_t feed_forward = 0;
  std::string activation = "gelu";
  double dropout = 0.1;

  void fields(FieldVisitor& visit) {
    attention.fields(visit);
    visit("feed_forward", feed_forward,
          "neurons of the inner dense layer; 0: 4 times the features");
    visit("activation", activation, "of the inner dense layer");
    visit("dropout", dropout, "probability of dropping an element of what is added on either way");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    const auto [x, lengths] = SequenceInputs(b, inputs);
    const Tensor seen = attention.build(b, normalized(b, x, "norm1"), lengths);
    const Tensor middle = b.add(x, b.dropout(seen, dropout));
    const int64_t features = x.shape[2], inner = feed_forward > 0 ? feed_forward : 4 * features;
    const Tensor hidden = b.activate(b.dense_per_step(normalized(b, middle, "norm2"), inner,
                                                      {.name = "inner", .activation = activation}),
                                     activation);
    const Tensor outer = b.dense_per_step(hidden, features, {.name = "outer"});
    return b.add(middle, b.dropout(outer, dropout));
  }

 private:
  static Tensor normalized(Builder& b, const Tensor& x, const char* name) {
    return b.layer_normalization(x, 1e-5, name);
  }
};

}  // namespace sinapse
