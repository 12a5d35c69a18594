// Rows in some order: listed, or so many that each is told when it is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace sinapse {

/// Row numbers by place. Any number of threads may ask.
class RowList {
 public:
  /// Tells the rows at places begin, begin + 1, ...
  using Tell = std::function<void(int64_t begin, std::span<int64_t> into)>;

  RowList() = default;
  /// A list that must outlive this.
  RowList(std::span<const int64_t> list)  // NOLINT: a list of rows is one
      : size_(std::ssize(list)), list_(list) {}
  RowList(const std::vector<int64_t>& list) : RowList(std::span(list)) {}  // NOLINT
  /// `rows_at_once` are best asked for together; lists of other rows have other numbers.
  RowList(int64_t size, int64_t rows_at_once, int64_t number, Tell tell)
      : size_(size), rows_at_once_(rows_at_once), number_(number), tell_(std::move(tell)) {}

  int64_t size() const { return size_; }
  int64_t rows_at_once() const { return rows_at_once_; }  // 0: any number
  int64_t number() const { return number_; }
  bool is_listed() const { return !tell_; }
  /// Of a list.
  std::span<const int64_t> listed(int64_t begin, int64_t count) const {
    return list_.subspan(begin, count);
  }
  std::vector<int64_t> rows(int64_t begin, int64_t count) const {
    std::vector<int64_t> rows(count);
    if (tell_)
      tell_(begin, rows);
    else
      rows.assign(list_.begin() + begin, list_.begin() + begin + count);
    return rows;
  }

 private:
  int64_t size_ = 0, rows_at_once_ = 0, number_ = 0;
  std::span<const int64_t> list_;
  Tell tell_;
};

}  // namespace sinapse
