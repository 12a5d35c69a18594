// Every operator: a line of the table below is one set of shapes.
#include <set>

#include <gtest/gtest.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>

#include "cpu/instruction_sets.h"
#include "ops/context.h"
#include "ops/mask_steps.h"
#include "ops/operator_harness.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

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

// All outputs of a recurrent cell but what it keeps, side by side.
BuildCase cell(const Operator& op, int64_t units, Attributes attributes = {}) {
  attributes["hidden_size"] = units;
  return [&op, attributes](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> outputs = graph.append(op, "tested", in, attributes);
    outputs.pop_back();
    outputs[0] =
        graph.append(op::reshape(), "tested", {outputs[0]},
                     {{"shape", std::vector<int64_t>{row_size(graph.shape(outputs[0]))}}})[0];
    return graph.append(op::concatenate(), "tested", outputs)[0];
  };
}
// The last input is the mask of the state; `place` its place among those of the operator.
BuildCase masked(const BuildCase& build, size_t place) {
  return [build, place](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> inputs(in.begin(), in.end() - 1);
    inputs.resize(place, kNoValue);
    inputs.push_back(in.back());
    return build(graph, inputs);
  };
}

// Likewise, of a mask that is drawn.
BuildCase dropped(const BuildCase& build, size_t place, int64_t units) {
  return [build, place, units](Graph& graph, const std::vector<ValueId>& in) {
    std::vector<ValueId> inputs = in;
    inputs.push_back(graph.append(op::dropout_mask(), "tested", {in[0]},
                                  {{"rate", 0.4}, {"purpose", int64_t{9}}, {"units", units}})[0]);
    return masked(build, place)(graph, inputs);
  };
}

Attributes direction(const char* name) {
  return {{"direction", std::string(name)}};
}

Attributes function(const char* name) {
  return {{"function", std::string(name)}};
}
Attributes formula(const char* name) {
  return {{"formula", std::string(name)}};
}
using Sizes = std::vector<int64_t>;
Attributes shape(Sizes sizes) {
  return {{"shape", std::move(sizes)}};
}
Attributes pool(Sizes kernel, Sizes strides = {}, Sizes pads = {}, Sizes dilations = {}) {
  return {{"kernel_shape", kernel}, {"strides", strides}, {"pads", pads}, {"dilations", dilations}};
}

Attributes resized(const char* mode, Sizes sizes) {
  return {{"mode", std::string(mode)}, {"sizes", std::move(sizes)}};
}

