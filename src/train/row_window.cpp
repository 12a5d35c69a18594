#include "train/row_window.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace sinapse {

namespace {

constexpr int64_t kPieceNumbers = int64_t{1} << 18;  // 1 MB is read at once

// Whole batches of `count` rows, so that none stands in two pieces.
int64_t rows_of_piece(const RowSource& source, int64_t count) {
  const int64_t rows = kPieceNumbers / std::max<int64_t>(source.num_columns(), 1);
  return std::max<int64_t>(rows / count, 1) * count;
}

std::span<const int64_t> part_of(std::span<const int64_t> list, int64_t begin, int64_t count) {
  return list.subspan(begin, std::min<int64_t>(count, static_cast<int64_t>(list.size()) - begin));
}

}  // namespace

const float* RowWindow::take(std::span<const int64_t> list, int64_t begin, int64_t count) {
  if (source_ == nullptr) return nullptr;
  const std::span<const int64_t> wanted = list.subspan(begin, count);
  if (const float* found = find(wanted, begin)) return found;
  const int64_t rows = rows_of_piece(*source_, count);
  before_ = std::exchange(piece_, {});
  if (next_.valid()) piece_ = next_.get();
  if (find(wanted, begin) == nullptr) {
    read_ahead(list, begin, rows);
    piece_ = next_.get();
  }
  const int64_t end = begin + static_cast<int64_t>(piece_.rows.size());
  if (end < static_cast<int64_t>(list.size())) read_ahead(list, end, rows);
  return find(wanted, begin);
}

const float* RowWindow::find(std::span<const int64_t> rows, int64_t begin) const {
  const int64_t first = begin - piece_.begin;
  const auto end = first + static_cast<int64_t>(rows.size());
  if (first < 0 || end > static_cast<int64_t>(piece_.rows.size())) return nullptr;
  if (!std::equal(rows.begin(), rows.end(), piece_.rows.begin() + first)) return nullptr;
  return piece_.numbers.data() + first * source_->num_columns();
}

// Where no further thread can be had, reading waits until the rows are needed.
void RowWindow::read_ahead(std::span<const int64_t> list, int64_t begin, int64_t count) {
  const std::span<const int64_t> part = part_of(list, begin, count);
  const auto read = [source = source_, begin,
                     rows = std::vector<int64_t>(part.begin(), part.end())] {
    Piece piece{begin, rows, std::vector<float>(rows.size() * source->num_columns())};
    source->read(rows, piece.numbers.data());
    return piece;
  };
  try {
    next_ = std::async(std::launch::async, read);
  } catch (const std::system_error&) {
    next_ = std::async(std::launch::deferred, read);
  }
}

}  // namespace sinapse
