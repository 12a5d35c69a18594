// Layers that walk through time: sequences [batch, time, features] in, the state after the last
// step [batch, units] or after every step [batch, time, units] out. Bidirectional layers put out
// both directions side by side.
#pragma once

#include <sinapse/layer.h>

#include "layers/sequence_layers.h"

namespace sinapse {

/// The fields that all of them have.
struct RecurrentFields {
  int64_t units = 0;
  bool return_sequences = false;
  std::string direction = "forward";
  int64_t num_layers = 1;
  double dropout = 0;
  double recurrent_dropout = 0;
  int64_t bptt_steps = 0;
  bool stateful = false;
  std::string kernel_initializer = "glorot_uniform";
  std::string recurrent_initializer = "orthogonal";
  double l1 = 0;
  double l2 = 0;
  std::string kernel_constraint;
  std::string recurrent_constraint;

  void fields(FieldVisitor& visit) {
    visit("units", units, "number of neurons of one direction");
    visit("return_sequences", return_sequences, "the state after every step, not only the last");
    visit("direction", direction, "forward, reverse or bidirectional");
    visit("num_layers", num_layers, "cells stacked on one another");
    visit("dropout", dropout, "probability of dropping an element between stacked cells");
    visit("recurrent_dropout", recurrent_dropout,
          "probability of dropping an element of the state in front of the recurrent weight, one "
          "mask for all steps of a sequence. Gal, Ghahramani 2016");
    visit("bptt_steps", bptt_steps,
          "truncated back-propagation through time: steps after which the gradient of the state is "
          "cut off; 0: never. Williams, Peng 1990");
    visit("stateful", stateful,
          "the model file takes the state as an input and gives the next one, for streams");
    visit("kernel_initializer", kernel_initializer, "initial weights of the input");
    visit("recurrent_initializer", recurrent_initializer, "initial weights of the state before");
    visit("l1", l1, "times the sum of absolute weights is added to the loss, of both weights");
    visit("l2", l2, "times the sum of squared weights is added to the loss, of both weights");
    visit("kernel_constraint", kernel_constraint,
          "on each gate's weights of the input: max_norm(c), non_negative or unit_norm");
    visit("recurrent_constraint", recurrent_constraint, "the same of the state before");
  }
  RecurrentOptions options(std::string cell) const {
    return {.cell = std::move(cell),
            .direction = direction,
            .return_sequences = return_sequences,
            .dropout = recurrent_dropout,
            .bptt_steps = bptt_steps,
            .kernel_initializer = kernel_initializer,
            .recurrent_initializer = recurrent_initializer,
            .l1 = l1,
            .l2 = l2,
            .kernel_constraint = kernel_constraint,
            .recurrent_constraint = recurrent_constraint};
  }
  /// The stacked cells; the first one's parameters have no number.
  Tensor build(Builder& b, std::span<const Tensor> inputs, RecurrentOptions cell) const {
    auto [x, lengths] = SequenceInputs(b, inputs);
    if (num_layers < 1) b.fail("num_layers must be at least 1");
    if (stateful && direction != "forward") {
      b.fail("stateful: only a cell with direction: forward can go on from a state, not " +
             direction);
    }
    for (int64_t i = 1; i <= num_layers; ++i) {
      const bool last = i == num_layers;
      cell.return_sequences = return_sequences || !last;
      if (i > 1) cell.name = "layer" + std::to_string(i);
      x = b.recurrent(x, units, cell, lengths);
      if (!last && dropout > 0) x = b.dropout(x, dropout);
    }
    return x;
  }
};

struct Rnn {
  static constexpr std::string_view type = "rnn";
  static constexpr std::string_view doc =
      "h_t = f(x_t W^T + h_(t-1) R^T + b): the hidden layer sees its own last output. Elman 1990.";
  RecurrentFields common;
  std::string activation = "tanh";

  void fields(FieldVisitor& visit) {
    common.fields(visit);
    visit("activation", activation, "f: tanh, relu, sigmoid, elu, leaky_relu, softsign, softplus");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    RecurrentOptions options = common.options("rnn");
    options.activation = activation;
    return common.build(b, inputs, options);
  }
};

struct Lstm {
  static constexpr std::string_view type = "lstm";
  static constexpr std::string_view doc =
      "Long short-term memory: gates decide what a cell takes in, keeps and shows. Hochreiter, "
      "Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000.";
  RecurrentFields common;
  bool peepholes = false;
  bool unit_forget_bias = true;

