#include "network/costs.h"

#include <optional>

#include "ops/attention.h"
#include "ops/context.h"
#include "ops/operators.h"
#include "ops/recurrent.h"

namespace sinapse {

namespace {

// Of what works on every step of a sequence: its weights meet each, and in an attention each step
// meets all, once to compare and once to take.
std::optional<int64_t> multiply_adds_of_steps(const Graph& graph, const Node& node) {
  const auto size = [&](size_t input) {
    const bool present = input < node.inputs.size() && node.inputs[input] != kNoValue;
    return present ? row_size(graph.shape(node.inputs[input])) : 0;
  };
  const auto time = [&] { return graph.shape(node.inputs[0])[1]; };
  if (node.op == &op::rnn() || node.op == &op::lstm() || node.op == &op::gru()) {
    return time() * (size(recurrent::weight) + size(recurrent::recurrence));
  }
  if (node.op == &op::context()) {
    return time() * (size(context::recurrence) + size(context::output_weight));
  }
  if (node.op == &op::steps_product()) return time() * size(1);
  if (node.op == &op::attention()) return 2 * time() * size(attention::query);
  return std::nullopt;
}

}  // namespace

int64_t multiply_adds(const Graph& graph, const Node& node) {
  if (const auto of_steps = multiply_adds_of_steps(graph, node)) return *of_steps;
  const bool convolution = node.op == &op::conv(), transposed = node.op == &op::conv_transpose();
  if (node.op != &op::gemm() && !convolution && !transposed) return 0;
  const int64_t weights = row_size(graph.shape(node.inputs[1]));
  if (node.op == &op::gemm()) return weights;
  // Each weight meets every place of the side that the windows stand on.
  const Shape& places = graph.shape(transposed ? node.inputs[0] : node.outputs[0]);
  return weights * (row_size(places) / places[1]);
}

}  // namespace sinapse
