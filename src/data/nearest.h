// Suggestions for misspelt names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// How many insertions, deletions, replacements and exchanges of neighbours turn one text into the
/// other; letters are compared without case (optimal string alignment; Damerau 1964).
int edit_distance(std::string_view a, std::string_view b);

/// The name closest to `wanted`, or nothing if none is close (more than a third of its letters
/// differ, at least one).
std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& names);

/// The end of an error message: ` Did you mean "x"?`, or ` There are: a, b, c.` if nothing is
/// close.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace sinapse
