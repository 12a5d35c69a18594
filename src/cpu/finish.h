// What follows a product before its output leaves the cache.
#pragma once

#include "cpu/activation.h"
#include "cpu/product.h"
#include "graph/graph.h"

namespace sinapse {

// What a product does with its output beyond the sums: in registers where the kernel knows the
// activation, else on the tile just written.
struct Finish {
  Epilogue epilogue = Epilogue::none;
  ActivationKernels function{};
  std::vector<float> constants;
  bool separate = false;
};

inline Finish finish_with(const Node& node, bool gradient) {
  Finish finish;
  if (!node.attributes.contains("function")) return finish;
  const Activation activation = parse_activation(node.text("function"));
  finish.function = activation_kernels(activation);
  finish.constants.assign(activation.constants.begin(), activation.constants.end());
  const bool relu = activation.definition->name == "relu";
  if (relu) finish.epilogue = gradient ? Epilogue::relu_mask : Epilogue::relu;
  finish.separate = !relu && activation.definition->name != "identity";
  return finish;
}

}  // namespace sinapse
