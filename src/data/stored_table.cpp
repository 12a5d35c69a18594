#include "data/stored_table.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/columns.h"
#include "data/date.h"
#include "data/dictionary.h"
#include "data/identifier.h"
#include "data/large_texts.h"
#include "data/stored_columns.h"
#include "data/stored_scan.h"
#include "data/stored_text.h"

namespace sinapse {

namespace {

Column named(const StoredText& text, int64_t index, ColumnKind kind) {
  Column column;
  column.name = text.head().names[index];
  column.kind = kind;
  return column;
}

/// Reads columns of a file whose cells stay on disk.
class StoredReader {
 public:
  explicit StoredReader(std::shared_ptr<const StoredText> text)
      : text_(std::move(text)),
        text_limit_(std::max<size_t>(text_->options().memory / 4, size_t{1} << 16)) {}

  std::vector<Column> read_all(const ReadOptions& options, StoredText& text);
  Column read_one(int64_t index, ColumnKind kind);

 private:
  Column finish_number(const NumberColumn& scanned, int64_t slot, int64_t index, bool infer);
  void read_texts(std::vector<TextsOfColumn> texts, std::vector<Column>& columns);
  Column finish_texts(const TextsOfColumn& texts, int64_t slot);
  Column finish_dates(const TextsOfColumn& texts, int64_t slot, const Dictionary& dictionary,
                      std::vector<int32_t> codes, std::string format);
  /// Without cells if the column turns out to need all of its texts.
  Column finish_large(const TextsOfColumn& texts, const LargeTexts& facts);
  Column read_dates(int64_t index, const std::string& format, bool inferred);
  Column blank(int64_t index) const;
  [[noreturn]] void fail_date(int64_t index, const std::string& format) const;
  std::string place(int64_t row, int64_t index) const {
    return fmt::format("{}: column \"{}\"", text_->location(row), text_->head().names[index]);
  }
  auto location() const {
    return [this](int64_t row) { return text_->location(row); };
  }

