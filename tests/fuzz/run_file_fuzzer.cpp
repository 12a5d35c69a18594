// Run files: whatever the text, an Error or a run that is written and read back alike.
#include <cstddef>
#include <cstdint>
#include <string>

#include <sinapse/error.h>

#include "train/run_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sinapse;
  RunDescription run, again;
  try {
    merge_run_text(run, std::string(reinterpret_cast<const char*>(data), size), "run.yaml");
  } catch (const Error&) {
    return 0;
  }
  const std::string written = to_yaml(run);
  merge_run_text(again, written, "run.yaml");
  if (to_yaml(again) != written) __builtin_trap();
  return 0;
}
