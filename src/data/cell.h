// What a single cell can mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sinapse {

/// Words that stand for "no value": nothing, NA, N/A, #N/A, NaN, null, nil, None, ?, -, ... in any
/// case.
bool is_missing_word(std::string_view cell);

/// A decimal number that fills the whole cell: 12, -3.5, +1e-3, .5. Beyond the range of double it
/// is infinite, as are the words inf and infinity. Never NaN.
std::optional<double> parse_number(std::string_view cell, char decimal_point = '.');

/// The same without the cost of an optional; `value` holds anything where it returns false. It is
/// quicker if the cell stands behind other bytes of the same text, `before` of them.
bool read_number(std::string_view cell, char decimal_point, double& value, size_t before = 0);

/// Whether two texts are opposite truth values, in any case: true/false, t/f, yes/no, y/n, on/off.
bool is_boolean_pair(std::string_view a, std::string_view b);

/// Whether two texts are the same but for the case of ASCII letters; the second is in lower case.
bool is_word(std::string_view text, std::string_view lower_case);

/// Whether a text is a number in a form that only people read: $1,200.50, 12 %, 1 234,5, 1.234,56.
bool is_dressed_number(std::string_view text);

/// At most 40 letters of a cell, for messages.
std::string shortened(std::string_view cell);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace sinapse
