// What a model of time series says about the steps to come.
//
//     const Model model = Model::load("sinapse_sales/model.onnx");
//     for (const auto& [series, time, value] : forecast(model, model.read("sales.csv"), 24).rows)
//     ...
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sinapse/model.h>
#include <sinapse/series.h>
#include <sinapse/table.h>

namespace sinapse {

struct ForecastRow {
  std::string series;  ///< its id; empty if there is one series only
  double time = 0;     ///< a date in seconds since 1970-01-01 UTC, or a number
  double value = 0;    ///< in the target's unit
};

struct Forecasts {
  std::string time, series, target;  ///< names of the columns; series may be empty
  bool dates = false;                ///< whether times are dates
  std::vector<ForecastRow> rows;     ///< series by series, in the order of their ids
  std::vector<std::string> remarks;  ///< sentences on missing steps and unknown series
};

/// The `steps` steps after the last value of each series in the table (0: the model's horizon).
/// Past the horizon forecasts are made from forecasts. Rows after the last value give the columns
/// whose future is known. A series that the model does not know is scaled by its last window.
/// Throws Error(usage) if the model forecasts no series, or cannot so far; Error(data), naming
/// place and column, for a table that does not fit, a series shorter than the model's window, and
/// known columns that end too early.
Forecasts forecast(const Model& model, const Table& table, int64_t steps = 0, int threads = 1);

/// How good a model's forecasts are on steps that are known, beside the simple ways.
struct ForecastEvaluation {
  std::vector<ForecastScore>
      scores;  ///< of "network", "naive" and, with a season, "seasonal naive"
  std::vector<std::vector<ForecastScore>> by_step;  ///< the same for each step of the horizon
  /// Of each series the network's forecast from the last window that can be judged as a whole.
  Forecasts last;
  std::vector<std::string> remarks;
};

/// Forecasts from every window of the table after which a step is known, and compares. MASE is by
/// the naive errors of the training steps; of a series that the model does not know, by those of
/// the table. Throws as forecast() does, and Error(data) if there is no such window.
ForecastEvaluation evaluate_forecasts(const Model& model, const Table& table, int threads = 1);

}  // namespace sinapse
