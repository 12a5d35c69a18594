// A team of threads that works through the items of one job at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace sinapse {

/// The caller is thread 0 of the team; the others spin briefly for the next job, then sleep.
/// One job at a time, started by one thread at a time.
class Team {
 public:
  /// num_threads >= 1; 0 takes one for each processor that this process may use. If the system
  /// gives fewer threads, the team is smaller.
  explicit Team(int num_threads = 0);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int num_threads() const;

  /// Calls work(item, thread) once for each item in [0, num_items), in any order and on any
  /// threads, and returns when all are done. An exception of `work` is rethrown here.
  void run(int64_t num_items, const std::function<void(int64_t item, int thread)>& work);

  /// From now on threads that wait for items call `piece` until it returns false: short pieces of
  /// work that nobody waits for, on all of them at once. It must not throw, nor start a job. It
  /// takes the place of the one before, in which no thread is any longer when this returns; an
  /// empty one ends that. For the thread that starts the jobs, between two of them.
  void in_spare_time(std::function<bool()> piece);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sinapse
