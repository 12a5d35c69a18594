// Some of the rows of a table.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace sinapse {

/// Row numbers in rising order, as a list or, a byte for each row of the table, as marks; both must
/// outlive the set.
class RowSet {
 public:
  RowSet() = default;
  RowSet(std::span<const int64_t> rows)  // NOLINT: a list of rows is a set
      : list_(rows), size_(static_cast<int64_t>(rows.size())) {}
  RowSet(const std::vector<int64_t>& rows) : RowSet(std::span(rows)) {}  // NOLINT

  /// The rows with that mark.
  RowSet(std::span<const uint8_t> marks, uint8_t mark)
      : marks_(marks), mark_(mark), size_(std::count(marks.begin(), marks.end(), mark)) {}

  int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  class Iterator {
   public:
    using value_type = int64_t;
    using difference_type = int64_t;
    Iterator(const RowSet& set, int64_t place) : set_(&set), place_(place) { skip(); }
    int64_t operator*() const { return set_->list_.empty() ? place_ : set_->list_[place_]; }
    Iterator& operator++() {
      ++place_;
      skip();
      return *this;
    }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    void skip() {
      const auto end = static_cast<int64_t>(set_->marks_.size());
      while (place_ < end && set_->marks_[place_] != set_->mark_) ++place_;
    }

    const RowSet* set_;
    int64_t place_;  // in the list, or among the marks
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const {
    return {*this, static_cast<int64_t>(marks_.empty() ? list_.size() : marks_.size())};
  }

 private:
  std::span<const int64_t> list_;
  std::span<const uint8_t> marks_;
  uint8_t mark_ = 0;
  int64_t size_ = 0;
};

}  // namespace sinapse
