// The oracle: carries out a graph node by node with the naive reference kernels, in float or double.
#pragma once

#include <sinapse/error.h>

#include <vector>

#include "graph/operator.h"

namespace sinapse {

/// Holds the values of one graph in plain row-major order. Every result of the last run stays
/// readable, so that tests and diagnoses can look at any of them.
template <class T>
class Interpreter {
 public:
  explicit Interpreter(const Graph& graph);

  /// Inputs, parameters and states, to be filled before run(). An input's vector must hold
  /// rows * row_size numbers.
  std::vector<T>& value(ValueId id) { return values_[id]; }
  const std::vector<T>& value(ValueId id) const { return values_[id]; }
  std::vector<T>& value(std::string_view name) { return values_[graph_.find(name)]; }

  void run(int64_t rows, const StepState& state = {});

 private:
  View<T> view(ValueId id, int64_t rows);

  const Graph& graph_;
  std::vector<std::vector<T>> values_;  // by ValueId
};

}  // namespace sinapse
