#include <numeric>

#include <fmt/format.h>

#include "layers/layers.h"

namespace sinapse {

namespace {

int64_t product(Shape::const_iterator begin, Shape::const_iterator end) {
  return std::accumulate(begin, end, int64_t{1}, std::multiplies<>());
}

}  // namespace

// Along an inner axis: rows are pieces one behind the other, and what is joined stands side by side
// in each piece. [batch, before, axis, behind] → [batch, before, axis behind].
Tensor Concatenate::build(Builder& b, std::span<const Tensor> inputs) const {
  const Shape& first = inputs[0].shape;
  const auto rank = static_cast<int64_t>(first.size());
  const int64_t along = axis < 0 ? axis + rank : axis;
  if (along < 1 || along >= rank)
    b.fail(fmt::format("x {} has no axis {} behind the batch", to_string(first), axis));
  if (along == rank - 1) return b.concatenate(inputs);
  const int64_t before = product(first.begin() + 1, first.begin() + along);
  Shape joined(first.begin() + 1, first.end());
  joined[along - 1] = 0;
  std::vector<Tensor> pieces;
  for (const Tensor& x : inputs) {
    Shape alike = x.shape;
    if (x.shape.size() == first.size()) alike[along] = first[along];
    if (alike != first)
      b.fail(fmt::format("the shapes {} and {} differ in more than axis {}", to_string(first),
                         to_string(x.shape), along));
    joined[along - 1] += x.shape[along];
    pieces.push_back(b.reshape(x, {before, product(x.shape.begin() + along, x.shape.end())}));
  }
  return b.reshape(b.concatenate(pieces), joined);
}

}  // namespace sinapse
