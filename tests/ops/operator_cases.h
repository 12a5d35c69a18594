// Sets of shapes for every operator, by theme.
#pragma once

#include <vector>

#include "ops/operator_harness.h"

namespace sinapse {

std::vector<OperatorCase> row_cases();
std::vector<OperatorCase> spatial_cases();
std::vector<OperatorCase> sequence_cases();
std::vector<OperatorCase> loss_cases();

}  // namespace sinapse