  void fields(FieldVisitor& visit) {
    common.fields(visit);
    visit("peepholes", peepholes, "gates see the cell, too. Gers, Schmidhuber 2000");
    visit("unit_forget_bias", unit_forget_bias,
          "the forget gate's bias starts at 1. Jozefowicz, Zaremba, Sutskever 2015");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    RecurrentOptions options = common.options("lstm");
    options.peepholes = peepholes;
    options.unit_forget_bias = unit_forget_bias;
    return common.build(b, inputs, options);
  }
};

struct Gru {
  static constexpr std::string_view type = "gru";
  static constexpr std::string_view doc =
      "Gated recurrent unit: gates decide what of the state is kept. Cho and others 2014.";
  RecurrentFields common;
  bool reset_after = true;

  void fields(FieldVisitor& visit) {
    common.fields(visit);
    visit("reset_after", reset_after,
          "the reset gate works on the candidate's recurrent sum (as in cuDNN; ONNX's "
          "linear_before_reset), not on the state before it");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    RecurrentOptions options = common.options("gru");
    options.reset_after = reset_after;
    return common.build(b, inputs, options);
  }
};

struct Context {
  static constexpr std::string_view type = "context";
  static constexpr std::string_view doc =
      "Context neurons keep what was put out before: the hidden layer's last output (elman), or "
      "that "
      "of the output neurons behind it (jordan). c_t = decay c_(t-1) + y_t, h_t = f(x_t W^T + "
      "c_(t-1) "
      "R^T + b). Jordan 1986; Elman 1990.";
  std::string kind = "elman";
  int64_t units = 0;
  int64_t outputs = 1;
  std::string activation = "tanh";
  std::string output_activation = "linear";
  double decay = 0;
  double recurrent_dropout = 0;
  int64_t bptt_steps = 0;
  bool return_sequences = false;
  bool stateful = false;

  void fields(FieldVisitor& visit) {
    visit("kind", kind, "elman or jordan");
    visit("units", units, "number of hidden neurons");
    visit("outputs", outputs, "of jordan: number of output neurons");
    visit("activation", activation, "f of the hidden neurons");
    visit("output_activation", output_activation, "of jordan: of the output neurons");
    visit("decay", decay, "what of the context stays from step to step, at least 0 and below 1");
    visit("return_sequences", return_sequences, "the output after every step, not only the last");
    visit("recurrent_dropout", recurrent_dropout,
          "probability of dropping an element of the context in front of the recurrent weight, one "
          "mask for all steps of a sequence. Gal, Ghahramani 2016");
    visit("bptt_steps", bptt_steps,
          "truncated back-propagation through time: steps after which the gradient of the context "
          "is cut off; 0: never. Williams, Peng 1990");
    visit("stateful", stateful,
          "the model file takes the context as an input and gives the next one, for streams");
  }
  Tensor build(Builder& b, std::span<const Tensor> inputs) const {
    if (kind != "elman" && kind != "jordan") {
      b.fail("kind must be elman or jordan, but is \"" + kind + "\"");
    }
    const auto [x, lengths] = SequenceInputs(b, inputs);
    if (is_plain_rnn()) {
      return b.recurrent(x, units,
                         {.cell = "rnn",
                          .return_sequences = return_sequences,
                          .activation = activation,
                          .dropout = recurrent_dropout,
                          .bptt_steps = bptt_steps},
                         lengths);
    }
    if (kind == "jordan" && outputs < 1) b.fail("outputs must be at least 1");
    return b.context(x, units,
                     {.activation = activation,
                      .outputs = kind == "jordan" ? outputs : 0,
                      .output_activation = output_activation,
                      .decay = decay,
                      .dropout = recurrent_dropout,
                      .bptt_steps = bptt_steps,
                      .return_sequences = return_sequences},
                     lengths);
  }

 private:
  // ONNX and the fast kernels know this case as an RNN.
  bool is_plain_rnn() const {
    const bool known = activation == "tanh" || activation == "relu" || activation == "sigmoid";
    return kind == "elman" && decay == 0 && known;
  }
};

}  // namespace sinapse
