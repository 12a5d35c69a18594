// Series cut into windows, ready for training and for being judged beside the simple ways.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/baselines.h"
#include "train/prepared.h"

namespace sinapse {

/// Series and their windows, for as long as they are judged.
struct SeriesMaterial {
  SeriesSet set;
  SeriesFeatures features;
  SeriesWindows windows;
  std::optional<LinearForecast> linear;
};

/// Where a row of the table stands, for messages.
using LocationOfRow = std::function<std::string(int64_t row)>;

/// What is fitted to the training parts of series. Throws Error(data) if no window is left.
std::shared_ptr<SeriesMaterial> series_material(SeriesSet set, const std::vector<SeriesCuts>& cuts,
                                                const RunOptions& options,
                                                const std::string& date_format);

/// A run on the material, whose windows' data are handed over; it is judged by errors in the
/// target's unit.
Prepared prepare_series(const std::shared_ptr<const SeriesMaterial>& material, Dataset data,
                        const RunOptions& options, const LocationOfRow& location);

}  // namespace sinapse
