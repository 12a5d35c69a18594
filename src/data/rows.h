// Some of the rows of a table, however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

namespace sinapse {

/// Row numbers: a list, or where they are very many, in rising order, as from first to last without
/// a gap, or with a bit for each row up to the last of them. Copies share what was added before.
class Rows {
 public:
  /// Rows that are added one after another are a list as long as there are no more.
  static constexpr int64_t kMostListed = int64_t{1} << 20;

  Rows() = default;
  /// A list, however long, in any order.
  Rows(std::vector<int64_t> list);  // NOLINT: a list of rows is some rows
  Rows(std::initializer_list<int64_t> list) : Rows(std::vector<int64_t>(list)) {}
  /// 0, 1, ... count - 1.
  static Rows all(int64_t count);

  /// Adds a row; one larger than all before, if there are more than `most_listed`.
  void push_back(int64_t row, int64_t most_listed = kMostListed);

  size_t size() const { return static_cast<size_t>(size_); }
  bool empty() const { return size_ == 0; }
  /// In a few steps even of very many rows.
  int64_t operator[](size_t place) const;
  /// The place of a row that is one of them, or where it would stand. Not for lists in any order.
  int64_t place_of(int64_t row) const;
  bool contains(int64_t row) const;

  operator std::vector<int64_t>() const { return {begin(), end()}; }  // NOLINT: and the way back

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = int64_t;
    using difference_type = int64_t;
    using pointer = const int64_t*;
    using reference = int64_t;

    Iterator() = default;
    Iterator(const Rows& rows, int64_t at) : rows_(&rows), at_(at) {}
    int64_t operator*() const {
      return rows_->marks_ ? at_ : rows_->is_range_ ? rows_->first_ + at_ : rows_->list_[at_];
    }
    Iterator& operator++() {
      at_ = rows_->marks_ ? rows_->next_marked(at_ + 1) : at_ + 1;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const Rows* rows_ = nullptr;
    int64_t at_ = 0;  // place, or of marks the row
  };
  using const_iterator = Iterator;
  using value_type = int64_t;
  Iterator begin() const { return {*this, marks_ ? next_marked(0) : 0}; }
  Iterator end() const { return {*this, marks_ ? marks_->num_bits() : size_}; }

  /// The same rows, however they are kept.
  friend bool operator==(const Rows& a, const Rows& b);

 private:
  static constexpr int64_t kWordBits = 64, kBlockWords = 16;

  struct Marks {
    std::vector<uint64_t> words;        // a bit for each row
    std::vector<int64_t> before_block;  // marks before each block of 1024 rows

    int64_t num_bits() const { return static_cast<int64_t>(words.size()) * kWordBits; }
    void add(int64_t row, int64_t rows_before);
  };

  int64_t next_marked(int64_t row) const;
  bool extends_range(int64_t row) const;
  void mark_all_before();

  int64_t size_ = 0;
  std::vector<int64_t> list_;
  bool is_range_ = false;
  int64_t first_ = 0;  // of a range
  std::shared_ptr<Marks> marks_;
};

/// The rows of both, in rising order.
Rows merged(const Rows& a, const Rows& b);

}  // namespace sinapse
