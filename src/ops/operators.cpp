#include "ops/operators.h"

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

std::span<const Operator* const> all_operators() {
  static const Operator* const table[] = {
      &op::gemm(),
      &op::gemm_input_gradient(),
      &op::gemm_weight_gradient(),
      &op::conv(),
      &op::conv_transpose(),
      &op::conv_weight_gradient(),
      &op::channel_sum(),
      &op::max_pool(),
      &op::max_pool_gradient(),
      &op::average_pool(),
      &op::average_pool_gradient(),
      &op::pad(),
      &op::resize(),
      &op::resize_gradient(),
      &op::adaptive_max_pool(),
      &op::adaptive_max_pool_gradient(),
      &op::rnn(),
      &op::lstm(),
      &op::gru(),
      &op::rnn_sums_gradient(),
      &op::lstm_sums_gradient(),
      &op::gru_sums_gradient(),
      &op::recurrent_input_gradient(),
      &op::recurrent_weight_gradient(),
      &op::peephole_gradient(),
      &op::add(),
      &op::subtract(),
      &op::multiply(),
      &op::divide(),
      &op::affine(),
      &op::sum_to(),
      &op::activate(),
      &op::activate_gradient(),
      &op::random_leaky_relu(),
      &op::random_leaky_relu_gradient(),
      &op::prelu(),
      &op::prelu_input_gradient(),
      &op::prelu_slope_gradient(),
      &op::softmax(),
      &op::softmax_gradient(),
      &op::log_softmax(),
      &op::log_softmax_gradient(),
      &op::dropout(),
      &op::alpha_dropout(),
      &op::alpha_dropout_gradient(),
      &op::gaussian_dropout(),
      &op::batch_normalization(),
      &op::batch_statistics(),
      &op::batch_normalization_gradient(),
      &op::batch_normalize(),
      &op::batch_normalize_scale_gradient(),
      &op::batch_normalize_input_gradient(),
      &op::layer_normalization(),
      &op::layer_statistics(),
      &op::layer_normalization_input_gradient(),
      &op::layer_normalization_scale_gradient(),
      &op::group_normalization(),
      &op::group_statistics(),
      &op::group_normalization_input_gradient(),
      &op::group_normalization_scale_gradient(),
      &op::reshape(),
      &op::concatenate(),
      &op::slice(),
      &op::embedding(),
      &op::embedding_gradient(),
      &op::elementwise_loss(),
      &op::elementwise_loss_gradient(),
      &op::row_loss(),
      &op::row_loss_gradient(),
      &op::softmax_cross_entropy(),
      &op::softmax_cross_entropy_gradient(),
      &op::update(),
      &op::penalty_gradient(),
      &op::clip_by_value(),
      &op::squared_sums(),
      &op::clip_factor(),
      &op::accumulate(),
      &op::average(),
      &op::constrain(),
  };
  return table;
}

void fail_shape(const Node& node, const std::string& message) {
  throw Error(ErrorCode::model, fmt::format("{} \"{}\": {}", node.op->name, node.name, message));
}

}  // namespace sinapse
