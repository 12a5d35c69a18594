#include "paths.h"

namespace sinapse {

std::string source_path(const std::string& relative) {
  return std::string(SINAPSE_SOURCE_DIR) + "/" + relative;
}

std::string program_path() { return SINAPSE_PROGRAM; }

std::string build_path() { return SINAPSE_BUILD_DIR; }

std::string example_path(const std::string& name) {
  return std::string(SINAPSE_EXAMPLES) + "/example_" + name;
}

}  // namespace sinapse
