#include "data/row_chunks.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/csv.h"
#include "data/dialect.h"
#include "data/table_reader.h"
#include "data/text_check.h"

namespace sinapse {

namespace {

constexpr int64_t kFirstRows = 1001;  // more than detection looks at
constexpr size_t kMaxRowBytes = size_t{1} << 26;
constexpr int64_t kMaxRows = std::numeric_limits<int32_t>::max();

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Behind the quote that closes the cell whose text begins at `position`; npos if the text ends
// before that is certain.
size_t behind_closing_quote(std::string_view text, size_t position) {
  for (;;) {
    position = text.find('"', position);
    if (position == text.npos || position + 1 == text.size()) return text.npos;
    if (text[position + 1] != '"') return position + 1;
    position += 2;
  }
}

size_t end_of_quoted_rows(std::string_view text, char delimiter) {
  size_t end = 0;
  bool cell_begins = true;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == delimiter) {
      cell_begins = true;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 == text.size()) break;  // LF may follow
      if (c == '\r' && text[i + 1] == '\n') ++i;
      end = i + 1;
      cell_begins = true;
    } else if (c == '"' && cell_begins) {
      i = behind_closing_quote(text, i + 1);
      if (i == text.npos) break;
      cell_begins = false;
      --i;
    } else if (!is_blank(c)) {
      cell_begins = false;
    }
  }
  return end;
}

size_t end_of_plain_rows(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);  // LF may follow
  const size_t last = text.find_last_of("\r\n");
  return last == text.npos ? 0 : last + 1;
}

int64_t count_lines(std::string_view text) {
  if (text.find('\r') == text.npos) return std::count(text.begin(), text.end(), '\n');
  return line_at(text, text.size()) - 1;
}

// In quotes, so that an empty cell is no blank line.
std::string row_text(const TextTable& table, size_t row) {
  const size_t columns = table.names.size();
  std::string text;
  for (size_t i = row * columns; i < (row + 1) * columns; ++i) {
    text += '"';
    for (const char c : table.text_of(table.cells[i])) text.append(c == '"' ? 2 : 1, c);
    text += '"';
    text += i + 1 < (row + 1) * columns ? table.delimiter : '\n';
  }
  return text;
}

}  // namespace

size_t end_of_rows(std::string_view text, char delimiter) {
  const bool quotes = text.find('"') != text.npos;
  const size_t end = quotes ? end_of_quoted_rows(text, delimiter) : end_of_plain_rows(text);
  const size_t last = text.substr(0, end).find_last_not_of(" \t\r\n");
  if (last == text.npos) return 0;
  const size_t line_end = text.find_first_of("\r\n", last);
  return line_end + (text.substr(line_end).starts_with("\r\n") ? 2 : 1);
}

RowChunks::RowChunks(const std::string& path, const ReadOptions& options, size_t part_bytes)
    : path_(path), options_(options), part_bytes_(part_bytes), stream_(open_file(path)) {}

const TextTable* RowChunks::next() {
  first_row_ = next_row_;
  if (!started_) {
    read_first();
  } else {
    do {
      if (at_end_ && pending_.empty()) return nullptr;
      read_more();
    } while (table_.num_rows() == 0);
  }
  next_row_ += table_.num_rows();
  if (next_row_ > kMaxRows) {
    throw Error(ErrorCode::data,
                fmt::format("{}: more than {} rows. Split the file.", path_, kMaxRows));
  }
  return &table_;
}

void RowChunks::read_first() {
  started_ = true;
  for (size_t size = 2 * part_bytes_;; size *= 2) {  // detection looks at 1 MB
    fill(size);
    if (!options_.delimiter) {
      options_.delimiter = delimiter_of(without_byte_order_mark(pending_), path_, options_);
    }
    const size_t end = at_end_ ? pending_.size() : end_of_rows(pending_, *options_.delimiter);
    if (end == 0 && !at_end_) continue;
    std::string rows = pending_.substr(0, end);
    const size_t start = check_text(rows, path_);
    table_ = parse_csv(std::move(rows), path_, start, options_);
    if (at_end_ || table_.num_rows() >= kFirstRows) break;
  }
  require_usable(table_);
  options_.header = table_.has_header;
  first_line_ = table_.cells.empty() ? 1 : table_.line(table_.cells[0].begin);
  const size_t num_rows = table_.cells.size() / std::max<size_t>(table_.names.size(), 1);
  for (size_t row = 0; row < std::min<size_t>(num_rows, 2); ++row) {
    first_rows_ += row_text(table_, row);
  }
  take_rows(table_.text.size());
}

void RowChunks::read_more() {
  size_t end = 0;
  for (size_t size = part_bytes_; end == 0; size *= 2) {
    fill(size);
    end = at_end_ ? pending_.size() : end_of_rows(pending_, table_.delimiter);
  }
  const int64_t lines_before = lines_;
  const uint64_t bytes_before = bytes_;
  const std::string rows = take_rows(end);
  check_more_text(rows, path_, lines_before, bytes_before);
  const std::vector<std::string> names = std::move(table_.names);
  table_.text = first_rows_ + rows;
  table_.part = {first_rows_.size(), first_line_, lines_before};
  table_.cells.clear();
  split_cells(table_, 0);
  table_.names = names;
  table_.num_header_cells = 2 * names.size();
  if (table_.has_header) reject_repeated_header(table_);
}

void RowChunks::fill(size_t size) {
  if (at_end_ || pending_.size() >= size) return;
  if (size > kMaxRowBytes) {
    throw Error(ErrorCode::data,
                fmt::format("{}:{}: a row of more than {} bytes begins here; is a quote missing?",
                            path_, lines_ + 1, kMaxRowBytes));
  }
  const size_t start = pending_.size();
  pending_.resize(size);
  const auto free = std::as_writable_bytes(std::span(pending_)).subspan(start);
  const size_t got = stream_->read(free);
  at_end_ = got < free.size();
  pending_.resize(start + got);
}

std::string RowChunks::take_rows(size_t size) {
  std::string rows = pending_.substr(0, size);
  pending_.erase(0, size);
  lines_ += count_lines(rows);
  bytes_ += size;
  return rows;
}

}  // namespace sinapse
