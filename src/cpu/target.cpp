#include "cpu/target.h"

#include <hwy/targets.h>

namespace sinapse {

std::string simd_target() {
  return hwy::TargetName(hwy::SupportedAndGeneratedTargets().front());  // best first
}

}  // namespace sinapse