const std::vector<OperatorCase>& cases() {
  static const std::vector<OperatorCase> table{
      {"gemm", {number({B, 3}), number({5, 3}), number({5})}, apply(op::gemm())},
      {"gemm_without_bias", {number({B, 17}), number({2, 17})}, apply(op::gemm())},
      {"gemm_single", {number({B, 1}), number({1, 1}), number({1})}, apply(op::gemm())},
      {"gemm_one_output", {number({B, 20}), number({1, 20}), number({1})}, apply(op::gemm())},
      {"gemm_wide", {number({B, 20}), number({70, 20}), number({70})}, apply(op::gemm())},

      {"conv", {number({B, 2, 5, 4}), number({3, 2, 3, 2}), number({3})}, apply(op::conv())},
      {"conv_without_bias", {number({B, 1, 4, 4}), number({2, 1, 1, 1})}, apply(op::conv())},
      {"conv_1d",
       {number({B, 2, 9}), number({3, 2, 3}), number({3})},
       apply(op::conv(), {{"strides", Sizes{2}}, {"pads", Sizes{2, 1}}, {"dilations", Sizes{2}}})},
      {"conv_3d",
       {number({B, 2, 3, 4, 3}), number({2, 2, 2, 2, 2}), number({2})},
       apply(op::conv(), {{"pads", Sizes{1, 0, 0, 0, 1, 1}}})},
      {"conv_4d", {number({B, 1, 2, 3, 2, 3}), number({2, 1, 2, 2, 1, 2})}, apply(op::conv())},
      {"conv_stride_beyond_kernel",
       {number({B, 1, 7, 7}), number({2, 1, 2, 2}), number({2})},
       apply(op::conv(), {{"strides", Sizes{3, 4}}})},
      {"conv_padding_beyond_kernel",
       {number({B, 1, 3, 3}), number({1, 1, 2, 2})},
       apply(op::conv(), {{"pads", Sizes{3, 2, 1, 3}}, {"strides", Sizes{2, 1}}})},
      {"conv_groups",
       {number({B, 4, 3, 3}), number({6, 2, 2, 2}), number({6})},
       apply(op::conv(), {{"group", int64_t{2}}})},
      {"conv_depthwise",
       {number({B, 3, 4, 4}), number({3, 1, 3, 3}), number({3})},
       apply(op::conv(), {{"group", int64_t{3}}, {"pads", Sizes{1, 1, 1, 1}}})},
      {"conv_transpose",
       {number({B, 2, 3, 3}), number({2, 3, 2, 3}), number({3})},
       apply(op::conv_transpose(), {{"strides", Sizes{2, 1}}})},
      {"conv_transpose_sizes",
       {number({B, 2, 3}), number({2, 1, 3})},
       apply(op::conv_transpose(),
             {{"strides", Sizes{2}}, {"pads", Sizes{1, 0}}, {"output_sizes", Sizes{7}}})},
      {"conv_transpose_groups",
       {number({B, 4, 3}), number({4, 2, 2}), number({4})},
       apply(op::conv_transpose(), {{"group", int64_t{2}}, {"dilations", Sizes{2}}})},
      {"rnn",
       {number({B, 4, 3}), number({5, 3}), number({5, 5}), number({10})},
       cell(op::rnn(), 5)},
      {"rnn_lengths",
       {number({B, 4, 2}), number({4, 2}), number({4, 2}), number({8}), index(6), number({B, 4})},
       cell(op::rnn(), 2, direction("bidirectional"))},
      {"lstm",
       {number({B, 3, 2}), number({16, 2}), number({16, 4}), number({32})},
       cell(op::lstm(), 4)},
      {"lstm_everything",
       {number({B, 4, 2}), number({24, 2}), number({24, 3}), number({48}), index(6), number({B, 6}),
        number({B, 6}), number({18})},
       cell(op::lstm(), 3, direction("bidirectional"))},
      {"gru",
       {number({B, 3, 2}), number({9, 2}), number({9, 3}), number({18})},
       cell(op::gru(), 3, direction("reverse"))},
      {"gru_everything",
       {number({B, 4, 2}), number({12, 2}), number({12, 2}), number({24}), index(6),
        number({B, 4})},
       cell(op::gru(), 2, direction("bidirectional"))},
      {"gru_reset_before",
       {number({B, 4, 2}), number({12, 2}), number({12, 2}), number({24}), index(6),
        number({B, 4})},
       cell(op::gru(), 2,
            {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}})},

      {"rnn_wide",
       {number({B, 5, 3}), number({40, 3}), number({40, 20}), number({80}), index(7),
        number({B, 40})},
       cell(op::rnn(), 20, direction("bidirectional"))},
      {"lstm_wide",
       {number({B, 5, 3}), number({160, 3}), number({160, 20}), number({320}), index(7),
        number({B, 40}), number({B, 40}), number({120})},
       cell(op::lstm(), 20, direction("bidirectional"))},
      {"gru_wide",
       {number({B, 5, 3}), number({51, 3}), number({51, 17}), number({102}), index(7),
        number({B, 17})},
       cell(op::gru(), 17, direction("reverse"))},
      {"gru_wide_reset_before",
       {number({B, 5, 3}), number({102, 3}), number({102, 17}), number({204}), index(7),
        number({B, 34})},
       cell(op::gru(), 17,
            {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}})},

      {"rnn_masked",
       {number({B, 4, 2}), number({4, 2}), number({4, 2}), number({8}), index(6), number({B, 4}),
        fixed({B, 4})},
       masked(cell(op::rnn(), 2, direction("bidirectional")), recurrent::mask)},
      {"lstm_masked",
       {number({B, 4, 2}), number({24, 2}), number({24, 3}), number({48}), index(6), number({B, 6}),
        number({B, 6}), number({18}), fixed({B, 6})},
       masked(cell(op::lstm(), 3, direction("bidirectional")), recurrent::mask)},
      {"lstm_masked_wide",
       {number({B, 5, 3}), number({160, 3}), number({160, 20}), number({320}), index(7),
        number({B, 40}), number({B, 40}), number({120}), fixed({B, 40})},
       masked(cell(op::lstm(), 20, direction("bidirectional")), recurrent::mask)},
      {"gru_masked_wide",
       {number({B, 5, 3}), number({51, 3}), number({51, 17}), number({102}), index(7),
        number({B, 17}), fixed({B, 17})},
       masked(cell(op::gru(), 17, direction("reverse")), recurrent::mask)},
      {"gru_masked_wide_reset_before",
       {number({B, 5, 3}), number({102, 3}), number({102, 17}), number({204}), index(7),
        number({B, 34}), fixed({B, 34})},
       masked(
           cell(op::gru(), 17,
                {{"direction", std::string("bidirectional")}, {"linear_before_reset", int64_t{0}}}),
           recurrent::mask)},
      {"rnn_dropped_wide",
       {number({B, 2, 3}), number({20, 3}), number({20, 20}), number({40})},
       dropped(cell(op::rnn(), 20), recurrent::mask, 20)},
      {"context_masked",
       {number({B, 4, 3}), number({3, 2}), index(6), number({B, 2}), number({2, 3}), number({2}),
        fixed({B, 2})},
       masked(apply(op::context(), {{"decay", 0.3}}), context::mask)},

      {"steps_product",
       {number({B, 3, 5}), number({17, 5}), number({17})},
       apply(op::steps_product())},
      {"steps_product_long", {number({B, 50, 2}), number({17, 2})}, apply(op::steps_product())},
      {"mask_steps", {number({B, 4, 3}), index(6)}, apply(op::mask_steps())},
      {"pool_steps", {number({B, 4, 3}), index(6)}, apply(op::pool_steps())},
      {"pool_steps_max",
       {number({B, 4, 3}), index(6)},
       apply(op::pool_steps(), {{"mode", std::string("max")}})},
      {"pool_steps_last",
       {number({B, 4, 3}), index(6)},
       apply(op::pool_steps(), {{"mode", std::string("last")}})},
      {"pool_all_steps", {number({B, 4, 3})}, apply(op::pool_steps())},
      {"swap_axes", {number({B, 4, 3})}, apply(op::swap_axes())},
      {"positions", {number({B, 5, 7})}, apply(op::positions())},
      {"context", {number({B, 4, 3}), number({3, 3})}, apply(op::context(), {{"decay", 0.5}})},
      {"context_lengths",
       {number({B, 4, 3}), number({3, 2}), index(6), number({B, 2}), number({2, 3}), number({2})},
       apply(op::context(), {{"decay", 0.3}, {"output_activation", std::string("sigmoid")}})},
      {"attention",
       {number({B, 5, 4}), number({B, 5, 4}), number({B, 5, 4})},
       apply(op::attention(), {{"heads", int64_t{2}}})},
      {"attention_wide",
       {number({B, 19, 16}), number({B, 19, 16}), number({B, 19, 16})},
       apply(op::attention())},
      {"attention_of_the_past",
       {number({B, 5, 6}), number({B, 5, 6}), number({B, 5, 6}), index(7)},
       apply(op::attention(), {{"heads", int64_t{3}}, {"causal", int64_t{1}}})},
      {"attention_long",
       {number({B, 70, 2}), number({B, 70, 2}), number({B, 70, 2}), index(80)},
       apply(op::attention())},

      {"max_pool", {number({B, 2, 4, 6})}, apply(op::max_pool(), pool({2, 2}, {2, 2}))},
      {"max_pool_overlapping",
       {number({B, 1, 5, 5})},
       apply(op::max_pool(), pool({3, 2}, {1, 2}, {1, 0, 1, 1}))},
      {"max_pool_1d", {number({B, 3, 7})}, apply(op::max_pool(), pool({3}, {2}, {}, {2}))},
      {"max_pool_3d", {number({B, 1, 4, 2, 2})}, apply(op::max_pool(), pool({2, 2, 1}))},
      {"average_pool", {number({B, 2, 4, 6})}, apply(op::average_pool(), pool({2, 3}, {2, 3}))},
      {"average_pool_padded",
       {number({B, 1, 5, 5})},
       apply(op::average_pool(), pool({3, 3}, {2, 2}, {1, 1, 1, 1}))},
      {"average_pool_counting_padding",
       {number({B, 1, 5})},
       apply(
           op::average_pool(),
           {{"kernel_shape", Sizes{2}}, {"pads", Sizes{1, 1}}, {"count_include_pad", int64_t{1}}})},
      {"average_pool_global",
       {number({B, 3, 2, 2, 2})},
       apply(op::average_pool(), pool({2, 2, 2}))},

      {"pad", {number({B, 2, 3, 4})}, apply(op::pad(), {{"pads", Sizes{1, 0, 0, 2}}})},
      {"pad_and_crop", {number({B, 2, 5})}, apply(op::pad(), {{"pads", Sizes{-2, 3}}})},
      {"crop_3d",
       {number({B, 1, 3, 2, 4})},
       apply(op::pad(), {{"pads", Sizes{-1, 0, -1, 0, 0, -2}}})},
      {"pad_4d",
       {number({B, 2, 2, 1, 2, 2})},
       apply(op::pad(), {{"pads", Sizes{0, 1, 0, 0, 1, 0, 0, -1}}})},
      {"resize_nearest", {number({B, 2, 2, 3})}, apply(op::resize(), resized("nearest", {4, 9}))},
      {"resize_nearest_4d",
       {number({B, 1, 2, 1, 2, 3})},
       apply(op::resize(), resized("nearest", {2, 3, 4, 3}))},
      {"resize_linear", {number({B, 2, 3, 2})}, apply(op::resize(), resized("linear", {6, 6}))},
      {"resize_linear_1d", {number({B, 2, 4})}, apply(op::resize(), resized("linear", {12}))},
      {"resize_linear_3d",
       {number({B, 1, 1, 3, 2})},
       apply(op::resize(), resized("linear", {2, 6, 2}))},
      {"resize_average", {number({B, 2, 5, 7})}, apply(op::resize(), resized("average", {3, 2}))},
      {"resize_average_3d",
       {number({B, 1, 5, 2, 3})},
       apply(op::resize(), resized("average", {2, 2, 1}))},
      {"adaptive_max_pool",
       {number({B, 2, 5, 7})},
       apply(op::adaptive_max_pool(), {{"sizes", Sizes{3, 2}}})},
      {"adaptive_max_pool_1d",
       {number({B, 3, 8})},
       apply(op::adaptive_max_pool(), {{"sizes", Sizes{5}}})},

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

      {"mean_squared_error",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"mean_squared_error_single",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"mean_squared_error_array",
       {number({B, 2, 40}), fixed({B, 2, 40})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"binary_crossentropy",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy"))},
      {"binary_crossentropy_weighted",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy weighted 1, 4, 0.5, 2, 0, 1"))},
      {"binary_crossentropy_single",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("binary_crossentropy"))},
      {"mean_absolute_error",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("mean_absolute_error"))},
      {"huber",
       {number({B, 20}), fixed({B, 20})},
       apply(op::elementwise_loss(), formula("huber(delta=0.7)"))},
      {"log_cosh",
       {number({B, 5}), fixed({B, 5})},
       apply(op::elementwise_loss(), formula("log_cosh"))},
      {"mean_absolute_percentage_error",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_absolute_percentage_error"))},
      {"mean_squared_logarithmic_error",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_squared_logarithmic_error"))},
      {"poisson",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("poisson"))},
      {"quantile",
       {number({B, 9}), fixed({B, 9})},
       apply(op::elementwise_loss(), formula("quantile(q=0.9)"))},
      {"binary_crossentropy_smoothed",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy(label_smoothing=0.2)"))},
      {"binary_focal_crossentropy",
       {number({B, 33}), fixed({B, 33})},
       apply(op::elementwise_loss(), formula("binary_focal_crossentropy(gamma=1.5,alpha=0.3)"))},
      {"hinge", {number({B, 2}), fixed({B, 2})}, apply(op::elementwise_loss(), formula("hinge"))},
      {"squared_hinge",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("squared_hinge"))},
      {"kl_divergence",
       {number({B, 4}), fixed({B, 4})},
       apply(op::row_loss(), formula("kl_divergence"))},
      {"cosine_similarity",
       {number({B, 3}), fixed({B, 3})},
       apply(op::row_loss(), formula("cosine_similarity"))},
      {"softmax_smoothed",
       {number({B, 5}), index(5)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.2}})},
      {"softmax_smoothed_wide",
       {number({B, 67}), index(67)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.1}})},
      {"softmax_focal",
       {number({B, 5}), index(5)},
       apply(op::softmax_cross_entropy(), {{"gamma", 2.0}, {"alpha", 0.25}})},
      {"softmax_focal_below_one",
       {number({B, 3}), index(3)},
       apply(op::softmax_cross_entropy(), {{"gamma", 0.5}})},
      {"softmax_cross_entropy", {number({B, 5}), index(5)}, apply(op::softmax_cross_entropy())},
      {"steps_cross_entropy",
       {number({B, 4, 5}), index(5, 4)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.1}})},
      {"softmax_cross_entropy_two", {number({B, 2}), index(2)}, apply(op::softmax_cross_entropy())},
  };
  return table;
}

