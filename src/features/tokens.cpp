#include "features/tokens.h"

#include <cstdint>

namespace sinapse {

namespace {

constexpr char32_t kBroken = 0xFFFD;  // stands for bytes that are not UTF-8

// The character that begins at `place`, which moves behind it.
char32_t next_character(std::string_view text, size_t& place) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(place++);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || place + more > text.size()) return kBroken;
  char32_t c = first & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if ((byte(place + i) & 0xC0) != 0x80) return kBroken;
    c = c << 6 | (byte(place + i) & 0x3F);
  }
  place += more;
  return c;
}

void append(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  const auto rest = [&](int shift) { put(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    rest(0);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    rest(6);
    rest(0);
  } else {
    put(0xF0 | (c >> 18 & 7));
    rest(12);
    rest(6);
    rest(0);
  }
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_letter(char32_t c) {
  if (c < 0x80)
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  const bool latin_sign = c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA;
  const bool punctuation = (c >= 0x2010 && c <= 0x205E) || (c >= 0x3001 && c <= 0x3003);
  return !is_space(c) && !latin_sign && !punctuation;
}

}  // namespace

char32_t lower_case(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c < 0xC0) return c;
  if (c <= 0xDE) return c == 0xD7 ? c : c + 32;                    // Latin-1
  if (c >= 0x100 && c <= 0x137) return c == 0x130 ? U'i' : c | 1;  // Latin Extended-A, in pairs
  if (c >= 0x139 && c <= 0x148) return c % 2 == 1 ? c + 1 : c;
  if (c >= 0x14A && c <= 0x177) return c | 1;
  if (c == 0x178) return 0xFF;
  if (c >= 0x179 && c <= 0x17E) return c % 2 == 1 ? c + 1 : c;
  if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 32;  // Greek
  if (c >= 0x400 && c <= 0x40F) return c + 80;                // Cyrillic
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  return c;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (size_t place = 0; place < text.size();) {
    const char32_t c = next_character(text, place);
    if (is_letter(c)) {
      if (!inside) words.emplace_back();
      append(words.back(), lower_case(c));
    }
    inside = is_letter(c);
  }
  return words;
}

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> characters;
  bool after_space = false;
  for (size_t place = 0; place < text.size();) {
    const char32_t c = next_character(text, place);
    const bool space = is_space(c);
    if (!space || !after_space) append(characters.emplace_back(), space ? U' ' : lower_case(c));
    after_space = space;
  }
  return characters;
}

}  // namespace sinapse
