// Dates as ONNX operators: the calendar arithmetic of features/calendar.h on whole tensors.
#pragma once

#include <string>

#include "features/features.h"
#include "onnx/feature_work.h"

namespace sinapse {

/// Appends an input and DateFeature::encode for all date columns, of which there is at least one;
/// returns the name of the result [batch, inputs made from dates].
std::string append_date_nodes(FeatureWork& work, const Features& features);

}  // namespace sinapse