class EveryOperator : public testing::TestWithParam<OperatorCase> {};

constexpr int64_t kRows[] = {1, 2, 5};

TEST_P(EveryOperator, GradientMatchesFiniteDifferences) {
  for (const int64_t rows : kRows) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    expect_gradient_matches_differences(GetParam(), rows);
  }
}

TEST_P(EveryOperator, GradientDoesNotDependOnOtherTargets) {
  expect_gradient_does_not_depend_on_other_targets(GetParam(), 3);
}

TEST_P(EveryOperator, FloatAgreesWithDouble) {
  for (const int64_t rows : kRows) expect_float_agrees_with_double(GetParam(), rows);
}

TEST_P(EveryOperator, PlanAgreesWithReference) {
  for (const int64_t rows : {1, 2, 5, 33, 300}) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    expect_plan_agrees_with_reference(GetParam(), rows, rows);
    expect_plan_agrees_with_reference(GetParam(), rows, rows + 37);
  }
}

TEST_P(EveryOperator, PlanAgreesWithReferenceAtEveryInstructionSet) {
  for_each_instruction_set([] { expect_plan_agrees_with_reference(GetParam(), 5, 8); });
}

INSTANTIATE_TEST_SUITE_P(Operators, EveryOperator, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

// These have no gradient of their own and stand in no gradient; other tests give their values.
const std::set<const Operator*> kTestedByValue{
    &op::update(),       &op::penalty_gradient(), &op::clip_by_value(),
    &op::squared_sums(), &op::clip_factor(),      &op::accumulate(),
    &op::average(),      &op::constrain(),        &op::sequence_lengths()};

TEST(OperatorTable, EveryOperatorHasACase) {
  std::set<const Operator*> covered = kTestedByValue;
  for (const OperatorCase& tested : cases()) {
    const DifferentiatedCase built = differentiated(tested);
    for (const Node& node : built.graph.nodes()) covered.insert(node.op);
  }
  for (const Operator* op : all_operators()) {
    EXPECT_TRUE(covered.contains(op)) << op->name << " needs a line in the table of cases";
  }
}

TEST(OperatorTable, NamesAreUniqueAndEveryOperatorIsComplete) {
  std::set<std::string_view> names;
  for (const Operator* op : all_operators()) {
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_FALSE(op->doc.empty()) << op->name;
    EXPECT_TRUE(op->infer && op->reference32 && op->reference64) << op->name;
    for (const AttributeSpec& spec : op->attributes) EXPECT_FALSE(spec.doc.empty()) << spec.name;
  }
}

}  // namespace

}  // namespace sinapse
