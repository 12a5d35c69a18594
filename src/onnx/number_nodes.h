// Number columns as ONNX operators.
#pragma once

#include <string>
#include <vector>

#include "features/features.h"
#include "onnx/feature_work.h"

namespace sinapse {

/// Appends inputs and operators for all number columns and ordered categories, the columns of each
/// of kNumberGroups side by side; adds the names of the results to `dense`, in the order of
/// Features::names().
void append_number_nodes(FeatureWork& work, const Features& features,
                         std::vector<std::string>& dense);

}  // namespace sinapse
