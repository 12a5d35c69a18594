// Running the program with few addresses.
#pragma once

#include <string>

#include "end_to_end/program.h"

namespace sinapse {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kLimitsWork = false;  // sanitizers reserve terabytes of addresses
#else
inline constexpr bool kLimitsWork = true;
#endif

/// `sinapse <arguments>` in a folder, under ulimit -v.
Outcome sinapse_within(int64_t kilobytes, const std::string& arguments, const std::string& folder);

/// The addresses that it needs, to 5 MB.
int64_t kilobytes_needed(const std::string& arguments, const std::string& folder);

}  // namespace sinapse
