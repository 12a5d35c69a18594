// A trained network with its preprocessing: what a model file holds.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/network.h>

#include "features/features.h"
#include "features/pixels.h"
#include "features/sequence_columns.h"
#include "features/series_features.h"
#include "features/target.h"
#include "features/weighting.h"

namespace sinapse {

/// Exactly one of `features` (tables), `pixels` (images and other arrays) and `series` (forecasts)
/// is set. The network's inputs are: "features" [width] if there is a dense column, then one input
/// [1] for each embedded column, named as the column, then one [length] of token numbers for each
/// column of text whose tokens stay in order; or "pixels", a sample with its channels first; or
/// "window" and "future" (SeriesFeatures), where target column i is step i + 1 of the forecast.
/// With `sequences` beside `features` the rows of a table are steps: see SequenceColumns.
struct TrainedNetwork {
  NetworkDescription network;
  std::optional<Features> features;
  std::optional<ArrayFeatures> pixels;
  std::optional<SeriesFeatures> series;
  std::optional<SequenceColumns> sequences;
  Target target;
  Weighting weighting;
  /// Rows go on from one another, and the layers with stateful: true from their states.
  bool stateful = false;
  std::string stream_column;  // what tells sequences of rows apart; empty: all rows are one
  std::string loss = "auto";  // by which it was trained, as choose_loss reads it
  std::map<std::string, std::vector<float>>
      weights;                // parameters and states, plain row-major order
  std::string record = "{}";  // JSON: how it was trained
};

/// The name of the input that a column has for itself: one called "features" must not hide the
/// dense ones.
std::string input_name(const std::string& column);

/// The inputs of the network, as its preprocessing gives them.
std::vector<InputDescription> input_descriptions(const TrainedNetwork& trained);

/// Whether the model's answer to a row, or sample, depends on that one alone.
inline bool answers_rows_alone(const TrainedNetwork& trained) {
  return !trained.series && !trained.sequences && !trained.stateful;
}

/// Throws Error(usage) in the name of `who` if it does not.
void require_rows_alone(const TrainedNetwork& trained, std::string_view who);

/// SHA-256, in lower-case hexadecimal, over the float32 little-endian bytes of all parameters and
/// states in the order in which the layers of the network make them.
std::string weights_sha256(const TrainedNetwork& trained);

}  // namespace sinapse