  std::shared_ptr<const StoredText> text_;
  size_t text_limit_;  // bytes
  std::shared_ptr<BlockFile<double>> numbers_;
  std::shared_ptr<BlockFile<int32_t>> codes_;
  int64_t num_rows_ = 0;
};

std::vector<Column> StoredReader::read_all(const ReadOptions& options, StoredText& text) {
  std::vector<NumberColumn> scans;
  text.visit([&](const TextTable& part, int64_t first_row) {
    if (!numbers_) {
      text.learn(part);
      numbers_ = std::make_shared<BlockFile<double>>(part.num_columns());
      for (int64_t i = 0; i < part.num_columns(); ++i) scans.emplace_back(part, i);
    }
    numbers_->begin_block(part.num_rows());
    for (size_t i = 0; i < scans.size(); ++i)
      scans[i].add(part, first_row, *numbers_, static_cast<int64_t>(i));
    num_rows_ += part.num_rows();
  });
  std::vector<Column> columns(scans.size());
  std::vector<TextsOfColumn> texts;
  for (int64_t i = 0; i < static_cast<int64_t>(scans.size()); ++i) {
    const std::string& name = text.head().names[i];
    const auto kind = options.kinds.find(name);
    const auto format = options.date_formats.find(name);
    const bool infer = kind == options.kinds.end();
    if (infer ? !scans[i].failed() : kind->second == ColumnKind::number)
      columns[i] = finish_number(scans[i], i, i, infer);
    else if (!infer && kind->second == ColumnKind::empty)
      columns[i] = blank(i);
    else
      texts.push_back({.index = i,
                       .kind = infer ? std::nullopt : std::optional(kind->second),
                       .date_format = format == options.date_formats.end() ? "" : format->second,
                       .first_text = scans[i].first_text()});
  }
  read_texts(std::move(texts), columns);
  return columns;
}

Column StoredReader::read_one(int64_t index, ColumnKind kind) {
  if (kind != ColumnKind::number) {
    std::vector<Column> columns(index + 1);
    std::vector<TextsOfColumn> texts(1);
    texts[0].index = index;
    texts[0].kind = kind;
    read_texts(std::move(texts), columns);
    return columns[index];
  }
  std::optional<NumberColumn> scan;
  numbers_ = std::make_shared<BlockFile<double>>(1);
  text_->visit([&](const TextTable& part, int64_t first_row) {
    if (!scan) scan.emplace(part, index);
    numbers_->begin_block(part.num_rows());
    scan->add(part, first_row, *numbers_, 0);
  });
  return finish_number(*scan, 0, index, false);
}

Column StoredReader::blank(int64_t index) const {
  Column column = named(*text_, index, ColumnKind::empty);
  column.stored = std::make_shared<StoredBlanks>(num_rows_);
  column.remark = "has no values";
  return column;
}

Column StoredReader::finish_number(const NumberColumn& scanned, int64_t slot, int64_t index,
                                   bool infer) {
  if (infer && !scanned.found_numbers()) return blank(index);
  scanned.require_numbers();
  Column column = named(*text_, index, ColumnKind::number);
  column.stored = std::make_shared<StoredNumbers>(numbers_, slot);
  if (!infer) return column;
  const auto identifier = explain_number_identifier(
      text_->head(), index, num_rows_,
      [&] { return scanned.facts().all_whole_and_different(*numbers_, slot, text_limit_); },
      [&] { return scanned.facts().counts_rows(); });
  if (!identifier) return column;
  column.kind = ColumnKind::identifier;
  column.remark = *identifier;
  column.stored = std::make_shared<StoredLater>(text_, column.name, num_rows_);
  return column;
}

// In one more pass; columns with very many texts take up to two others.
void StoredReader::read_texts(std::vector<TextsOfColumn> texts, std::vector<Column>& columns) {
  if (texts.empty()) return;
  codes_ = std::make_shared<BlockFile<int32_t>>(static_cast<int64_t>(texts.size()));
  num_rows_ = 0;
  text_->visit([&](const TextTable& part, int64_t first_row) {
    codes_->begin_block(part.num_rows());
    for (size_t slot = 0; slot < texts.size(); ++slot) {
      if (texts[slot].large) continue;
      codes_->write(static_cast<int64_t>(slot),
                    texts[slot].dictionary.add(part, texts[slot].index, first_row));
    }
    limit_texts(texts, text_limit_);
    num_rows_ += part.num_rows();
  });
  std::vector<LargeTexts> facts;
  for (const TextsOfColumn& column : texts)
    if (column.large)
      facts.emplace_back(text_->head().names[column.index], column.index, column.first_text);
  if (!facts.empty()) {
    text_->visit([&](const TextTable& part, int64_t first_row) {
      for (LargeTexts& column : facts) column.add(part, first_row);
    });
  }
  size_t next_large = 0;
  std::vector<TextsOfColumn> again;  // categories after all: their texts are needed
  std::vector<std::string> remarks;
  for (size_t slot = 0; slot < texts.size(); ++slot) {
    Column& column = columns[texts[slot].index];
    column = texts[slot].large ? finish_large(texts[slot], facts[next_large++])
                               : finish_texts(texts[slot], static_cast<int64_t>(slot));
    if (column.stored) continue;
    again.emplace_back().index = texts[slot].index;
    again.back().kind = column.kind;
    remarks.push_back(std::move(column.remark));
  }
  std::vector<int64_t> indices;
  for (const TextsOfColumn& column : again) indices.push_back(column.index);
  StoredReader(text_).read_texts(std::move(again), columns);
  for (size_t i = 0; i < indices.size(); ++i) columns[indices[i]].remark = remarks[i];
}

Column StoredReader::finish_texts(const TextsOfColumn& texts, int64_t slot) {
  Column column = named(*text_, texts.index, texts.kind.value_or(ColumnKind::category));
  std::vector<int32_t> codes;
  const Dictionary dictionary = texts.dictionary.sorted(codes);
  if (!texts.kind) {
    const TextFacts facts = facts_of(column.name, dictionary, texts.first_text);
    if (facts.date_format)
      return finish_dates(texts, slot, dictionary, std::move(codes), *facts.date_format);
    TextMeaning meaning = meaning_of(facts, location());
    column.kind = meaning.kind;
    column.remark = std::move(meaning.remark);
  } else if (texts.kind == ColumnKind::date) {
    return finish_dates(texts, slot, dictionary, std::move(codes), texts.date_format);
  } else if (texts.kind == ColumnKind::boolean && dictionary.texts.size() > 2) {
    fail_boolean(dictionary, [&](int64_t row) { return place(row, texts.index); });
  }
  column.categories.assign(dictionary.texts.begin(), dictionary.texts.end());
  column.stored = std::make_shared<StoredCodes>(codes_, slot, std::move(codes));
  return column;
}

Column StoredReader::finish_dates(const TextsOfColumn& texts, int64_t slot,
                                  const Dictionary& dictionary, std::vector<int32_t> codes,
                                  std::string format) {
  Column column = named(*text_, texts.index, ColumnKind::date);
  if (format.empty()) format = detect_date_format(dictionary.texts).value_or("");
  std::vector<double> seconds;
  for (const std::string_view text : dictionary.texts) {
    const auto parsed = parse_date(text, format);
    if (!parsed) fail_date(texts.index, format);
    seconds.push_back(*parsed);
  }
  column.date_format = std::move(format);
  if (!texts.kind) column.remark = remark_on_ambiguity(column.date_format, dictionary);
  column.stored = std::make_shared<StoredCodes>(codes_, slot, std::move(codes), std::move(seconds));
  return column;
}

Column StoredReader::finish_large(const TextsOfColumn& texts, const LargeTexts& large) {
  if (texts.kind && !texts.date_format.empty())
    return read_dates(texts.index, texts.date_format, false);
  if (texts.kind == ColumnKind::identifier) {
    Column column = named(*text_, texts.index, *texts.kind);
    column.stored = std::make_shared<StoredLater>(text_, column.name, num_rows_);
    return column;
  }
  const TextFacts facts = large.facts(text_limit_);
  if (facts.date_format) return read_dates(texts.index, *facts.date_format, !texts.kind);
  if (texts.kind) fail_date(texts.index, "");
  TextMeaning meaning = meaning_of(facts, location());
  Column column = named(*text_, texts.index, meaning.kind);
  column.remark = std::move(meaning.remark);
  if (meaning.kind == ColumnKind::identifier)
    column.stored = std::make_shared<StoredLater>(text_, column.name, num_rows_);
  return column;
}

Column StoredReader::read_dates(int64_t index, const std::string& format, bool inferred) {
  Column column = named(*text_, index, ColumnKind::date);
  column.date_format = format;
  const auto exchanged = exchange_day_and_month(format);
  bool ambiguous = inferred && exchanged.has_value();
  const auto file = std::make_shared<BlockFile<double>>(1);
  std::vector<double> seconds;
  text_->visit([&](const TextTable& part, int64_t) {
    seconds.assign(part.num_rows(), std::nan(""));
    for (int64_t row = 0; row < part.num_rows(); ++row) {
      const CellPosition cell = part.position(row, index);
      if (part.is_missing(cell)) continue;
      const auto parsed = parse_date(part.text_of(cell), format);
      if (!parsed) fail_date(index, format);
      seconds[row] = *parsed;
      if (ambiguous && !parse_date(part.text_of(cell), *exchanged)) ambiguous = false;
    }
    file->begin_block(part.num_rows());
    file->write(0, seconds);
  });
  if (ambiguous) column.remark = remark_on_exchange(format, *exchanged);
  column.stored = std::make_shared<StoredNumbers>(file, 0);
  return column;
}

// The first cell that is no date, or not of the format of the first.
void StoredReader::fail_date(int64_t index, const std::string& format) const {
  std::string expected = format;
  text_->visit([&](const TextTable& part, int64_t) {
    for (int64_t row = 0; row < part.num_rows(); ++row) {
      const CellPosition cell = part.position(row, index);
      if (part.is_missing(cell)) continue;
      const std::string_view text = part.text_of(cell);
      if (expected.empty()) expected = detect_date_format({text}).value_or("");
      if (expected.empty() || !parse_date(text, expected))
        fail_no_date(part.location(row, index), text, expected);
    }
  });
  throw Error(ErrorCode::data, fmt::format("{}: column \"{}\" has no dates.", text_->source(),
                                           text_->head().names[index]));
}

}  // namespace

Column StoredText::read(const std::string& name, ColumnKind kind) const {
  return StoredReader(shared_from_this()).read_one(head_.column_named(name), kind);
}

Table read_stored_table(const std::string& path, const ReadOptions& options, size_t part_bytes) {
  const auto text = std::make_shared<StoredText>(path, options, part_bytes);
  std::vector<Column> columns = StoredReader(text).read_all(options, *text);
  return {std::move(columns), text, path};
}

}  // namespace sinapse
