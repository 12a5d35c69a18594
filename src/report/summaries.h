// What TensorBoard shows, as messages of its protocol (tensorflow/core/util/event.proto and
// framework/summary.proto): one value of a summary each.
#pragma once

#include <map>
#include <span>
#include <string>

#include "graph/graph.h"
#include "report/protobuf.h"

namespace sinapse {

Message scalar_value(const std::string& tag, double value);

/// How often numbers lie in each of up to 30 equal parts between the smallest and the largest.
/// Numbers that are not finite do not count.
Message histogram_value(const std::string& tag, std::span<const float> values);

/// `png` is a whole file.
Message png_value(const std::string& tag, const std::string& png);

/// A network as a GraphDef.
Message graph_message(const Graph& graph);

/// For the plugin "hparams": the experiment, the start and the end of its one session. Texts that
/// are numbers become numbers.
Message experiment_value(const std::map<std::string, std::string>& settings,
                         const std::vector<std::string>& metric_tags);
Message session_start_value(const std::map<std::string, std::string>& settings, double seconds);
Message session_end_value(double seconds, bool complete);

}  // namespace sinapse
