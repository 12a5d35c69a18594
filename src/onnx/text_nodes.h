// Texts as ONNX operators.
#pragma once

#include <string>

#include "features/text_feature.h"
#include "features/token_feature.h"
#include "onnx/feature_work.h"

namespace sinapse {

/// Appends an input [batch, tokens] and TextFeature::encode but for the cutting into tokens;
/// returns the name of the result [batch, n-grams].
std::string append_text_nodes(FeatureWork& work, const TextFeature& feature);

/// Appends an input of a text's tokens in order, [batch, time] or, if they cannot be any number,
/// [batch, length]; returns their numbers as TokenFeature gives them.
std::string append_token_nodes(FeatureWork& work, const TokenFeature& feature, bool free_time);

}  // namespace sinapse
