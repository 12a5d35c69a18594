// How much the classes of a target count in the loss.
#pragma once

#include <map>
#include <string>

namespace sinapse {

struct ClassWeights {
  bool balanced = false;                   ///< all classes count the same, however rare they are
  std::map<std::string, double> by_class;  ///< those not named count 1

  bool empty() const { return !balanced && by_class.empty(); }
  bool operator==(const ClassWeights&) const = default;
};

}  // namespace sinapse
