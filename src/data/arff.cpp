#include "data/arff.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/arff_lexer.h"
#include "data/cell.h"
#include "data/nearest.h"

namespace sinapse {

namespace {

using Kind = ArffToken::Kind;

constexpr size_t kMaxSparseCells = size_t{1} << 27;  // a sparse file can unfold without end

class RowReader {
 public:
  RowReader(ArffFile& file, ArffLexer& lexer) : file_(file), table_(file.table), lexer_(lexer) {}

  void read() {
    for (;;) {
      const ArffToken token = lexer_.next();
      if (token.kind == Kind::end) return;
      if (token.kind == Kind::line_end) continue;
      table_.row_begins.push_back(token.begin);
      if (token.kind == Kind::open)
        read_sparse();
      else
        read_dense(token);
    }
  }

 private:
  void read_dense(ArffToken token) {
    const ArffToken first = token;
    size_t count = 0;
    while (!token.ends_line()) {
      if (!token.is_value()) fail_value(token);
      if (count++ < num_columns()) table_.cells.push_back(cell(token));
      token = lexer_.next();
      if (token.kind != Kind::comma) continue;
      token = lexer_.next();
      if (token.ends_line()) fail_value(token);
    }
    if (count != num_columns())
      lexer_.fail(first, fmt::format("expected {} values, one for each attribute, found {}.",
                                     num_columns(), count));
  }

  void read_sparse() {
    if (table_.cells.size() + num_columns() > kMaxSparseCells)
      lexer_.fail({.kind = Kind::open, .begin = table_.row_begins.back()},
                  fmt::format("the sparse rows unfold to more than {} values.", kMaxSparseCells));
    make_defaults();
    const size_t row = table_.cells.size();
    table_.cells.insert(table_.cells.end(), defaults_.begin(), defaults_.end());
    size_t next_index = 0;
    for (;;) {
      const ArffToken token = lexer_.next();
      if (token.kind == Kind::close) break;
      if (token.kind == Kind::comma) continue;
      const size_t index = sparse_index(token);
      if (index < next_index) lexer_.fail(token, "the indices of a sparse row must ascend.");
      next_index = index + 1;
      const ArffToken value = lexer_.next();
      if (!value.is_value()) fail_value(value);
      table_.cells[row + index] = cell(value);
    }
    const ArffToken behind = lexer_.next();
    if (!behind.ends_line())
      lexer_.fail(behind, "expected the end of the line behind a sparse row.");
  }

  size_t sparse_index(const ArffToken& token) const {
    const std::string_view text = lexer_.text_of(token);
    size_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (token.kind != Kind::word || !whole || index >= num_columns())
      lexer_.fail(token, fmt::format("expected the index of an attribute (0 to {}), found \"{}\".",
                                     num_columns() - 1, shortened(text)));
    return index;
  }

  // The values that sparse rows leave out.
  void make_defaults() {
    if (!defaults_.empty()) return;
    for (const ArffAttribute& attribute : file_.attributes)
      defaults_.push_back(appended(attribute.is_nominal() ? attribute.values.front() : "0"));
  }

  CellPosition cell(const ArffToken& token) {
    if (token.escaped) return appended(lexer_.unescaped(token));
    if (token.length > CellPosition::kMaxLength)
      lexer_.fail(token, fmt::format("a value of {} bytes is longer than the limit of {}.",
                                     token.length, CellPosition::kMaxLength));
    return {token.begin, token.length, token.kind == Kind::quoted};
  }

  // A text that does not stand in the file like this goes behind it.
  CellPosition appended(std::string_view text) {
    text = text.substr(0, CellPosition::kMaxLength);
    table_.text += text;
    return {table_.text.size() - text.size(), text.size(), true};
  }

  [[noreturn]] void fail_value(const ArffToken& token) const {
    if (token.kind == Kind::open)
      lexer_.fail(token, "weights of rows are not supported; quote the value if it is a text.");
    lexer_.fail(token,
                fmt::format("expected a value, found {}. A missing value is written ?.",
                            token.ends_line() ? "the end of the line"
                                              : fmt::format("\"{}\"", lexer_.text_of(token))));
  }

  size_t num_columns() const { return table_.names.size(); }

  ArffFile& file_;
  TextTable& table_;
  ArffLexer& lexer_;
  std::vector<CellPosition> defaults_;
};

std::string_view skip_comments(std::string_view text) {
  while (!text.empty()) {
    const size_t word = text.find_first_not_of(" \t\r\n");
    if (word == text.npos) return "";
    text.remove_prefix(word);
    if (text[0] != '%') return text;
    text.remove_prefix(std::min(text.find_first_of("\r\n"), text.size()));
  }
  return text;
}

bool starts_with_word(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

[[noreturn]] void fail_unlisted(const ArffFile& file, const Column& column, size_t index,
                                size_t category) {
  const auto code = static_cast<int32_t>(category);
  const auto row = std::find(column.codes.begin(), column.codes.end(), code) - column.codes.begin();
  const std::string& value = column.categories[category];
  throw Error(ErrorCode::data,
              fmt::format("{}: \"{}\" is not among the values of the attribute.{}",
                          file.table.location(row, static_cast<int64_t>(index)), shortened(value),
                          did_you_mean(value, file.attributes[index].values)));
}

}  // namespace

bool looks_like_arff(std::string_view text) {
  const std::string_view first = skip_comments(text);
  return starts_with_word(first, "@relation") || starts_with_word(first, "@attribute");
}

ArffFile parse_arff(std::string bytes, const std::string& source, size_t start) {
  ArffFile file;
  file.table.source = source;
  file.table.text = std::move(bytes);
  file.table.missing_rule = MissingRule::question_mark;
  ArffLexer lexer(file.table.text, start, source);
  file.attributes = read_arff_header(lexer);
  for (const ArffAttribute& attribute : file.attributes) file.table.names.push_back(attribute.name);
  RowReader(file, lexer).read();
  return file;
}

ReadOptions with_declared_kinds(ReadOptions options, const ArffFile& file) {
  for (const ArffAttribute& attribute : file.attributes) {
    if (!attribute.kind || options.kinds.contains(attribute.name)) continue;
    options.kinds[attribute.name] = *attribute.kind;
    if (!attribute.date_format.empty())
      options.date_formats.try_emplace(attribute.name, attribute.date_format);
  }
  return options;
}

void check_nominal_values(const ArffFile& file, const std::vector<Column>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!file.attributes[i].is_nominal()) continue;
    std::vector<std::string> values = file.attributes[i].values;
    std::sort(values.begin(), values.end());
    for (size_t category = 0; category < columns[i].categories.size(); ++category)
      if (!std::binary_search(values.begin(), values.end(), columns[i].categories[category]))
        fail_unlisted(file, columns[i], i, category);
  }
}

}  // namespace sinapse
