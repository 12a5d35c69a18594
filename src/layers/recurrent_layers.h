// Layers that walk through time: sequences [batch, time, features] in, the state after the last
// step [batch, units] or after every step [batch, time, units] out. Bidirectional layers put out
// both directions side by side.
#pragma once

#include <sinapse/layer.h>

namespace sinapse {

/// The fields that all of them have.
struct RecurrentFields {
  int64_t units = 0;
  bool return_sequences = false;
  std::string direction = "forward";
  std::string kernel_initializer = "glorot_uniform";
  std::string recurrent_initializer = "orthogonal";

  void fields(FieldVisitor& visit) {
    visit("units", units, "number of neurons of one direction");
    visit("return_sequences", return_sequences, "the state after every step, not only the last");
    visit("direction", direction, "forward, reverse or bidirectional");
    visit("kernel_initializer", kernel_initializer, "initial weights of the input");
    visit("recurrent_initializer", recurrent_initializer, "initial weights of the state before");
  }
  RecurrentOptions options(std::string cell) const {
    return {.cell = std::move(cell),
            .direction = direction,
            .return_sequences = return_sequences,
            .kernel_initializer = kernel_initializer,
            .recurrent_initializer = recurrent_initializer};
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
  Tensor build(Builder& b, const Tensor& x) const {
    RecurrentOptions options = common.options("rnn");
    options.activation = activation;
    return b.recurrent(x, common.units, options);
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
  Tensor build(Builder& b, const Tensor& x) const {
    RecurrentOptions options = common.options("lstm");
    options.peepholes = peepholes;
    options.unit_forget_bias = unit_forget_bias;
    return b.recurrent(x, common.units, options);
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
  Tensor build(Builder& b, const Tensor& x) const {
    RecurrentOptions options = common.options("gru");
    options.reset_after = reset_after;
    return b.recurrent(x, common.units, options);
  }
};

}  // namespace sinapse
