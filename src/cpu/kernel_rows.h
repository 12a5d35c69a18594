// What the rows of a kernel table are mostly made of.
#pragma once

#include <memory>

#include "compile/kernel.h"

namespace sinapse {

/// Accepts every node of an operator.
template <const Operator& (*kOperator)()>
bool is_of(const Node& node, const LowerContext&) {
  return node.op == &kOperator();
}

inline Parallel by_rows(const Node&, const LowerContext&) {
  return Parallel::rows;
}
inline Parallel by_slices(const Node&, const LowerContext&) {
  return Parallel::slices;
}

template <class K>
std::unique_ptr<Kernel> make(const Node& node, const LowerContext& context) {
  return std::make_unique<K>(node, context);
}

}  // namespace sinapse
