#include "compile/fused.h"

#include "ops/connections.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

std::vector<Shape> infer_input_gradient(const Graph& graph, const Node& node) {
  return op::gemm_input_gradient().infer(graph, node);
}

std::vector<Shape> infer_nothing(const Graph&, const Node&) {
  return {};
}

// The forward fusion may have left out nothing but the activation, so the shape rule is Gemm's.
std::vector<Shape> infer_gemm(const Graph& graph, const Node& node) {
  return op::gemm().infer(graph, node);
}

std::vector<Shape> infer_conv(const Graph& graph, const Node& node) {
  return op::conv().infer(graph, node);
}

}  // namespace

const Operator& op::fused_conv() {
  static const Operator definition{.name = "FusedConv",
                                   .doc = "y = f(Conv).  Inputs x, weight, bias or none",
                                   .attributes = convolution_attributes(
                                       {{"function", std::string("identity"), "the activation"}}),
                                   .infer = infer_conv};
  return definition;
}

const Operator& op::fused_gemm() {
  static const Operator definition{
      .name = "FusedGemm",
      .doc = "y = f(x weight^T + bias).  Inputs x, weight, bias or none",
      .attributes = {{"function", std::string("identity"), "the activation"}},
      .infer = infer_gemm};
  return definition;
}

const Operator& op::fused_gemm_input_gradient() {
  static const Operator definition{
      .name = "FusedGemmInputGradient",
      .doc =
          "dx = (dy weight) f'(saved).  Inputs dy, weight, and x or y of the activation f, as "
          "its derivative asks",
      .attributes = {{"function", std::string("identity"), "the activation"}},
      .infer = infer_input_gradient};
  return definition;
}

const Operator& op::gemm_update() {
  static const Operator definition{
      .name = "GemmUpdate",
      .doc =
          "GemmWeightGradient and the Update of weight and bias, slice by slice.  Inputs weight, "
          "bias or none, x, dy, moments of weight, moments of bias",
      .attributes = {{"optimizer", std::string("sgd"), "the optimizer with its constants"}},
      .infer = infer_nothing,
      .has_side_effect = true,
      .writes_first_input = true};
  return definition;
}

}  // namespace sinapse
