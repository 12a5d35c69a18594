#include "data/rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

namespace sinapse {

Rows::Rows(std::vector<int64_t> list)
    : size_(static_cast<int64_t>(list.size())), list_(std::move(list)) {}

Rows Rows::all(int64_t count) {
  Rows rows;
  for (int64_t row = 0; row < count; ++row) rows.push_back(row);
  return rows;
}

void Rows::push_back(int64_t row, int64_t most_listed) {
  if (!marks_ && !is_range_ && size_ < most_listed) {
    list_.push_back(row);
    ++size_;
    return;
  }
  if (!marks_ && extends_range(row)) {
    if (!is_range_) first_ = list_.empty() ? row : list_.front();
    is_range_ = true;
    list_ = std::vector<int64_t>();  // "= {}" would keep the memory
    ++size_;
    return;
  }
  if (!marks_) {
    mark_all_before();
  } else if (marks_.use_count() > 1) {
    marks_ = std::make_shared<Marks>(*marks_);
  }
  marks_->add(row, size_++);
}

bool Rows::extends_range(int64_t row) const {
  if (is_range_ || list_.empty()) return row == first_ + size_ || size_ == 0;
  return row - list_.front() == size_ && list_.back() - list_.front() == size_ - 1 &&
         std::is_sorted(list_.begin(), list_.end());
}

void Rows::mark_all_before() {
  const auto marks = std::make_shared<Marks>();
  int64_t before = 0;
  for (const int64_t row : *this) marks->add(row, before++);
  marks_ = marks;
  list_ = std::vector<int64_t>();  // as above
  is_range_ = false;
}

void Rows::Marks::add(int64_t row, int64_t rows_before) {
  assert(row >= 0);
  assert(words.empty() || row >= num_bits() - kWordBits);
  const auto word = static_cast<size_t>(row / kWordBits);
  while (words.size() <= word) {
    if (words.size() % kBlockWords == 0) before_block.push_back(rows_before);
    words.push_back(0);
  }
  words[word] |= uint64_t{1} << (row % kWordBits);
}

int64_t Rows::operator[](size_t place) const {
  if (is_range_) return first_ + static_cast<int64_t>(place);
  if (!marks_) return list_[place];
  const auto wanted = static_cast<int64_t>(place);
  const std::vector<int64_t>& before = marks_->before_block;
  const auto block = std::upper_bound(before.begin(), before.end(), wanted) - before.begin() - 1;
  int64_t left = wanted - before[block];
  const uint64_t* word = marks_->words.data() + block * kBlockWords;
  for (int64_t marks = 0; left >= (marks = std::popcount(*word)); ++word) left -= marks;
  uint64_t bits = *word;
  for (; left > 0; --left) bits &= bits - 1;
  return (word - marks_->words.data()) * kWordBits + std::countr_zero(bits);
}

int64_t Rows::place_of(int64_t row) const {
  if (is_range_) return std::clamp<int64_t>(row - first_, 0, size_);
  if (!marks_) return std::lower_bound(list_.begin(), list_.end(), row) - list_.begin();
  if (row >= marks_->num_bits()) return size_;
  const int64_t last = row / kWordBits, block = last / kBlockWords;
  const std::vector<uint64_t>& words = marks_->words;
  int64_t place = marks_->before_block[block];
  for (int64_t word = block * kBlockWords; word < last; ++word) place += std::popcount(words[word]);
  const uint64_t below = (uint64_t{1} << (row % kWordBits)) - 1;
  return place + std::popcount(words[last] & below);
}

bool Rows::contains(int64_t row) const {
  if (is_range_) return row >= first_ && row < first_ + size_;
  if (!marks_) return std::binary_search(list_.begin(), list_.end(), row);
  return row < marks_->num_bits() && (marks_->words[row / kWordBits] >> (row % kWordBits) & 1) != 0;
}

int64_t Rows::next_marked(int64_t row) const {
  const std::vector<uint64_t>& words = marks_->words;
  auto word = static_cast<size_t>(row / kWordBits);
  if (word >= words.size()) return marks_->num_bits();
  uint64_t bits = words[word] >> (row % kWordBits) << (row % kWordBits);
  while (bits == 0) {
    if (++word == words.size()) return marks_->num_bits();
    bits = words[word];
  }
  return static_cast<int64_t>(word) * kWordBits + std::countr_zero(bits);
}

bool operator==(const Rows& a, const Rows& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

Rows merged(const Rows& a, const Rows& b) {
  Rows both;
  auto first = a.begin();
  auto second = b.begin();
  while (first != a.end() || second != b.end()) {
    const bool takes_first = second == b.end() || (first != a.end() && *first < *second);
    both.push_back(takes_first ? *first++ : *second++);
  }
  return both;
}

}  // namespace sinapse
