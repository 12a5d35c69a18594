// What was seen of a series, and what comes next.
#pragma once

#include <span>
#include <string>

#include <sinapse/forecast.h>

#include "figures/chart.h"

namespace sinapse {

/// The last steps of the series, as many as are of interest beside the forecasts, which follow, or
/// of a ForecastEvaluation lie over them; dashed what the naive way says that the model has to
/// beat. `series` names one of several; empty: the first. Throws Error(usage), with the nearest id,
/// if there is none such.
Chart forecast_chart(const Model& model, const Table& table, const Forecasts& forecasts,
                     const std::string& series, Words words = {});

}  // namespace sinapse
