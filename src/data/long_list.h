// A list that takes little memory however long it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "data/spill_file.h"

namespace sinapse {

/// Numbers one behind the other; what would take more memory than kMostInMemory of them stands on
/// disk. Rising places are read quickly. Any number of threads may read a list that is in memory,
/// one a list that is not.
template <class T>
class LongList {
 public:
  static constexpr size_t kMostInMemory = size_t{1} << 18;
  using value_type = T;

  LongList() = default;
  /// In memory, whatever their number.
  LongList(std::vector<T> list) : last_(std::move(list)) { keep_in_memory(); }  // NOLINT: a list
  LongList(std::initializer_list<T> list) : LongList(std::vector<T>(list)) {}

  /// From now on.
  void keep_in_memory() { most_in_memory_ = std::numeric_limits<size_t>::max(); }
  bool is_in_memory() const { return file_ == nullptr; }

  void push_back(T value) {
    last_.push_back(value);
    if (last_.size() < most_in_memory_) return;
    if (!file_) file_ = std::make_shared<SpillFile>();
    file_->write(num_stored_ * sizeof(T), std::as_bytes(std::span(last_)));
    num_stored_ += last_.size();
    last_.clear();
  }

  size_t size() const { return num_stored_ + last_.size(); }
  bool empty() const { return size() == 0; }
  T operator[](size_t place) const {
    if (place >= num_stored_) return last_[place - num_stored_];
    if (place - first_ >= window_.size()) read(place);
    return window_[place - first_];
  }
  /// All of them.
  operator std::vector<T>() const {  // NOLINT: the way back
    std::vector<T> list(size());
    for (size_t i = 0; i < list.size(); ++i) list[i] = (*this)[i];
    return list;
  }

 private:
  void read(size_t place) const {
    constexpr size_t kAtOnce = 4096;
    first_ = place;
    window_.resize(std::min(kAtOnce, num_stored_ - place));
    file_->read(first_ * sizeof(T), std::as_writable_bytes(std::span(window_)));
  }

  size_t most_in_memory_ = kMostInMemory;
  size_t num_stored_ = 0;
  std::shared_ptr<SpillFile> file_;
  std::vector<T> last_;  // behind those on disk
  mutable size_t first_ = 0;
  mutable std::vector<T> window_;  // of those on disk, from `first_` on
};

}  // namespace sinapse
