#include "data/columns.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/cell.h"
#include "data/date.h"
#include "data/dictionary.h"
#include "data/identifier.h"
#include "data/number_scan.h"

namespace sinapse {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Column named(const TextTable& table, int64_t index, ColumnKind kind) {
  Column column;
  column.name = table.names[index];
  column.kind = kind;
  return column;
}

Column text_column(const TextTable& table, int64_t index, ColumnKind kind, Dictionary dictionary) {
  Column column = named(table, index, kind);
  column.codes = std::move(dictionary.codes);
  column.categories.assign(dictionary.texts.begin(), dictionary.texts.end());
  return column;
}

Column number_column(const TextTable& table, int64_t index, NumberScan& scan) {
  Column column = named(table, index, ColumnKind::number);
  column.numbers = scan.take_numbers();
  return column;
}

Column empty_column(const TextTable& table, int64_t index) {
  Column column = named(table, index, ColumnKind::empty);
  column.codes.assign(table.num_rows(), -1);
  column.remark = "has no values";
  return column;
}

// The first text that does not fit any date, or not the format that fits the text before it.
[[noreturn]] void fail_date(const TextTable& table, int64_t index, const Dictionary& dictionary,
                            const std::string& format) {
  auto order = dictionary.first_rows;
  std::sort(order.begin(), order.end());
  std::string expected = format;
  int64_t row = order.front();
  for (const int64_t candidate : order) {
    row = candidate;
    const std::string_view text = table.cell(row, index);
    if (!expected.empty() && !parse_date(text, expected)) break;
    if (expected.empty() && !detect_date_format({text})) break;
    if (expected.empty()) expected = *detect_date_format({text});
  }
  throw Error(
      ErrorCode::data,
      fmt::format("{}: expected a date{}, found \"{}\". One format must fit the whole column.",
                  table.location(row, index), expected.empty() ? "" : " like " + expected,
                  shortened(table.cell(row, index))));
}

Column date_column(const TextTable& table, int64_t index, const Dictionary& dictionary,
                   std::string format) {
  if (format.empty()) format = detect_date_format(dictionary.texts).value_or("");
  Column column = named(table, index, ColumnKind::date);
  std::vector<double> seconds;
  for (const std::string_view text : dictionary.texts) {
    const auto parsed = parse_date(text, format);
    if (!parsed) fail_date(table, index, dictionary, format);
    seconds.push_back(*parsed);
  }
  for (const int32_t code : dictionary.codes)
    column.numbers.push_back(code < 0 ? kMissing : seconds[code]);
  column.date_format = std::move(format);
  return column;
}

// Says so where 03/04/2024 could be March or April throughout.
void remark_ambiguous_dates(Column& column, const Dictionary& dictionary) {
  const auto exchanged = exchange_day_and_month(column.date_format);
  if (!exchanged) return;
  for (const std::string_view text : dictionary.texts)
    if (!parse_date(text, *exchanged)) return;
  column.remark = fmt::format("read as {}, but {} fits as well", column.date_format, *exchanged);
}

Column boolean_column(const TextTable& table, int64_t index, Dictionary dictionary) {
  if (dictionary.texts.size() > 2) {
    auto rows = dictionary.first_rows;
    std::sort(rows.begin(), rows.end());
    throw Error(
        ErrorCode::data,
        fmt::format("{}: expected one of two values (\"{}\" or \"{}\"), found \"{}\".",
                    table.location(rows[2], index), shortened(table.cell(rows[0], index)),
                    shortened(table.cell(rows[1], index)), shortened(table.cell(rows[2], index))));
  }
  return text_column(table, index, ColumnKind::boolean, std::move(dictionary));
}

// One typing error among numbers makes the column a text; the user should hear of it.
std::string remark_on_numbers(const TextTable& table, int64_t index, const Dictionary& dictionary,
                              int64_t first_text) {
  int64_t numbers = 0;
  for (size_t i = 0; i < dictionary.texts.size(); ++i)
    if (parse_number(dictionary.texts[i])) numbers += dictionary.counts[i];
  if (10 * numbers < 9 * dictionary.num_present) return "";
  return fmt::format("is read as text because of \"{}\" ({}); {} of {} values are numbers",
                     shortened(table.cell(first_text, index)), table.location(first_text), numbers,
                     dictionary.num_present);
}

// Nor should it surprise that $1,200 is no number.
std::string remark_on_dressed_numbers(const TextTable& table, int64_t index,
                                      const Dictionary& dictionary) {
  int64_t dressed = 0;
  for (size_t i = 0; i < dictionary.texts.size(); ++i)
    if (is_dressed_number(dictionary.texts[i])) dressed += dictionary.counts[i];
  if (10 * dressed < 9 * dictionary.num_present) return "";
  const auto row = *std::min_element(dictionary.first_rows.begin(), dictionary.first_rows.end());
  return fmt::format(
      "is read as text, though \"{}\" ({}) looks like a number; write numbers as "
      "1234.5, without signs of currency, percent or thousands",
      shortened(table.cell(row, index)), table.location(row));
}

Column infer_text_column(const TextTable& table, int64_t index, int64_t first_text) {
  Dictionary dictionary = make_dictionary(table, index);
  if (const auto format = detect_date_format(dictionary.texts)) {
    Column column = date_column(table, index, dictionary, *format);
    remark_ambiguous_dates(column, dictionary);
    return column;
  }
  const auto& texts = dictionary.texts;
  if (texts.size() == 2 && is_boolean_pair(texts[0], texts[1]))
    return text_column(table, index, ColumnKind::boolean, std::move(dictionary));

  std::string remark = remark_on_numbers(table, index, dictionary, first_text);
  if (remark.empty()) remark = remark_on_dressed_numbers(table, index, dictionary);
  const auto identifier = explain_text_identifier(table.names[index], dictionary);
  if (remark.empty()) remark = identifier.value_or("");
  const ColumnKind kind = identifier ? ColumnKind::identifier : ColumnKind::category;
  Column column = text_column(table, index, kind, std::move(dictionary));
  column.remark = std::move(remark);
  return column;
}

Column infer_column(const TextTable& table, int64_t index, NumberScan& scan) {
  if (scan.failed()) return infer_text_column(table, index, scan.first_text());
  if (!scan.found_numbers()) return empty_column(table, index);
  Column column = number_column(table, index, scan);
  const auto identifier = explain_number_identifier(table, index, column.numbers);
  if (!identifier) return column;
  column = text_column(table, index, ColumnKind::identifier, make_dictionary(table, index));
  column.remark = *identifier;
  return column;
}

}  // namespace

