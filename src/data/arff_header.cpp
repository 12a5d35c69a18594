#include "data/arff_header.h"

#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"

namespace sinapse {

namespace {

using Kind = ArffToken::Kind;

constexpr size_t kMaxAttributes = 1'000'000;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

class HeaderReader {
 public:
  explicit HeaderReader(ArffLexer& lexer) : lexer_(lexer) {}

  std::vector<ArffAttribute> read() {
    while (read_declaration()) {
    }
    return std::move(attributes_);
  }

 private:
  // False behind @data.
  bool read_declaration() {
    ArffToken token = lexer_.next();
    while (token.kind == Kind::line_end) token = lexer_.next();
    if (token.kind == Kind::end) lexer_.fail(token, "the file ends without @data.");
    const std::string word = lower_case(lexer_.text_of(token));
    if (token.kind == Kind::word && word == "@data") {
      if (attributes_.empty()) lexer_.fail(token, "@data without any @attribute before it.");
      skip_line();
      return false;
    }
    if (token.kind == Kind::word && word == "@attribute")
      read_attribute();
    else if (token.kind == Kind::word && word == "@relation")
      skip_line();
    else
      lexer_.fail(token, fmt::format("expected @relation, @attribute or @data, found \"{}\".",
                                     shortened(lexer_.text_of(token))));
    return true;
  }

  void read_attribute() {
    const ArffToken name = lexer_.next();
    if (!name.is_value()) lexer_.fail(name, "expected the name of an attribute after @attribute.");
    if (attributes_.size() == kMaxAttributes)
      lexer_.fail(name, fmt::format("more than {} attributes.", kMaxAttributes));
    ArffAttribute attribute;
    attribute.name = lexer_.unescaped(name);
    if (!names_.insert(attribute.name).second)
      lexer_.fail(name,
                  fmt::format("attribute \"{}\" is declared twice.", shortened(attribute.name)));
    const ArffToken type = lexer_.next();
    if (type.kind == Kind::open)
      read_values(attribute);
    else if (type.kind == Kind::word)
      read_type(attribute, type);
    else
      lexer_.fail(name, fmt::format("attribute \"{}\" has no type; expected numeric, string, date "
                                    "or {{value, value, ...}}.",
                                    shortened(attribute.name)));
    attributes_.push_back(std::move(attribute));
  }

  void read_type(ArffAttribute& attribute, const ArffToken& type) {
    const std::string word = lower_case(lexer_.text_of(type));
    if (word == "date") return read_date_format(attribute);
    if (word == "numeric" || word == "real" || word == "integer")
      attribute.kind = ColumnKind::number;
    else if (word != "string")
      lexer_.fail(type, fmt::format("attribute \"{}\" has the unknown type \"{}\"; expected "
                                    "numeric, real, integer, string, date or {{value, value, "
                                    "...}}.",
                                    shortened(attribute.name), shortened(word)));
    skip_line();
  }

  void read_date_format(ArffAttribute& attribute) {
    attribute.kind = ColumnKind::date;
    const ArffToken pattern = lexer_.next();
    if (!pattern.is_value()) return;
    attribute.date_format = from_java_date(lexer_.unescaped(pattern)).value_or("");
    skip_line();
  }

  void read_values(ArffAttribute& attribute) {
    for (;;) {
      const ArffToken token = lexer_.next();
      if (token.kind == Kind::close) break;
      if (token.is_value())
        attribute.values.push_back(lexer_.unescaped(token));
      else if (token.kind == Kind::open || token.kind == Kind::end)
        lexer_.fail(token, fmt::format("the values of attribute \"{}\" end without }}.",
                                       shortened(attribute.name)));
    }
    const auto& values = attribute.values;
    const bool boolean = values.size() == 2 && is_boolean_pair(values[0], values[1]);
    attribute.kind = boolean ? ColumnKind::boolean : ColumnKind::category;
    skip_line();
  }

  void skip_line() {
    ArffToken token = lexer_.next();
    while (!token.ends_line()) token = lexer_.next();
  }

  ArffLexer& lexer_;
  std::vector<ArffAttribute> attributes_;
  std::set<std::string> names_;
};

// The strptime code of a run of one letter, or "".
std::string_view date_code(char letter, size_t count) {
  switch (letter) {
    case 'y':
      return count == 2 ? "%y" : "%Y";
    case 'M':
      return count < 3 ? "%m" : count == 3 ? "%b" : "%B";
    case 'd':
      return "%d";
    case 'H':
      return "%H";
    case 'h':
      return "%I";
    case 'm':
      return "%M";
    case 's':
      return "%S";
    case 'a':
      return "%p";
    case 'z':
    case 'Z':
    case 'X':
      return "%z";
    default:
      return "";
  }
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::vector<ArffAttribute> read_arff_header(ArffLexer& lexer) {
  return HeaderReader(lexer).read();
}

std::optional<std::string> from_java_date(std::string_view pattern) {
  std::string format;
  bool quoted = false;
  for (size_t i = 0, count = 1; i < pattern.size(); i += count, count = 1) {
    const char c = pattern[i];
    if (c == '\'') {
      quoted = !quoted;
      continue;
    }
    if (quoted || !is_letter(c)) {
      format += c;
      continue;
    }
    while (i + count < pattern.size() && pattern[i + count] == c) ++count;
    if (c == 'S' && format.ends_with("%S.")) {  // %S takes the fraction as well
      format.pop_back();
      continue;
    }
    const std::string_view code = date_code(c, count);
    if (code.empty()) return std::nullopt;
    format += code;
  }
  return format;
}

}  // namespace sinapse
