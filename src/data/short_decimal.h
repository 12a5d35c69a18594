// Numbers as nearly all cells hold them: up to 15 digits, perhaps a sign and a decimal point.
#pragma once

#include <cstddef>
#include <string_view>

namespace sinapse {

/// Reads -?[0-9]*[mark]?[0-9]* with 1 to 15 digits, rounded correctly. False, and any `value`, for
/// other texts, which may be numbers of another form. `before` bytes that stand in front of the
/// cell may be read; from 17 on that is quickest.
bool read_short_decimal(std::string_view cell, size_t before, char mark, double& value);

}  // namespace sinapse
