#include "data/csv.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/huge_pages.h"
#include "data/special_bytes.h"

namespace sinapse {

namespace {

constexpr size_t kMaxColumns = 1'000'000;
constexpr size_t kMaxRows = std::numeric_limits<int32_t>::max();

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

class Splitter {
 public:
  Splitter(TextTable& table, size_t start)
      : table_(table),
        text_(table.text),
        cells_(table.cells),
        delimiter_(table.delimiter),
        special_(table.text, table.delimiter, start),
        begin_(start) {
    skip_spaces();
  }

  void split() {
    while (begin_ < text_.size()) {
      const size_t position = has_ordinary_ ? split_ordinary() : special_.next();
      if (position < text_.size() && text_[position] == '"') {
        if (opens_cell(position)) split_quoted(position);
        continue;
      }
      add_cell(begin_, position, false);
      end_cell(position);
    }
    if (cells_.size() > row_start_) add_empty_last_cell();
    finish();
  }

 private:
  // The cells up to the next special byte that is no delimiter, whose position is returned. They
  // are put together on the stack, since this is where most of the time is spent.
  size_t split_ordinary() {
    const std::string_view text = text_;
    std::array<CellPosition, 128> cells;
    size_t num_cells = 0, begin = begin_;
    const auto flush = [&] {
      cells_.insert(cells_.end(), cells.begin(), cells.begin() + num_cells);
      num_cells = 0;
    };
    const size_t position = special_.visit_delimiters([&](size_t end) {
      if (num_cells == cells.size()) flush();
      cells[num_cells++] = cell_at(text, begin, end, false);
      begin = end + 1;
    });
    flush();
    begin_ = begin;
    return position;
  }

  bool opens_cell(size_t quote) const {
    return std::all_of(text_.begin() + begin_, text_.begin() + quote, is_blank);
  }

  void add_cell(size_t begin, size_t end, bool quoted) {
    cells_.push_back(cell_at(text_, begin, end, quoted));
  }

  // Without the blanks around it.
  CellPosition cell_at(std::string_view text, size_t begin, size_t end, bool quoted) const {
    while (begin < end && is_blank(text[begin])) ++begin;
    while (end > begin && is_blank(text[end - 1])) --end;
    if (end - begin > CellPosition::kMaxLength) fail_long_cell(begin, end);
    return packed_position(begin, end - begin, quoted);
  }

  [[noreturn]] void fail_long_cell(size_t begin, size_t end) const {
    fail(begin, fmt::format("a cell of {} bytes is longer than the limit of {}; is a quote "
                            "missing?",
                            end - begin, CellPosition::kMaxLength));
  }

  // Reads a quoted cell and moves its text together where quotes were doubled.
  void split_quoted(size_t open) {
    size_t write = open + 1, read = open + 1;
    for (;;) {
      const size_t quote = text_.find('"', read);
      if (quote == std::string::npos)
        fail(open,
             "a quote opens here and is never closed. Close it, or double it (\"\") if it "
             "belongs to the text.");
      if (write != read)
        std::copy(text_.begin() + read, text_.begin() + quote, text_.begin() + write);
      write += quote - read;
      read = quote + 1;
      if (read >= text_.size() || text_[read] != '"') break;
      text_[write++] = '"';
      ++read;
    }
    add_cell(open + 1, write, true);
    // Nothing but these quotes is left behind the moved text, so lines can still be counted.
    std::fill(text_.begin() + write, text_.begin() + read, '"');
    end_quoted(read);
  }

  void end_quoted(size_t end) {
    while (end < text_.size() && is_blank(text_[end]) && text_[end] != delimiter_) ++end;
    const bool ended =
        end >= text_.size() || text_[end] == delimiter_ || text_[end] == '\n' || text_[end] == '\r';
    if (!ended)
      fail(end, fmt::format("cell {} of the line goes on after its closing quote. Double quotes "
                            "that belong to the text (\"\").",
                            cells_.size() - row_start_));
    special_.jump(end + 1);
    end_cell(end);
  }

  // `end` is the position of the delimiter or line end behind the cell just added.
  void end_cell(size_t end) {
    begin_ = end + 1;
    if (delimiter_ == ' ' && end < text_.size() && text_[end] == ' ') {
      skip_spaces();
      if (begin_ < text_.size() && !is_line_end(text_[begin_])) return;
      end = begin_++;
      special_.jump(begin_);
    }
    if (end < text_.size() && text_[end] == delimiter_) return;
    if (end + 1 < text_.size() && text_[end] == '\r' && text_[end + 1] == '\n') {
      ++begin_;
      special_.jump(begin_);
    }
    skip_spaces();
    end_row();
  }

