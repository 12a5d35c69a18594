#include "data/arff_lexer.h"

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/text_check.h"

namespace sinapse {

namespace {

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ' && !is_line_end(c);
}

bool ends_word(char c) {
  return is_blank(c) || is_line_end(c) || c == ',' || c == '{' || c == '}';
}

char unescaped_char(char c) {
  return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

}  // namespace

ArffToken ArffLexer::next() {
  skip_blanks_and_comment();
  if (position_ >= end_) return take(ArffToken::Kind::end, 0);
  switch (const char c = text_[position_]) {
    case '\n':
      return take(ArffToken::Kind::line_end, 1);
    case '\r':
      return take(ArffToken::Kind::line_end,
                  position_ + 1 < end_ && text_[position_ + 1] == '\n' ? 2 : 1);
    case ',':
      return take(ArffToken::Kind::comma, 1);
    case '{':
      return take(ArffToken::Kind::open, 1);
    case '}':
      return take(ArffToken::Kind::close, 1);
    case '\'':
    case '"':
      return take_quoted(c);
    default:
      return take_word();
  }
}

ArffToken ArffLexer::take(ArffToken::Kind kind, size_t length) {
  position_ += length;
  return {.kind = kind, .begin = position_ - length, .length = length, .escaped = false};
}

ArffToken ArffLexer::take_quoted(char quote) {
  ArffToken token{.kind = ArffToken::Kind::quoted, .begin = position_ + 1};
  size_t i = token.begin;
  for (; i < end_ && text_[i] != quote && !is_line_end(text_[i]); ++i) {
    if (text_[i] != '\\' || i + 1 >= end_ || is_line_end(text_[i + 1])) continue;
    token.escaped = true;
    ++i;
  }
  if (i >= end_ || text_[i] != quote)
    fail(token, fmt::format("a quote {} opens here and is not closed on this line.", quote));
  token.length = i - token.begin;
  position_ = i + 1;
  return token;
}

ArffToken ArffLexer::take_word() {
  size_t length = 1;
  while (position_ + length < end_ && !ends_word(text_[position_ + length])) ++length;
  return take(ArffToken::Kind::word, length);
}

void ArffLexer::skip_blanks_and_comment() {
  while (position_ < end_ && is_blank(text_[position_])) ++position_;
  if (position_ >= end_ || text_[position_] != '%') return;
  while (position_ < end_ && !is_line_end(text_[position_])) ++position_;
}

std::string ArffLexer::unescaped(const ArffToken& token) const {
  const std::string_view text = text_of(token);
  if (!token.escaped) return std::string(text);
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    result += escape ? unescaped_char(text[++i]) : text[i];
  }
  return result;
}

void ArffLexer::fail(const ArffToken& where, const std::string& message) const {
  throw Error(ErrorCode::data,
              fmt::format("{}:{}: {}", source_, line_at(text_, where.begin), message));
}

}  // namespace sinapse
