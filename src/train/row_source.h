// Inputs that are not in memory: read, or made, when a batch needs them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace sinapse {

/// All inputs of the network side by side, a row of numbers for each row of the data set. Any
/// number of threads may read.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual int64_t num_columns() const = 0;
  /// These rows, in this order, [rows, num_columns].
  virtual void read(std::span<const int64_t> rows, float* into) const = 0;
  /// Calls take(row, its numbers) for the first `count` rows, in an order that suits the source.
  virtual void visit(int64_t count, const std::function<void(int64_t, const float*)>& take) const;
};

}  // namespace sinapse