  // Spaces that are delimiters do not stand for empty cells.
  void skip_spaces() {
    if (delimiter_ != ' ') return;
    while (begin_ < text_.size() && text_[begin_] == ' ') ++begin_;
    special_.jump(begin_);
  }

  // The file ends with a delimiter.
  void add_empty_last_cell() {
    add_cell(text_.size(), text_.size(), false);
    end_row();
  }

  void end_row() {
    const size_t count = cells_.size() - row_start_;
    const bool blank = count == 1 && cells_.back().length == 0 && !cells_.back().quoted;
    if (blank && num_columns_ != 1) return cells_.pop_back();
    last_blanks_ = blank ? last_blanks_ + 1 : 0;
    if (count != num_columns_) change_width(count);
    row_start_ = cells_.size();
    ++num_rows_;
    if (num_rows_ == kRowsToGuessFrom) reserve();
    if (num_rows_ > kMaxRows)
      fail(cells_.back().begin, fmt::format("more than {} rows. Split the file.", kMaxRows));
  }

  void change_width(size_t count) {
    if (num_rows_ == 0) {
      if (count > kMaxColumns)
        fail(cells_.front().begin,
             fmt::format("{} columns are more than the limit of {}.", count, kMaxColumns));
      first_width_ = num_columns_ = count;
      return;
    }
    // Line 2 differs from line 1: which of them is wrong shows in the other lines.
    if (num_rows_ > 1 || (count == 1 && first_width_ > 1)) fail_ragged(row_start_, count);
    num_columns_ = count;
    second_row_ = row_start_;
  }

  void reserve() {
    const double share = static_cast<double>(text_.size()) / static_cast<double>(begin_);
    const double cells = 1.1 * share * static_cast<double>(cells_.size());
    reserve_in_huge_pages(cells_, static_cast<size_t>(cells));
  }

  void finish() {
    if (first_width_ != num_columns_) fail_first_line();
    cells_.resize(cells_.size() - last_blanks_);
    table_.names.assign(num_columns_, "");
  }

  [[noreturn]] void fail_ragged(size_t first_cell, size_t count) const {
    if (first_width_ != num_columns_) first_cell = second_row_, count = num_columns_;
    fail(cells_[first_cell].begin,
         fmt::format("expected {} cell{} as in line {}, found {}. {}", first_width_,
                     first_width_ == 1 ? "" : "s", table_.line(cells_.front().begin), count,
                     advice_on_width(first_cell)));
  }

  [[noreturn]] void fail_first_line() const {
    if (num_rows_ == 2) fail_ragged(second_row_, num_columns_);
    fail(cells_.front().begin,
         fmt::format("this line has {} cells, but every other line has {}. {}", first_width_,
                     num_columns_,
                     first_width_ + 1 == num_columns_
                         ? "If it is a title, remove it. Else the name of a column is missing; if "
                           "it is that of row names, put a delimiter or a name at the start of the "
                           "line."
                         : "Remove the line if it is neither a header nor data."));
  }

  std::string advice_on_width(size_t first_cell) const {
    if (first_width_ == 1)
      return fmt::format(
          "If the lines above are a title or comments, remove them: "
          "tail -n +{} FILE > NEW_FILE.",
          table_.line(cells_[first_cell].begin));
    return fmt::format("A cell that holds the delimiter '{}' must stand in double quotes.",
                       shown_delimiter());
  }

  std::string shown_delimiter() const {
    return delimiter_ == '\t' ? "tab" : delimiter_ == ' ' ? "space" : std::string(1, delimiter_);
  }

  [[noreturn]] void fail(size_t position, const std::string& message) const {
    throw Error(ErrorCode::data,
                fmt::format("{}:{}: {}", table_.source, table_.line(position), message));
  }

  static constexpr size_t kRowsToGuessFrom = 100;

  TextTable& table_;
  std::string& text_;
  std::vector<CellPosition>& cells_;
  const char delimiter_;
  const bool has_ordinary_ = delimiter_ != ' ' && delimiter_ != '"';
  SpecialBytes special_;
  size_t begin_;            // of the cell being read
  size_t row_start_ = 0;    // its row's first cell
  size_t num_rows_ = 0;     // complete rows, the header included
  size_t num_columns_ = 0;  // of the last row
  size_t first_width_ = 0;  // columns of the first row
  size_t second_row_ = 0;   // first cell of row 2 if that differs from row 1
  size_t last_blanks_ = 0;  // blank lines at the end so far
};

}  // namespace

void split_cells(TextTable& table, size_t start) {
  Splitter(table, start).split();
}

}  // namespace sinapse
