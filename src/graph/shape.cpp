#include <sinapse/error.h>
#include <sinapse/shape.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sinapse {

std::string to_string(const Shape& shape) {
  std::vector<std::string> sizes;
  for (const int64_t size : shape) {
    sizes.push_back(size == kBatch ? "batch" : std::to_string(size));
  }
  return fmt::format("[{}]", fmt::join(sizes, ", "));
}

bool is_batched(const Shape& shape) { return !shape.empty() && shape[0] == kBatch; }

int64_t row_size(const Shape& shape) {
  int64_t size = 1;
  for (size_t axis = is_batched(shape) ? 1 : 0; axis < shape.size(); ++axis) {
    if (__builtin_mul_overflow(size, shape[axis], &size)) {
      throw Error(ErrorCode::model, to_string(shape) + " has more elements than can be counted.");
    }
  }
  return size;
}

Shape row_shape(const Shape& shape) {
  return Shape(shape.begin() + (is_batched(shape) ? 1 : 0), shape.end());
}

Shape batched(const Shape& row) {
  Shape shape{kBatch};
  shape.insert(shape.end(), row.begin(), row.end());
  return shape;
}

}  // namespace sinapse
