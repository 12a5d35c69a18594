// Every operator there is. A new one is a file of this folder and a line here and in operators.cpp.
#pragma once

#include "graph/operator.h"

namespace sinapse {

namespace op {

// Products                       ops/gemm.cpp
const Operator& gemm();
const Operator& gemm_input_gradient();
const Operator& gemm_weight_gradient();

// Windows                        ops/convolution.cpp, ops/transposed_convolution.cpp, ops/pool.cpp
const Operator& conv();
const Operator& conv_transpose();
const Operator& conv_weight_gradient();
const Operator& channel_sum();
const Operator& max_pool();
const Operator& max_pool_gradient();
const Operator& average_pool();
const Operator& average_pool_gradient();

// Spatial axes                   ops/pad.cpp, ops/resize.cpp, ops/adaptive_max_pool.cpp
const Operator& pad();
const Operator& resize();
const Operator& resize_gradient();
const Operator& adaptive_max_pool();
const Operator& adaptive_max_pool_gradient();

// Recurrent cells                ops/recurrent.cpp, ops/recurrent_gradient.cpp
const Operator& rnn();
const Operator& lstm();
const Operator& gru();
const Operator& rnn_sums_gradient();
const Operator& lstm_sums_gradient();
const Operator& gru_sums_gradient();
const Operator& recurrent_input_gradient();
const Operator& recurrent_weight_gradient();
const Operator& peephole_gradient();

// Sequences                      ops/steps.cpp, ops/sequences.cpp, ops/context.cpp,
// ops/attention.cpp
const Operator& steps_product();
const Operator& steps_weight_gradient();
const Operator& sequence_lengths();
const Operator& pool_steps();
const Operator& pool_steps_gradient();
const Operator& swap_axes();
const Operator& positions();
const Operator& context();
const Operator& context_sums_gradient();
const Operator& attention();
const Operator& attention_gradient();

// Element by element             ops/elementwise.cpp
const Operator& add();
const Operator& subtract();
const Operator& multiply();
const Operator& divide();
const Operator& affine();
const Operator& sum_to();

// Activations                    ops/activate.cpp, ops/rectify.cpp
const Operator& activate();
const Operator& activate_gradient();
const Operator& random_leaky_relu();
const Operator& random_leaky_relu_gradient();
const Operator& prelu();
const Operator& prelu_input_gradient();
const Operator& prelu_slope_gradient();

// Across the columns of a row    ops/normalize_exponentials.cpp
const Operator& softmax();
const Operator& softmax_gradient();
const Operator& log_softmax();
const Operator& log_softmax_gradient();

// Regularisation and scaling     ops/dropout.cpp, ops/batch_normalization.cpp,
// ops/layer_normalization.cpp, ops/group_normalization.cpp
const Operator& dropout();
const Operator& dropout_mask();
const Operator& alpha_dropout();
const Operator& alpha_dropout_gradient();
const Operator& gaussian_dropout();
const Operator& batch_normalization();
const Operator& batch_statistics();
const Operator& batch_normalization_gradient();
const Operator& batch_normalize();
const Operator& batch_normalize_scale_gradient();
const Operator& batch_normalize_input_gradient();
const Operator& layer_normalization();
const Operator& layer_statistics();
const Operator& layer_normalization_input_gradient();
const Operator& layer_normalization_scale_gradient();
const Operator& group_normalization();
const Operator& group_statistics();
const Operator& group_normalization_input_gradient();
const Operator& group_normalization_scale_gradient();

// Shapes                         ops/reshape.cpp, ops/embedding.cpp
const Operator& reshape();
const Operator& concatenate();
const Operator& slice();
const Operator& embedding();
const Operator& embedding_gradient();

// Losses and updates             ops/loss.cpp, ops/row_loss.cpp, ops/update.cpp
const Operator& elementwise_loss();
const Operator& elementwise_loss_gradient();
const Operator& row_loss();
const Operator& row_loss_gradient();
const Operator& softmax_cross_entropy();
const Operator& softmax_cross_entropy_gradient();
const Operator& update();

// Around the update              ops/regularize.cpp, ops/weights.cpp
inline constexpr int64_t kSquaredSumRows = 64;  // rows of a weight that make one part of the norm
const Operator& penalty_gradient();
const Operator& clip_by_value();
const Operator& squared_sums();
const Operator& clip_factor();
const Operator& accumulate();
const Operator& average();
const Operator& constrain();

}  // namespace op

/// The table of all operators, in the order above.
std::span<const Operator* const> all_operators();

/// Throws Error(model):  Gemm "dense1": <message>.
[[noreturn]] void fail_shape(const Node& node, const std::string& message);

}  // namespace sinapse
