// Which output of a network is asked about.
#pragma once

#include <string>
#include <vector>

#include "features/target.h"

namespace sinapse {

struct Question {
  int64_t output = 0;
  std::string name, unit;       // "rent", "rent"; "yes", "log odds"
  double scale = 1, shift = 0;  // from the network's output to the unit
};

/// `name` is a class, or empty for the predicted one; `target_name` one of several targets, or
/// empty. `outputs` are those of the row. Throws Error(usage), with the nearest name, for another
/// one.
Question question_of(const Target& target, const std::string& target_name, const std::string& name,
                     const std::vector<double>& outputs);

}  // namespace sinapse
