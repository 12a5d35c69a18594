// Losses as nodes of a graph, and their mean over rows.
#pragma once

#include <span>

#include <sinapse/loss.h>

#include "graph/graph.h"

namespace sinapse {

/// Appends the loss of each row, [batch, 1].
ValueId append_loss(Graph& graph, const Loss& loss, ValueId output, ValueId target);

/// What the loss compares an output with: class indices [batch, 1], or numbers shaped as the
/// output.
Shape target_shape(const Loss& loss, const Shape& output);

/// The mean loss of rows in double precision, weighted if there are weights:
/// sum weight loss / sum weight. NaN if all weights are 0. outputs [rows, width], encoded the
/// targets of the rows, weights [rows] or empty.
class MeanLoss {
 public:
  MeanLoss(const Loss& loss, int64_t width) : loss_(loss), width_(width) {}
  /// Some rows, in their order.
  void add(std::span<const float> outputs, std::span<const float> encoded,
           std::span<const float> weights);
  double value() const { return sum_ / total_weight_; }

 private:
  const Loss loss_;
  const int64_t width_;
  double sum_ = 0, total_weight_ = 0;
};
/// Of rows in memory.
double mean_loss(const Loss& loss, std::span<const float> outputs, std::span<const float> encoded,
                 int64_t width, std::span<const float> weights);

/// The loss of each row, in double precision; not weighted.
std::vector<double> row_losses(const Loss& loss, std::span<const float> outputs,
                               std::span<const float> encoded, int64_t width);

}  // namespace sinapse
