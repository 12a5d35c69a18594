// Windows of time series as ONNX operators.
#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "features/series_features.h"

namespace sinapse {

/// What the inputs are measured by, which the outputs need again; float64 [batch, 1] or a scalar.
struct SeriesScale {
  std::string level, deviation;
};

/// Appends the inputs
///   <target>  float64 [batch, window], missing steps filled with the value before,
///   <known>   float64 [batch, window + horizon]: the window, then the steps to forecast, for each
///             column whose future is known,
///   <id>      text [batch, 1], if there are several series,
///   <time>    float64 [batch, 1], the first step to forecast in seconds since 1970-01-01 UTC, if
///   it
///             matters,
/// and the operators of SeriesFeatures::encode; returns the names of the network's inputs, and
/// fills in `scale`.
std::vector<std::string> append_series_nodes(onnx::GraphProto& graph,
                                             const SeriesFeatures& features, SeriesScale& scale);

/// Turns the network's outputs into <target>_predictions, float32 [batch, horizon].
void append_forecast_nodes(onnx::GraphProto& graph, const SeriesFeatures& features,
                           const SeriesScale& scale, const std::string& outputs);

}  // namespace sinapse
