#include "cli/row_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/table_reader.h"

namespace sinapse::cli {

namespace {

constexpr const char* kSource = "standard input";

}  // namespace

RowReader::RowReader(std::istream& lines, std::map<std::string, ColumnKind> kinds,
                     std::map<std::string, std::string> formats, bool numbers,
                     const std::string& text_column)
    : lines_(lines),
      options_{.header = true, .kinds = std::move(kinds), .date_formats = std::move(formats)} {
  if (!next_line(head_)) {
    throw Error(ErrorCode::data, fmt::format("{}: the first line must name the columns, but "
                                             "there is none.",
                                             kSource));
  }
  options_.delimiter = ',';
  for (const char delimiter : {';', '\t'}) {
    if (head_.find(',') == std::string::npos && head_.find(delimiter) != std::string::npos)
      options_.delimiter = delimiter;
  }
  // The names come out of a table whose cells are empty.
  const auto separators = std::count(head_.begin(), head_.end(), *options_.delimiter);
  const Table names = parse_table(
      head_ + "\n" + std::string(static_cast<size_t>(separators), *options_.delimiter) + "0\n",
      kSource, {.delimiter = options_.delimiter, .header = true});
  for (const Column& column : names.columns()) names_.push_back(column.name);
  if (!text_column.empty()) options_.kinds[text_column] = ColumnKind::category;
  if (!numbers) return;
  for (const std::string& name : names_) options_.kinds.emplace(name, ColumnKind::number);
}

bool RowReader::has_column(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool RowReader::next(Table& row) {
  std::string line;
  do {
    if (!next_line(line)) return false;
  } while (line.empty());
  try {
    row = parse_table(head_ + "\n" + line + "\n", kSource, options_);
  } catch (const Error& error) {
    throw Error(error.code(), in_this_line(error.what()));
  }
  return true;
}

std::string RowReader::in_this_line(std::string message) const {
  const std::string second = fmt::format("{}:2", kSource);
  const size_t at = message.find(second);
  if (at != std::string::npos) message.replace(at, second.size(), place());
  return message;
}

std::string RowReader::place() const {
  return fmt::format("{}:{}", kSource, line_);
}

bool RowReader::next_line(std::string& line) {
  if (!std::getline(lines_, line)) return false;
  ++line_;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

}  // namespace sinapse::cli
