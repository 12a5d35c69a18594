// Texts cut into words or characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// Runs of letters, digits and _, in lower case. Every character beyond ASCII counts as a letter
/// but for blanks and general punctuation.
std::vector<std::string> words_of(std::string_view text);

/// Each character in lower case; a run of white space is one blank.
std::vector<std::string> characters_of(std::string_view text);

/// A character of Latin, Greek or Cyrillic letters in lower case; any other as it is.
char32_t lower_case(char32_t c);

}  // namespace sinapse
