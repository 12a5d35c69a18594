#include "train/row_window.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace sinapse {

namespace {

constexpr int64_t kPieceNumbers = int64_t{1} << 18;  // 1 MB is read at once

}  // namespace

int64_t rows_read_together(int64_t columns, int64_t batch_size) {
  const int64_t rows = kPieceNumbers / std::max<int64_t>(columns, 1);
  return std::max<int64_t>(rows / batch_size, 1) * batch_size;
}

TakenRows RowWindow::take(const RowList& list, int64_t begin, int64_t count) {
  if (source_ == nullptr && list.is_listed()) return {list.listed(begin, count)};
  if (holds(list, begin, count)) return find(list, begin, count);
  // No batch stands in two pieces.
  const int64_t columns = source_ == nullptr ? 1 : source_->num_columns();
  const int64_t rows =
      list.rows_at_once() > 0 ? list.rows_at_once() : rows_read_together(columns, count);
  before_ = std::exchange(piece_, {});
  if (next_.valid()) piece_ = next_.get();
  if (!holds(list, begin, count)) {
    read_ahead(list, begin, rows);
    piece_ = next_.get();
  }
  const int64_t end = begin + std::ssize(piece_.rows);
  if (end < list.size()) read_ahead(list, end, rows);
  return find(list, begin, count);
}

bool RowWindow::holds(const RowList& list, int64_t begin, int64_t count) const {
  const int64_t first = begin - piece_.begin;
  if (first < 0 || first + count > std::ssize(piece_.rows)) return false;
  if (!list.is_listed()) return piece_.number == list.number();
  const auto wanted = list.listed(begin, count);
  return std::equal(wanted.begin(), wanted.end(), piece_.rows.begin() + first);
}

TakenRows RowWindow::find(const RowList& list, int64_t begin, int64_t count) const {
  const int64_t first = begin - piece_.begin;
  const auto rows = std::span(piece_.rows).subspan(first, count);
  return {list.is_listed() ? list.listed(begin, count) : rows,
          source_ == nullptr ? nullptr : piece_.numbers.data() + first * source_->num_columns()};
}

// What is read ahead must not hang on a list that may be gone by then. Where no further thread can
// be had, reading waits until the rows are needed.
void RowWindow::read_ahead(const RowList& list, int64_t begin, int64_t count) {
  count = std::min(count, list.size() - begin);
  std::vector<int64_t> rows;
  if (list.is_listed()) rows = list.rows(begin, count);
  const auto read = [source = source_, list, begin, count, rows = std::move(rows)] {
    Piece piece{begin, list.number(), rows.empty() ? list.rows(begin, count) : rows, {}};
    if (source == nullptr) return piece;
    piece.numbers.resize(piece.rows.size() * source->num_columns());
    source->read(piece.rows, piece.numbers.data());
    return piece;
  };
  try {
    next_ = std::async(std::launch::async, read);
  } catch (const std::system_error&) {
    next_ = std::async(std::launch::deferred, read);
  }
}

}  // namespace sinapse
