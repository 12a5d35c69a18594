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
  fail_no_date(table.location(row, index), table.cell(row, index), expected);
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

Column boolean_column(const TextTable& table, int64_t index, Dictionary dictionary) {
  if (dictionary.texts.size() > 2)
    fail_boolean(dictionary, [&](int64_t row) { return table.location(row, index); });
  return text_column(table, index, ColumnKind::boolean, std::move(dictionary));
}

// One typing error among numbers makes the column a text; the user should hear of it.
std::string remark_on_numbers(const TextFacts& facts,
                              const std::function<std::string(int64_t)>& location) {
  if (10 * facts.numbers < 9 * facts.present) return "";
  return fmt::format("is read as text because of \"{}\" ({}); {} of {} values are numbers",
                     shortened(facts.first_text), location(facts.first_text_row), facts.numbers,
                     facts.present);
}

// Nor should it surprise that $1,200 is no number.
std::string remark_on_dressed_numbers(const TextFacts& facts,
                                      const std::function<std::string(int64_t)>& location) {
  if (10 * facts.dressed_numbers < 9 * facts.present) return "";
  return fmt::format(
      "is read as text, though \"{}\" ({}) looks like a number; write numbers as "
      "1234.5, without signs of currency, percent or thousands",
      shortened(facts.first), location(facts.first_row));
}

Column infer_text_column(const TextTable& table, int64_t index, int64_t first_text,
                         Dictionary dictionary) {
  const TextFacts facts = facts_of(table.names[index], dictionary, first_text);
  if (facts.date_format) {
    Column column = date_column(table, index, dictionary, *facts.date_format);
    column.remark = remark_on_ambiguity(column.date_format, dictionary);
    return column;
  }
  TextMeaning meaning = meaning_of(facts, [&](int64_t row) { return table.location(row); });
  Column column = text_column(table, index, meaning.kind, std::move(dictionary));
  column.remark = std::move(meaning.remark);
  return column;
}

Column infer_column(const TextTable& table, int64_t index, NumberScan& scan) {
  if (!scan.found_numbers()) return empty_column(table, index);
  Column column = number_column(table, index, scan);
  const auto identifier = explain_number_identifier(
      table, index, column.num_rows(), [&] { return all_whole_and_different(column.numbers); },
      [&] { return counts_rows(column.numbers); });
  if (!identifier) return column;
  column = text_column(table, index, ColumnKind::identifier, make_dictionary(table, index));
  column.remark = *identifier;
  return column;
}

}  // namespace

TextFacts facts_of(const std::string& name, const Dictionary& dictionary, int64_t first_text_row) {
  TextFacts facts{.name = name,
                  .date_format = detect_date_format(dictionary.texts),
                  .present = dictionary.num_present,
                  .different = static_cast<int64_t>(dictionary.texts.size()),
                  .first_text_row = first_text_row,
                  .first = "",
                  .first_text = ""};
  if (facts.date_format || dictionary.texts.empty()) return facts;
  const auto first = std::min_element(dictionary.first_rows.begin(), dictionary.first_rows.end());
  facts.first_row = *first;
  facts.first = dictionary.texts[first - dictionary.first_rows.begin()];
  for (size_t i = 0; i < dictionary.texts.size(); ++i) {
    const std::string_view text = dictionary.texts[i];
    facts.letters += static_cast<int64_t>(text.size());
    if (parse_number(text)) facts.numbers += dictionary.counts[i];
    if (is_dressed_number(text)) facts.dressed_numbers += dictionary.counts[i];
    if (dictionary.first_rows[i] == first_text_row) facts.first_text = text;
  }
  facts.opposites =
      facts.different == 2 && is_boolean_pair(dictionary.texts[0], dictionary.texts[1]);
  return facts;
}

TextMeaning meaning_of(const TextFacts& facts,
                       const std::function<std::string(int64_t)>& location) {
  if (facts.opposites) return {ColumnKind::boolean, ""};
  std::string remark = remark_on_numbers(facts, location);
  if (remark.empty()) remark = remark_on_dressed_numbers(facts, location);
  const auto identifier =
      explain_text_identifier(facts.name, facts.present, facts.different, facts.letters);
  if (remark.empty()) remark = identifier.value_or("");
  return {identifier ? ColumnKind::identifier : ColumnKind::category, std::move(remark)};
}

std::string remark_on_ambiguity(const std::string& date_format, const Dictionary& dictionary) {
  const auto exchanged = exchange_day_and_month(date_format);
  if (!exchanged) return "";
  for (const std::string_view text : dictionary.texts)
    if (!parse_date(text, *exchanged)) return "";
  return remark_on_exchange(date_format, *exchanged);
}

std::string remark_on_exchange(const std::string& date_format, const std::string& exchanged) {
  return fmt::format("read as {}, but {} fits as well", date_format, exchanged);
}

void fail_no_date(const std::string& place, std::string_view cell,
                  const std::string& expected_format) {
  throw Error(
      ErrorCode::data,
      fmt::format("{}: expected a date{}, found \"{}\". One format must fit the whole column.",
                  place, expected_format.empty() ? "" : " like " + expected_format,
                  shortened(cell)));
}

void fail_boolean(const Dictionary& dictionary,
                  const std::function<std::string(int64_t row)>& place) {
  std::vector<std::pair<int64_t, std::string_view>> firsts;
  for (size_t i = 0; i < dictionary.texts.size(); ++i)
    firsts.emplace_back(dictionary.first_rows[i], dictionary.texts[i]);
  std::sort(firsts.begin(), firsts.end());
  throw Error(ErrorCode::data,
              fmt::format("{}: expected one of two values (\"{}\" or \"{}\"), found \"{}\".",
                          place(firsts[2].first), shortened(firsts[0].second),
                          shortened(firsts[1].second), shortened(firsts[2].second)));
}

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
  std::vector<int64_t> texts;
  for (int64_t i = 0; i < table.num_columns(); ++i) {
    if (scans[i].failed() && !options.kinds.contains(table.names[i])) texts.push_back(i);
  }
  std::vector<Dictionary> dictionaries = make_dictionaries(table, texts);
  auto dictionary = dictionaries.begin();
  std::vector<Column> columns;
  for (int64_t i = 0; i < table.num_columns(); ++i) {
    const std::string& name = table.names[i];
    const auto kind = options.kinds.find(name);
    const auto format = options.date_formats.find(name);
    if (kind == options.kinds.end() && scans[i].failed())
      columns.push_back(
          infer_text_column(table, i, scans[i].first_text(), std::move(*dictionary++)));
    else if (kind == options.kinds.end())
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
