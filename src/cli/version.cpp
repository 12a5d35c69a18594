// sinapse --version
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hwy/targets.h>

#include "cli/commands.h"
#include "cpu/target.h"

namespace sinapse::cli {

namespace {

std::vector<std::string> processor_targets() {
  std::vector<std::string> names;
  for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    names.emplace_back(hwy::TargetName(left & -left));
  }
  return names;
}

}  // namespace

std::string version_text() {
  return fmt::format("sinapse {}\nprocessor: {}\nin use: {}", SINAPSE_VERSION,
                     fmt::join(processor_targets(), " "), simd_target());
}

}  // namespace sinapse::cli
