// Texts as ONNX operators.
#pragma once

#include <string>

#include "features/text_feature.h"
#include "onnx/feature_work.h"

namespace sinapse {

/// Appends an input [batch, tokens] and TextFeature::encode but for the cutting into tokens;
/// returns the name of the result [batch, n-grams].
std::string append_text_nodes(FeatureWork& work, const TextFeature& feature);

}  // namespace sinapse
