// Round dates along an axis of time.
#pragma once

#include <vector>

#include "figures/scale.h"

namespace sinapse {

/// Beginnings of years, months, Mondays, days, hours or minutes within the range, which is seconds
/// since 1970-01-01 UTC; `count` of them at most, but for one. None for a range beyond the
/// calendar.
std::vector<Tick> date_ticks(Range seconds, int count);

}  // namespace sinapse
