// The files of tests/golden that hold trainings of small networks (make_training.py).
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sinapse/network.h>

namespace sinapse::golden {

using Json = nlohmann::json;

// Both sides compute in double precision; what differs is the order of sums.
inline constexpr double kTolerance = 1e-10;

/// Those of one file.
Json networks(const std::string& file);

NetworkDescription describe(const Json& layers);

/// Our name for the file's loss.
std::string loss_name(const std::string& name);

std::vector<double> numbers_of(const Json& array);

}  // namespace sinapse::golden
