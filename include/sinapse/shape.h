// Shapes: the sizes of an array's axes. Axis 0 of a value that flows through a network is the batch,
// whose size is known only when a plan runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sinapse {

/// The size of an axis that counts the rows of a batch.
inline constexpr int64_t kBatch = -1;

using Shape = std::vector<int64_t>;

/// "[batch, 28, 28]"
std::string to_string(const Shape& shape);

/// Whether axis 0 is the batch: true for values that flow, false for parameters.
bool is_batched(const Shape& shape);

/// Elements of one row of a batched shape, or all elements of an unbatched one. Throws Error(model)
/// if int64_t cannot count them.
int64_t row_size(const Shape& shape);

/// The shape of one row: `shape` without its batch axis.
Shape row_shape(const Shape& shape);

/// A batched shape with rows of the given shape.
Shape batched(const Shape& row);

}  // namespace sinapse
