// Time series from the rows of a table: one or several, each with its steps at equal distances.
//
// Rows may stand in any order. Missing steps, and steps without a value, are filled with the last
// value known before them (never with a later one), and are not predicted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sinapse/table.h>

#include "data/time_step.h"

namespace sinapse {

/// Columns by name or index.
struct SeriesColumns {
  std::string time;                // dates or numbers
  std::string target;              // numbers
  std::string id;                  // tells several series apart; empty: there is one
  std::vector<std::string> known;  // numbers that are known of the future, too
};

struct TimeSeries {
  std::string id;
  double start = 0;                        // time of step 0, the first with a value
  std::vector<int64_t> rows;               // of the table, for each step; -1: there is none
  std::vector<double> values;              // NaN where not known
  std::vector<double> filled;              // the last known value
  std::vector<std::vector<double>> known;  // [column][step], filled likewise; NaN before the first
  int64_t length = 0;  // steps up to the last with a value; later ones have known columns at most

  int64_t num_steps() const { return static_cast<int64_t>(values.size()); }
};

struct SeriesSet {
  SeriesColumns columns;  // by name
  TimeStep step;
  std::vector<TimeSeries> series;  // in the order of their ids
  std::vector<std::string> remarks;
};

/// `expected` is the step that a model was trained on. Throws Error(usage) for a misspelt column,
/// and Error(data), naming place and column: a cell that cannot be read, two rows of one time,
/// times at irregular distances, a series without a value, or one of which more steps are missing
/// than there are.
SeriesSet read_series(const Table& table, const SeriesColumns& columns,
                      const std::optional<TimeStep>& expected = {});

}  // namespace sinapse
