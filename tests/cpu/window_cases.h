#pragma once

#include "cpu/plan_harness.h"

namespace sinapse {

std::vector<PlanCase> window_cases();

}  // namespace sinapse
