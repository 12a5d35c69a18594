// The states of recurrent cells between two batches.
#pragma once

#include <span>
#include <vector>

#include "graph/operator.h"
#include "network/cell_states.h"

namespace sinapse {

/// What each row of a batch leaves to the same row of the next one. The states come from outside,
/// so no gradient goes on into the batch before.
class CarriedStates {
 public:
  CarriedStates() = default;
  /// Zeros for so many rows.
  CarriedStates(const Graph& graph, std::span<const CellState> states, int64_t rows) {
    for (const CellState& state : states) {
      const int64_t columns = row_size(graph.shape(state.before));
      carried_.push_back({state, columns, std::vector<float>(rows * columns)});
    }
  }

  bool empty() const { return carried_.empty(); }

  /// Rows [begin, end) of what the cells begin with; `begins` says by row which ones begin anew,
  /// empty: all. view(ValueId) gives the rows of a value.
  template <class Rows>
  void fill(int64_t begin, int64_t end, std::span<const char> begins, const Rows& view) const {
    for (const Carried& one : carried_) {
      const View<float> to = view(one.state.before);
      for (int64_t r = begin; to && r < end; ++r) {
        if (begins.empty() || begins[r]) {
          std::fill_n(to.row(r), one.columns, 0.0f);
        } else {
          std::copy_n(one.numbers.data() + r * one.columns, one.columns, to.row(r));
        }
      }
    }
  }

  /// Keeps what the cells ended with.
  template <class Rows>
  void keep(int64_t rows, const Rows& view) {
    for (Carried& one : carried_) {
      const View<float> from = view(one.state.after);
      for (int64_t r = 0; r < rows; ++r) {
        std::copy_n(from.row(r), one.columns, one.numbers.data() + r * one.columns);
      }
    }
  }

  /// What is carried to this input, [rows, columns]; null if it is no state.
  std::vector<float>* find(ValueId before) {
    for (Carried& one : carried_) {
      if (one.state.before == before) return &one.numbers;
    }
    return nullptr;
  }
  const std::vector<float>* find(ValueId before) const {
    return const_cast<CarriedStates*>(this)->find(before);
  }

 private:
  struct Carried {
    CellState state;
    int64_t columns;
    std::vector<float> numbers;
  };
  std::vector<Carried> carried_;
};

}  // namespace sinapse
