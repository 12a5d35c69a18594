#include "cli/command_line.h"

#include <vector>

namespace sinapse::cli {

namespace {

std::vector<std::string> words;

constexpr const char* kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";

std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

}  // namespace

void note_command_line(int argc, char** argv) {
  words.assign(argv + 1, argv + argc);
}

std::string command_line() {
  std::string text = "sinapse";
  for (const std::string& word : words) text += " " + quoted(word);
  return text;
}

}  // namespace sinapse::cli
