// Winograd's minimal filtering: the 2 x 2 results of neighbouring windows of 3 x 3 places come from
// one tile of 4 x 4 places by 16 products instead of 36. Winograd 1980; Lavin, Gray 2016.
#pragma once

#include "compile/panels.h"
#include "graph/graph.h"

namespace sinapse {

inline constexpr int64_t kWinogradPlanes = 16;  // places of a tile
inline constexpr int64_t kWinogradStep = 2;     // results of a tile along an axis

/// Whether a convolution, or a transposed one, of values in blocks is computed so. That follows
/// from its shapes alone.
bool filters_minimally(const Graph& graph, const Node& node);

/// A weight [outputs, inputs, 3, 3] transformed: for each place of a tile a matrix in panels.
struct WinogradPanels {
  Panels plane;

  int64_t size() const { return kWinogradPlanes * plane.size(); }
};
inline WinogradPanels winograd_panels(int64_t inputs, int64_t outputs) {
  return {{.depth = round_up(inputs, kLaneMultiple), .columns = outputs}};
}

}  // namespace sinapse
