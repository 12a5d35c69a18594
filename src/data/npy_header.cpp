#include "data/npy_header.h"

#include <charconv>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"

namespace sinapse {

namespace {

class Parser {
 public:
  Parser(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  NpyHeader parse() {
    expect('{');
    while (!next_is('}')) {
      parse_field();
      if (next_is(',')) expect(',');
    }
    for (const std::string field : {"descr", "fortran_order", "shape"})
      if (!seen_.contains(field)) fail(fmt::format("it has no field '{}'", field));
    return std::move(header_);
  }

 private:
  void parse_field() {
    const std::string field = parse_text();
    if (!seen_.insert(field).second) fail(fmt::format("field '{}' stands twice", field));
    expect(':');
    if (field == "descr")
      parse_type();
    else if (field == "fortran_order")
      header_.fortran_order = parse_truth();
    else if (field == "shape")
      parse_shape();
    else
      fail(fmt::format("field '{}' is unknown", shortened(field)));
  }

  void parse_type() {
    if (next_is('['))
      throw Error(ErrorCode::data,
                  fmt::format("{}: the elements are structures. Save each of their "
                              "fields as an array of its own.",
                              source_));
    header_.type = parse_text();
  }

  void parse_shape() {
    expect('(');
    while (!next_is(')')) {
      header_.shape.push_back(parse_integer());
      if (!next_is(')')) expect(',');
    }
    expect(')');
  }

  std::string parse_text() {
    const char quote = next_is('"') ? '"' : '\'';
    expect(quote);
    const size_t end = text_.find(quote);
    if (end == text_.npos) fail("a text is not closed");
    const std::string text(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return text;
  }

  bool parse_truth() {
    skip_blanks();
    for (const std::string_view word : {"True", "False"}) {
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return word == "True";
    }
    fail("fortran_order is neither True nor False");
  }

  int64_t parse_integer() {
    skip_blanks();
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) fail("its shape is not a tuple of whole numbers");
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    if (text_.starts_with('L')) text_.remove_prefix(1);  // Python 2
    return value;
  }

  void skip_blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }

  bool next_is(char c) {
    skip_blanks();
    return text_.starts_with(c);
  }

  void expect(char c) {
    if (!next_is(c)) fail(fmt::format("expected '{}' before \"{}\"", c, shortened(text_)));
    text_.remove_prefix(1);
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::data,
                fmt::format("{}: the NPY header is damaged: {}.", source_, reason));
  }

  std::string_view text_;
  const std::string& source_;
  NpyHeader header_;
  std::set<std::string> seen_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& source) {
  return Parser(text, source).parse();
}

}  // namespace sinapse
