// Lengths of time as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sinapse {

/// "90", "90s", "10m", "1.5h", "2d"; nothing if it is no such text, negative, or not finite.
std::optional<std::chrono::duration<double>> parse_duration(std::string_view text);

/// The shortest form that is read back exactly: "0", "90s", "10m".
std::string duration_text(std::chrono::duration<double> duration);

}  // namespace sinapse
