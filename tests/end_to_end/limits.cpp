#include "end_to_end/limits.h"

#include <fmt/format.h>

#include "paths.h"

namespace sinapse {

Outcome sinapse_within(int64_t kilobytes, const std::string& arguments, const std::string& folder) {
  return run_program(
      {.command = {"bash", "-c",
                   fmt::format("ulimit -v {} && exec {} {}", kilobytes, program_path(), arguments)},
       .folder = folder});
}

int64_t kilobytes_needed(const std::string& arguments, const std::string& folder) {
  int64_t kilobytes = 40'000;
  while (kilobytes < 1'000'000 && sinapse_within(kilobytes, arguments, folder).exit_code != 0)
    kilobytes += 5'000;
  return kilobytes;
}

}  // namespace sinapse
