// Cuts an ARFF text into words and punctuation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sinapse {

struct ArffToken {
  enum class Kind : uint8_t { word, quoted, comma, open, close, line_end, end };

  Kind kind = Kind::end;
  size_t begin = 0, length = 0;  // what stands between the quotes
  bool escaped = false;          // holds backslashes

  bool is_value() const { return kind == Kind::word || kind == Kind::quoted; }
  bool ends_line() const { return kind == Kind::line_end || kind == Kind::end; }
};

class ArffLexer {
 public:
  /// `text` may grow at its end meanwhile; only what it holds now is read.
  ArffLexer(const std::string& text, size_t start, const std::string& source)
      : text_(text), end_(text.size()), position_(start), source_(source) {}

  /// The next token. A % at the start of a word begins a comment to the end of the line. Throws
  /// Error(data) with file and line for a quote that is not closed.
  ArffToken next();

  std::string_view text_of(const ArffToken& token) const {
    return std::string_view(text_).substr(token.begin, token.length);
  }

  /// The text without its backslashes.
  std::string unescaped(const ArffToken& token) const;

  /// Throws Error(data) with file and line.
  [[noreturn]] void fail(const ArffToken& where, const std::string& message) const;

 private:
  ArffToken take(ArffToken::Kind kind, size_t length);
  ArffToken take_quoted(char quote);
  ArffToken take_word();
  void skip_blanks_and_comment();

  const std::string& text_;
  size_t end_;
  size_t position_;
  const std::string& source_;
};

}  // namespace sinapse
