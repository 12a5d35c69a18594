// Cases of operators: products, formulas, softmax, noise, norms, and places. A line is one set of
// shapes.
#include "ops/operator_cases.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t B = kBatch;

// Mean and deviation are functions of x, too: the two operators are one function.
ValueId normalize_batch(Graph& graph, const std::vector<ValueId>& in) {
  const Shape channels = graph.shape(in[1]);
  const ValueId mean = graph.add_state("mean", channels),
                variance = graph.add_state("var", channels);
  const auto statistics = graph.append(op::batch_statistics(), "tested", {in[0], mean, variance});
  return graph.append(op::batch_normalize(), "tested",
                      {in[0], in[1], in[2], statistics[0], statistics[1]})[0];
}

// Both sides of a product are one value, whose gradient has two parts.
ValueId square(Graph& graph, const std::vector<ValueId>& in) {
  return graph.append(op::multiply(), "tested", {in[0], in[0]})[0];
}

Attributes function(const char* name) {
  return {{"function", std::string(name)}};
}

Attributes shape(std::vector<int64_t> sizes) {
  return {{"shape", std::move(sizes)}};
}

}  // namespace

std::vector<OperatorCase> row_cases() {
  return {
      {"gemm", {number({B, 3}), number({5, 3}), number({5})}, apply(op::gemm())},
      {"gemm_without_bias", {number({B, 17}), number({2, 17})}, apply(op::gemm())},
      {"gemm_single", {number({B, 1}), number({1, 1}), number({1})}, apply(op::gemm())},
      {"gemm_one_output", {number({B, 20}), number({1, 20}), number({1})}, apply(op::gemm())},
      {"gemm_wide", {number({B, 20}), number({70, 20}), number({70})}, apply(op::gemm())},

      {"add", {number({B, 3}), number({B, 3})}, apply(op::add())},
      {"add_row", {number({B, 2, 3}), number({3})}, apply(op::add())},
      {"add_whole_row", {number({B, 2, 3}), number({2, 3})}, apply(op::add())},
      {"add_scalar", {number({B, 4}), number({1})}, apply(op::add())},
      {"add_wide_row", {number({B, 2, 75}), number({75})}, apply(op::add())},
      {"add_parameters", {number({2, 3}), number({3})}, apply(op::add())},
      {"subtract", {number({B, 3}), number({B, 3})}, apply(op::subtract())},
      {"subtract_row", {number({B, 2, 3}), number({3})}, apply(op::subtract())},
      {"multiply", {number({B, 3}), number({B, 3})}, apply(op::multiply())},
      {"multiply_row", {number({B, 2, 3}), number({3})}, apply(op::multiply())},
      {"multiply_scalar", {number({B, 5}), number({1})}, apply(op::multiply())},
      {"multiply_parameters", {number({4}), number({4})}, apply(op::multiply())},
      {"square", {number({B, 3})}, square},
      {"divide", {number({B, 3}), positive({B, 3})}, apply(op::divide())},
      {"divide_row", {number({B, 2, 3}), positive({3})}, apply(op::divide())},
      {"affine", {number({B, 7})}, apply(op::affine(), {{"scale", -2.5}, {"offset", 0.75}})},

      {"relu", {number({B, 5})}, apply(op::activate(), function("relu"))},
      {"tanh", {number({B, 33})}, apply(op::activate(), function("tanh"))},
      {"sigmoid", {number({B, 2, 3})}, apply(op::activate(), function("sigmoid"))},
      {"gelu", {number({B, 1})}, apply(op::activate(), function("gelu"))},
      {"elu", {number({B, 5})}, apply(op::activate(), function("elu(alpha=0.7)"))},
      {"leaky_relu", {number({B, 5})}, apply(op::activate(), function("leaky_relu(alpha=0.2)"))},
      {"leaky_relu_negative",
       {number({B, 5})},
       apply(op::activate(), function("leaky_relu(alpha=-0.2)"))},
      {"sigmoid_of_parameter", {number({2, 5})}, apply(op::activate(), function("sigmoid"))},
      {"random_leaky_relu",
       {number({B, 7})},
       apply(op::random_leaky_relu(), {{"purpose", int64_t{5}}})},
      {"prelu", {number({B, 4}), number({4})}, apply(op::prelu())},
      {"prelu_shared", {number({B, 4}), number({1})}, apply(op::prelu())},
      {"prelu_channels", {number({B, 3, 2, 4}), number({3})}, apply(op::prelu())},
      {"prelu_shared_of_channels", {number({B, 2, 3}), number({1})}, apply(op::prelu())},

      {"prelu_wide", {number({B, 150}), number({150})}, apply(op::prelu())},

      {"softmax", {number({B, 5})}, apply(op::softmax())},
      {"softmax_last_axis", {number({B, 2, 3})}, apply(op::softmax())},
      {"softmax_of_parameter", {number({2, 3})}, apply(op::softmax())},
      {"softmax_single", {number({B, 1})}, apply(op::softmax())},
      {"log_softmax", {number({B, 5})}, apply(op::log_softmax())},
      {"log_softmax_last_axis", {number({B, 2, 3})}, apply(op::log_softmax())},
      {"log_softmax_of_parameter", {number({2, 3})}, apply(op::log_softmax())},

      {"dropout",
       {number({B, 11})},
       apply(op::dropout(), {{"rate", 0.3}, {"purpose", int64_t{9}}})},
      {"alpha_dropout",
       {number({B, 11})},
       apply(op::alpha_dropout(), {{"rate", 0.3}, {"purpose", int64_t{9}}})},
      {"gaussian_dropout",
       {number({B, 150})},
       apply(op::gaussian_dropout(), {{"rate", 0.3}, {"purpose", int64_t{9}}})},
      {"dropout_of_channels",
       {number({B, 5, 2, 3})},
       apply(op::dropout(), {{"rate", 0.4}, {"purpose", int64_t{9}}, {"shared", int64_t{6}}})},
      {"dropout_none", {number({B, 3})}, apply(op::dropout(), {{"rate", 0.0}})},
      {"batch_normalization",
       {number({B, 3}), fixed({3}), fixed({3}), fixed({3}), fixed({3})},
       apply(op::batch_normalization(), {{"epsilon", 0.1}})},
      {"batch_normalization_channels",
       {number({B, 2, 3}), fixed({2}), fixed({2}), fixed({2}), fixed({2})},
       apply(op::batch_normalization())},
      {"batch_normalize", {number({B, 3}), number({3}), number({3})}, normalize_batch},
      {"batch_normalize_channels", {number({B, 2, 3}), number({2}), number({2})}, normalize_batch},
      {"layer_normalization",
       {number({B, 5}), number({5}), number({5})},
       apply(op::layer_normalization())},
      {"layer_normalization_last_axis",
       {number({B, 2, 3}), number({3}), number({3})},
       apply(op::layer_normalization(), {{"epsilon", 0.1}})},

      {"layer_normalization_wide",
       {number({B, 150}), number({150}), number({150})},
       apply(op::layer_normalization())},
      {"layer_normalization_groups",
       {number({B, 3, 17}), number({17}), number({17})},
       apply(op::layer_normalization())},

      {"group_normalization",
       {number({B, 6, 5}), number({6}), number({6})},
       apply(op::group_normalization(), {{"groups", int64_t{2}}})},
      {"group_normalization_of_vectors",
       {number({B, 6}), number({6}), number({6})},
       apply(op::group_normalization(), {{"groups", int64_t{2}}})},
      {"group_normalization_of_whole_rows",
       {number({B, 2, 2, 3}), number({2}), number({2})},
       apply(op::group_normalization(), {{"groups", int64_t{1}}, {"epsilon", 0.1}})},
      {"instance_normalization",
       {number({B, 3, 2, 2, 3}), number({3}), number({3})},
       apply(op::group_normalization(), {{"groups", int64_t{3}}})},

      {"reshape", {number({B, 6})}, apply(op::reshape(), shape({2, 3}))},
      {"reshape_flat", {number({B, 2, 3})}, apply(op::reshape(), shape({6}))},
      {"concatenate", {number({B, 3}), number({B, 1}), number({B, 5})}, apply(op::concatenate())},
      {"concatenate_last_axis", {number({B, 2, 3}), number({B, 2, 1})}, apply(op::concatenate())},
      {"embedding", {number({4, 3}), index(4)}, apply(op::embedding())},
      {"embedding_many", {number({300, 33}), index(300)}, apply(op::embedding())},
      {"embedding_of_sequences", {number({5, 3}), index(7, 4)}, apply(op::embedding())},
      {"embedding_unknown", {number({4, 3}), index(9)}, apply(op::embedding())},
  };
}

}  // namespace sinapse