Column read_column(const TextTable& table, int64_t index, ColumnKind kind,
                   const std::string& date_format) {
  switch (kind) {
    case ColumnKind::number: {
      NumberScan scan(table, index);
      scan.scan(table.num_rows());
      return number_column(table, index, scan);
    }
    case ColumnKind::date:
      return date_column(table, index, make_dictionary(table, index), date_format);
    case ColumnKind::boolean:
      return boolean_column(table, index, make_dictionary(table, index));
    case ColumnKind::empty:
      return empty_column(table, index);
    case ColumnKind::category:
    case ColumnKind::identifier:
      break;
  }
  return text_column(table, index, kind, make_dictionary(table, index));
}

std::vector<Column> read_columns(const TextTable& table, const ReadOptions& options) {
  std::vector<NumberScan> scans = scan_numbers(table);
  std::vector<Column> columns;
  for (int64_t i = 0; i < table.num_columns(); ++i) {
    const std::string& name = table.names[i];
    const auto kind = options.kinds.find(name);
    const auto format = options.date_formats.find(name);
    if (kind == options.kinds.end())
      columns.push_back(infer_column(table, i, scans[i]));
    else if (kind->second == ColumnKind::number)
      columns.push_back(number_column(table, i, scans[i]));
    else
      columns.push_back(read_column(table, i, kind->second,
                                    format == options.date_formats.end() ? "" : format->second));
  }
  return columns;
}

}  // namespace sinapse
