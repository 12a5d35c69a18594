#include "train/series_windows.h"

#include <algorithm>
#include <cmath>

namespace sinapse {

std::vector<SeriesCuts> cut_series(const SeriesSet& set, double validation_share, double test_share,
                                   int64_t horizon) {
  std::vector<SeriesCuts> cuts;
  for (const TimeSeries& series : set.series) {
    const auto part = [&](double share) {
      if (share == 0) return int64_t{0};
      return std::max<int64_t>(horizon, std::llround(static_cast<double>(series.length) * share));
    };
    SeriesCuts cut{.test = series.length};
    cut.validation = std::max<int64_t>(0, cut.test - part(test_share));
    cut.train = std::max<int64_t>(0, cut.validation - part(validation_share));
    cuts.push_back(cut);
  }
  return cuts;
}

std::vector<int64_t> training_ends(std::span<const SeriesCuts> cuts) {
  std::vector<int64_t> ends;
  for (const SeriesCuts& cut : cuts) ends.push_back(cut.train);
  return ends;
}

void append_window(SeriesWindows& windows, const SeriesSet& set, const SeriesFeatures& features,
                   const WindowPlace& place, bool with_target) {
  Dataset& data = windows.data;
  if (data.inputs.empty()) {
    data.inputs.push_back({.columns = features.window * features.channels()});
    if (features.future_width() > 0) data.inputs.push_back({.columns = features.future_width()});
    data.target_width = features.horizon;
  }
  const TimeSeries& series = set.series[place.series];
  windows.places.push_back(place);
  windows.standards.push_back(features.standard_of(series, place.origin));
  const auto grown = [](std::vector<float>& numbers, int64_t by) {
    numbers.resize(numbers.size() + by);
    return numbers.data() + numbers.size() - by;
  };
  std::vector<float> none;
  const bool has_future = data.inputs.size() > 1;
  float* const window = grown(data.inputs[0].numbers, data.inputs[0].columns);
  float* const future =
      has_future ? grown(data.inputs[1].numbers, data.inputs[1].columns) : nullptr;
  features.encode(series, place.origin, windows.standards.back(), window, future);
  if (with_target) {
    features.encode_target(series, place.origin, windows.standards.back(),
                           grown(data.target, features.horizon));
  }
  ++data.rows;
}

SeriesWindows make_windows(const SeriesSet& set, const SeriesFeatures& features,
                           std::span<const SeriesCuts> cuts, int64_t stride) {
  SeriesWindows windows;
  const auto add = [&](size_t s, int64_t first, int64_t last, int64_t step,
                       std::vector<int64_t>& rows) {
    for (const int64_t origin : features.origins(set.series[s], first, last, step)) {
      rows.push_back(windows.data.rows);
      append_window(windows, set, features, {static_cast<int32_t>(s), origin}, true);
    }
  };
  for (size_t s = 0; s < set.series.size(); ++s) {
    const SeriesCuts& cut = cuts[s];
    add(s, 0, cut.train, stride, windows.train);
    add(s, cut.train, cut.validation, 1, windows.validation);
    add(s, cut.validation, cut.test, 1, windows.test);
  }
  return windows;
}

}  // namespace sinapse
