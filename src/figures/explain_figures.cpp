#include "figures/explain_figures.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace sinapse {

Bars importance_bars(const PermutationImportance& importance, size_t most) {
  Bars bars{.title = "Importance of columns",
            .x_label = fmt::format("what shuffling the column costs in {}", importance.metric),
            .names = {},
            .values = {},
            .low = {},
            .high = {}};
  const size_t count = std::min(most, importance.columns.size());
  if (count < importance.columns.size()) {
    bars.title = fmt::format("Importance of {} of {} columns", count, importance.columns.size());
  }
  for (const ColumnImportance& column : std::span(importance.columns).first(count)) {
    bars.names.push_back(column.column);
    bars.values.push_back(column.importance);
    bars.low.push_back(column.interval.low);
    bars.high.push_back(column.interval.high);
  }
  return bars;
}

}  // namespace sinapse
