// How products, windows and convolutions inside a layer are set up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sinapse {

/// How a dense product inside a layer is set up.
struct DenseOptions {
  std::string name;      ///< tells the parameters of several products apart
  bool use_bias = true;  ///< a weight whose input is the constant 1
  std::string initializer =
      "auto";  ///< of the weights: see initializer.h; "auto" follows `activation`
  std::string bias_initializer = "zeros";
  std::string activation = "linear";  ///< what will follow: decides "auto" only
  double l1 = 0;                      ///< times the sum of absolute weights is added to the loss
  double l2 = 0;                      ///< times the sum of squared weights is added to the loss
  std::string constraint;  ///< on each neuron's weights: "max_norm(2)", "non_negative", "unit_norm"
};

/// How a window slides over the spatial axes of [batch, channels, ...]. Lists have one entry for
/// each spatial axis, or one for all.
struct WindowOptions {
  std::vector<int64_t> size;          ///< elements of the window
  std::vector<int64_t> strides{1};    ///< steps between two windows
  std::vector<int64_t> dilations{1};  ///< distance of neighbours inside a window
  /// "valid": windows lie inside; "same": as many windows as elements divided by the stride.
  std::string padding = "valid";
  std::vector<int64_t> pads;  ///< if given, instead of `padding`: zeros on both sides of each axis
};

/// How a convolution inside a layer is set up.
struct ConvolutionOptions {
  std::string name;  ///< tells the parameters of several convolutions apart
  WindowOptions window;
  int64_t groups = 1;  ///< independent convolutions side by side
  bool use_bias = true;
  std::string initializer = "auto";  ///< of the weights; "auto" follows `activation`
  std::string bias_initializer = "zeros";
  std::string activation = "linear";  ///< what will follow: decides "auto" only
  double l1 = 0, l2 = 0;              ///< as of a dense product
  std::string constraint;  ///< on each filter's weights; of a transposed one, on each channel's
};

/// How a recurrent cell inside a layer is set up.
struct RecurrentOptions {
  std::string name;                   ///< tells the parameters of several cells apart
  std::string cell = "lstm";          ///< rnn, lstm or gru
  std::string direction = "forward";  ///< forward, reverse or bidirectional
  bool return_sequences = false;      ///< the states after all steps, not only after the last
  std::string activation = "tanh";    ///< of an rnn
  bool peepholes = false;             ///< of an lstm: its gates see the cell
  bool unit_forget_bias = true;       ///< of an lstm: the forget gate's bias starts at 1
  bool reset_after = true;            ///< of a gru: ONNX's linear_before_reset
  double dropout = 0;      ///< of the state in front of the recurrent weight, while training
  int64_t bptt_steps = 0;  ///< steps after which the gradient of the state is cut off; 0: none
  std::string kernel_initializer = "glorot_uniform";
  std::string recurrent_initializer = "orthogonal";
  double l1 = 0, l2 = 0;                                ///< of both weights, as of a dense product
  std::string kernel_constraint, recurrent_constraint;  ///< on each gate's weights
};

/// How a hidden layer with context neurons is set up.
struct ContextOptions {
  std::string activation = "tanh";  ///< of the hidden neurons
  int64_t outputs = 0;              ///< Jordan: output neurons, whose outputs are the context
  std::string output_activation = "linear";
  double decay = 0;        ///< what of the context stays from step to step
  double dropout = 0;      ///< of the context in front of the recurrent weight, while training
  int64_t bptt_steps = 0;  ///< steps after which the gradient of the context is cut off; 0: none
  bool return_sequences = false;  ///< the outputs of all steps, not only of the last
  std::string kernel_initializer = "glorot_uniform";
  std::string recurrent_initializer = "orthogonal";
};

}  // namespace sinapse
