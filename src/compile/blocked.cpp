// Operators of which only kernels for blocks of channels exist, and what combines their rows.
#include "compile/fused.h"
#include "compile/panels.h"
#include "ops/connections.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_same(const Graph& graph, const Node& node) {
  return {graph.shape(node.inputs[0])};
}

// Two numbers a channel, the channels filled up to whole blocks.
std::vector<Shape> infer_pairs(const Graph& graph, const Node& node) {
  return {batched({2, round_up(graph.shape(node.inputs[0])[1], kLaneMultiple)})};
}

std::vector<Shape> infer_channels(const Graph&, const Node& node) {
  const Shape channels{node.integer("channels")};
  return {channels, channels};
}

Shape weight_shape(const Graph& graph, const Node& node) {
  Shape weight{graph.shape(node.inputs[1])[1], graph.shape(node.inputs[0])[1]};
  const std::vector<int64_t>& kernel = node.integers("kernel_shape");
  weight.insert(weight.end(), kernel.begin(), kernel.end());
  return weight;
}

// The parts are as many as keep some threads busy; a large weight has enough slices of its own.
std::vector<Shape> infer_parts(const Graph& graph, const Node& node) {
  constexpr int64_t kWantedSlices = 32, kMostParts = 16;
  const Shape weight = weight_shape(graph, node);
  const int64_t slices =
      round_up(weight[0], 32) / 32 * (round_up(weight[1], kLaneMultiple) / kLaneMultiple);
  const int64_t parts = std::clamp<int64_t>(kWantedSlices / slices, 1, kMostParts);
  return {{parts, panels_of(weight).size() + round_up(weight[0], kLaneMultiple)}};
}

std::vector<Shape> infer_depthwise_parts(const Graph& graph, const Node& node) {
  constexpr int64_t kWantedSlices = 32, kMostParts = 16;
  const int64_t channels = round_up(graph.shape(node.inputs[0])[1], kLaneMultiple);
  const int64_t parts =
      std::clamp<int64_t>(kWantedSlices * kLaneMultiple / channels, 1, kMostParts);
  return {{parts, channels * (row_size(node.integers("kernel_shape")) + 1)}};
}

std::vector<Shape> infer_gradient(const Graph&, const Node& node) {
  const Shape& weight = node.integers("weight_shape");
  return {weight, {weight[0]}};
}

std::vector<Shape> infer_finished_conv(const Graph& graph, const Node& node) {
  const bool transposed = node.integer("transposed") != 0;
  return transposed ? op::conv_transpose().infer(graph, node) : op::conv().infer(graph, node);
}

}  // namespace

const Operator& op::reorder() {
  static const Operator definition{
      .name = "Reorder",
      .doc = "x in another layout: rows in plain order, or in blocks of channels",
      .attributes = {},
      .infer = infer_same};
  return definition;
}

const Operator& op::conv_gradient_parts() {
  static const Operator definition{
      .name = "ConvGradientParts",
      .doc = "ConvWeightGradient of parts of the batch: a row each, in panels, then the bias",
      .attributes = convolution_attributes(
          {{"kernel_shape", std::vector<int64_t>{}, "spatial sizes of the weight"},
           {"use_bias", int64_t{1}, "0: nobody wants the gradient of the bias"}}),
      .infer = infer_parts};
  return definition;
}

const Operator& op::conv_gradient_sum() {
  static const Operator definition{
      .name = "ConvGradientSum",
      .doc = "The parts of ConvGradientParts, added up in their order",
      .attributes = {{"weight_shape", std::vector<int64_t>{}, "of the weight"}},
      .infer = infer_gradient};
  return definition;
}

const Operator& op::depthwise_gradient_parts() {
  static const Operator definition{
      .name = "DepthwiseGradientParts",
      .doc =
          "ConvWeightGradient, a filter a channel, of parts of the batch: a row each, by block of "
          "channels [places, 16], then the bias [16]",
      .attributes = convolution_attributes(
          {{"kernel_shape", std::vector<int64_t>{}, "spatial sizes of the weight"}}),
      .infer = infer_depthwise_parts};
  return definition;
}

const Operator& op::depthwise_gradient_sum() {
  static const Operator definition{
      .name = "DepthwiseGradientSum",
      .doc = "The parts of DepthwiseGradientParts, added up in their order",
      .attributes = {{"weight_shape", std::vector<int64_t>{}, "of the weight"}},
      .infer = infer_gradient};
  return definition;
}

const Operator& op::finished_conv() {
  static const Operator definition{
      .name = "FinishedConv",
      .doc =
          "y = f(Conv scale' + shift' + addend) or ConvTranspose, times f'(saved).  Inputs x, "
          "weight, bias; scale, shift, mean, variance of a BatchNormalization; addend; saved: "
          "each but the first two may be absent",
      .attributes =
          convolution_attributes({{"output_sizes", std::vector<int64_t>{}, "of ConvTranspose"},
                                  {"transposed", int64_t{0}, "1: ConvTranspose"},
                                  {"epsilon", 1e-5, "of the normalisation"},
                                  {"function", std::string("identity"), "the activation f"}}),
      .infer = infer_finished_conv};
  return definition;
}

const Operator& op::finished_normalize() {
  static const Operator definition{
      .name = "FinishedNormalize",
      .doc =
          "y = max(0, BatchNormalize + addend).  Inputs x, scale, bias, mean, inverse_deviation, "
          "addend or none",
      .attributes = {},
      .infer = infer_same};
  return definition;
}

const Operator& op::row_moments() {
  static const Operator definition{
      .name = "RowMoments",
      .doc = "Of each row and channel: the mean, and the sum of squared differences from it",
      .attributes = {},
      .infer = infer_pairs};
  return definition;
}

const Operator& op::statistics_of_moments() {
  static const Operator definition{
      .name = "StatisticsOfMoments",
      .doc =
          "BatchStatistics from RowMoments, combined as Chan, Golub, LeVeque 1983 do.  Inputs "
          "moments, running_mean, running_variance",
      .attributes = {{"momentum", 0.1, "share of the new batch in the running statistics"},
                     {"epsilon", 1e-5, "keeps the root away from zero"},
                     {"channels", int64_t{0}, "of x"},
                     {"places", int64_t{0}, "elements of a channel of x"}},
      .infer = infer_channels,
      .has_side_effect = true};
  return definition;
}

const Operator& op::row_slope_sums() {
  static const Operator definition{
      .name = "RowSlopeSums",
      .doc = "BatchNormalizeScaleGradient of each row.  Inputs x, dy, mean, inverse_deviation",
      .attributes = {},
      .infer = infer_pairs};
  return definition;
}

const Operator& op::sum_of_rows() {
  static const Operator definition{.name = "SumOfRows",
                                   .doc = "The sums of RowSlopeSums over the batch: dscale, dbias",
                                   .attributes = {{"channels", int64_t{0}, "of x"}},
                                   .infer = infer_channels};
  return definition;
}

}  // namespace sinapse
