#include "figures/words.h"

#include <cctype>

namespace sinapse {

namespace {

bool is_digit(const std::string& text, size_t at) {
  return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

void replace_all(std::string& text, const Translation& words) {
  for (size_t at = text.find(words.english); at != std::string::npos;
       at = text.find(words.english, at + words.portuguese.size()))
    text.replace(at, words.english.size(), words.portuguese);
}

}  // namespace

std::string Words::number(std::string english) const {
  if (language_ == Language::english) return english;
  for (size_t i = 1; i + 1 < english.size(); ++i) {
    if (!is_digit(english, i - 1) || !is_digit(english, i + 1)) continue;
    if (english[i] == '.') {
      english[i] = ',';
    } else if (english[i] == ',') {
      english[i] = '.';
    }
  }
  return english;
}

std::string Words::formula(std::string_view english) const {
  std::string text = number(std::string(english));
  if (language_ == Language::english) return text;
  for (const Phrase words :
       {Phrase(", else "), Phrase(" if "), Phrase(" where "), Phrase(" or "),
        Phrase(" limited to "), Phrase("training draws a from [l, u], inference takes (l + u)/2")})
    replace_all(text, words.translation());
  return text;
}

}  // namespace sinapse
