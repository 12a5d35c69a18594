#include "compile/winograd.h"

#include <algorithm>

#include "compile/fused.h"
#include "ops/operators.h"
#include "ops/window.h"

namespace sinapse {

namespace {

// Of a transformed weight that stays in the second cache.
constexpr int64_t kCachedFloats = int64_t{1} << 17;
constexpr int64_t kFewTiles = 4;  // of an image

bool all_are(std::span<const int64_t> numbers, int64_t wanted) {
  return std::all_of(numbers.begin(), numbers.end(), [&](int64_t n) { return n == wanted; });
}

int64_t tiles_along(int64_t results) {
  return (results + kWinogradStep - 1) / kWinogradStep;
}

// Where an image is few tiles, a large weight, 16/9 as large when transformed, costs more to move
// than the products spare.
bool is_worth_moving(const Shape& weight, const Shape& y) {
  return tiles_along(y[2]) * tiles_along(y[3]) > kFewTiles ||
         kWinogradPlanes * weight[0] * weight[1] <= kCachedFloats;
}

}  // namespace

bool filters_minimally(const Graph& graph, const Node& node) {
  const Shape& weight = graph.shape(node.inputs[1]);
  if (weight.size() != 4 || weight[2] != 3 || weight[3] != 3 || node.integer("group") != 1)
    return false;
  const Window window = window_of(node, {3, 3});
  const bool overlapping = all_are(window.strides, 1) && all_are(window.dilations, 1) &&
                           std::ranges::all_of(window.pads, [](int64_t pad) { return pad <= 2; });
  const Shape& y = graph.shape(node.outputs[0]);
  return overlapping && weight[1] > kFewInputs && y[2] >= kWinogradStep && y[3] >= kWinogradStep &&
         is_worth_moving(weight, y);
}

}  // namespace sinapse
