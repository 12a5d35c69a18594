#include "network/costs.h"

#include "ops/operators.h"

namespace sinapse {

int64_t multiply_adds(const Graph& graph, const Node& node) {
  const bool convolution = node.op == &op::conv(), transposed = node.op == &op::conv_transpose();
  if (node.op != &op::gemm() && !convolution && !transposed) return 0;
  const int64_t weights = row_size(graph.shape(node.inputs[1]));
  if (node.op == &op::gemm()) return weights;
  // Each weight meets every place of the side that the windows stand on.
  const Shape& places = graph.shape(transposed ? node.inputs[0] : node.outputs[0]);
  return weights * (row_size(places) / places[1]);
}

}  // namespace sinapse
