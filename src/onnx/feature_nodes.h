// The fitted preprocessing as ONNX operators: raw columns in, predictions in the user's words out.
// All columns of a kind go through the same few operators side by side, so that the graph stays
// small with hundreds of them.
#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "features/features.h"
#include "features/pixels.h"
#include "features/target.h"
#include "onnx/feature_work.h"

namespace sinapse {

/// Appends one input [batch, 1] for each column, named as it, and the operators of
/// Features::encode. A number is float32 (float64 where float32 cannot hold it) and NaN if missing;
/// a category is its text as it stands in the file, empty if missing; so is a date, but one with a
/// time of day is float64, seconds since 1970-01-01 UTC, NaN if missing.
///
/// Returns the names of the float32 results: the dense inputs [batch, width] if there are some,
/// then the index [batch, 1] of each embedded column.
/// With `sequences` the inputs are [batch, time], and so on: each step of each sequence is a row.
/// Tokens that stay in order are [batch, time] if there may be any number, then their numbers.
std::vector<std::string> append_feature_nodes(onnx::GraphProto& graph, const Features& features,
                                              GraphSteps* sequences = nullptr,
                                              bool free_time = false);

/// The same, then as sequences, filled up with zeros behind their lengths, an input "length" int64
/// [batch, 1]. Returns "features" [batch, time, width] and "length", both float32.
std::vector<std::string> append_sequence_features(onnx::GraphProto& graph, const Features& features,
                                                  GraphSteps& sequences);

/// Appends one input "input" [batch, shape...] of the array's own element type and the operators of
/// ArrayFeatures::encode; returns the name of the float32 result, channels first. With `free_time`,
/// the first axis of a sample may have any length.
std::string append_pixel_nodes(onnx::GraphProto& graph, const ArrayFeatures& pixels,
                               bool free_time = false);

/// Turns the network's outputs [batch, Target::num_outputs()] into the graph's:
/// regression: <target>_predictions [batch, 1], float32 in the column's unit;
/// classes: <target>_predictions [batch], texts, and <target>_probabilities [batch, classes], or
/// after a hinge loss <target>_scores [batch, 1]. Of several targets each has its own.
/// With `sequences` the outputs are of each step, [batch, time, num_outputs], and so are the
/// graph's.
void append_target_nodes(onnx::GraphProto& graph, const Target& target, const std::string& output,
                         const GraphSteps* sequences = nullptr);

}  // namespace sinapse
