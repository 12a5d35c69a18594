// What a prediction loses when a part of the picture is covered.
#pragma once

#include <span>

#include <sinapse/team.h>

#include "explain/input_gradient.h"
#include "explain/picture_maps.h"

namespace sinapse {

/// A square of `patch` pixels, a seventh of the shorter side unless it is given, goes over the
/// picture in steps of half its side and covers it with the baseline. Each place has the mean of
/// what the output lost under the squares that covered it; what it gained is negative. Zeiler,
/// Fergus 2014.
AttentionMap occlusion(const InputGradient& network, std::span<const double> point,
                       std::span<const double> baseline, const Picture& picture, int64_t output,
                       int64_t patch, Team& team);

}  // namespace sinapse
