// Initial values of parameters.
#pragma once

#include <sinapse/shape.h>

#include <string>
#include <vector>

namespace sinapse {

/// The initializer that suits an activation: He for the rectifier family (He, Zhang, Ren, Sun
/// 2015), LeCun for selu (Klambauer, Unterthiner, Mayr, Hochreiter 2017), Glorot otherwise (Glorot,
/// Bengio 2010).
std::string initializer_for(const std::string& activation);

/// Values for a parameter of that shape, a function of (seed, name) alone. Names: zeros, ones,
/// constant(c), glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal,
/// normal(deviation). fan_in is the product of all axes but the first, fan_out of axis 0.
/// Throws Error(usage) for an unknown name, with the nearest.
std::vector<double> initial_values(const std::string& initializer, const Shape& shape,
                                   const std::string& parameter_name, uint64_t seed);

/// Throws as initial_values does, without computing anything.
void check_initializer(const std::string& initializer);

}  // namespace sinapse
