// The default network of a series may begin as the linear forecast, which is a part of it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sinapse/train.h>

#include "train/baselines.h"

namespace sinapse {

/// The weights of the output layer by which describe_series_network()'s network forecasts as
/// `linear` does: the last hidden layer counts nothing at first, the inputs what they count there.
std::map<std::string, std::vector<float>> linear_start(const LinearForecast& linear,
                                                       int64_t horizon,
                                                       const NetworkDescription& network);

/// Whether the network is the default one, so that it can begin so, and the windows are few enough
/// to learn from them several times but enough to tell one beginning from another.
bool wants_choice_of_start(const RunOptions& options, const SeriesWindows& windows);

/// Trains with drawn weights or as the linear forecast; gives the network's MASE in validation.
using TrialOfStart = std::function<double(bool linear)>;

/// Whether to begin as the linear forecast: only if that is clearly better in validation.
bool choose_linear_start(const TrialOfStart& mase_of, const TrainCallbacks& callbacks);

}  // namespace sinapse
