// Sorting of more values than memory takes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "data/spill_file.h"

namespace sinapse {

/// Values that are gone through in rising order by `<`: parts of them are sorted in memory, kept on
/// disk and merged (external merge sort; Knuth 1973). T is plain data.
template <class T>
class SortedList {
 public:
  explicit SortedList(size_t most_in_memory = size_t{1} << 17) : most_in_memory_(most_in_memory) {}

  void add(const T& value) {
    if (part_.size() == most_in_memory_) store();
    part_.push_back(value);
  }

  /// Calls take(value) for all of them. Once, in the end.
  template <class Take>
  void visit(Take&& take) {
    std::sort(part_.begin(), part_.end());
    if (runs_.empty()) {
      for (const T& value : part_) take(value);
      return;
    }
    store();
    part_ = std::vector<T>();  // "= {}" would keep the memory
    merge(take);
  }

 private:
  /// A sorted part on disk, of which some values are at hand.
  struct Run {
    size_t next, end;  // on disk
    std::vector<T> some;
    size_t at = 0;
  };

  void store() {
    std::sort(part_.begin(), part_.end());
    if (!file_) file_ = std::make_unique<SpillFile>();
    file_->write(num_stored_ * sizeof(T), std::as_bytes(std::span(part_)));
    runs_.push_back({num_stored_, num_stored_ + part_.size(), {}});
    num_stored_ += part_.size();
    part_.clear();
  }

  bool fill(Run& run) {
    const size_t at_once = std::max<size_t>(most_in_memory_ / runs_.size(), 64);
    run.some.resize(std::min(at_once, run.end - run.next));
    run.at = 0;
    file_->read(run.next * sizeof(T), std::as_writable_bytes(std::span(run.some)));
    run.next += run.some.size();
    return !run.some.empty();
  }

  template <class Take>
  void merge(Take&& take) {
    const auto comes_later = [&](size_t a, size_t b) {
      const T &first = runs_[a].some[runs_[a].at], &second = runs_[b].some[runs_[b].at];
      return second < first || (!(first < second) && b < a);
    };
    std::priority_queue<size_t, std::vector<size_t>, decltype(comes_later)> nearest(comes_later);
    for (size_t run = 0; run < runs_.size(); ++run)
      if (fill(runs_[run])) nearest.push(run);
    while (!nearest.empty()) {
      const size_t index = nearest.top();
      nearest.pop();
      Run& run = runs_[index];
      take(std::as_const(run.some[run.at]));
      if (++run.at < run.some.size() || fill(run)) nearest.push(index);
    }
  }

  const size_t most_in_memory_;
  std::vector<T> part_;
  std::vector<Run> runs_;
  size_t num_stored_ = 0;
  std::unique_ptr<SpillFile> file_;  // of the runs
};

}  // namespace sinapse
