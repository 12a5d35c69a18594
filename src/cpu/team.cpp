#include <sinapse/team.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <sched.h>

namespace sinapse {

namespace {

// About 50 microseconds: longer than the gap between two stages of a step, shorter than anybody
// would call busy.
constexpr int kSpins = 2000;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

int available_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

struct Team::State {
  std::vector<std::thread> threads;
  const std::function<void(int64_t, int)>* work = nullptr;
  int64_t num_items = 0;
  bool stop = false;
  std::exception_ptr error;
  std::mutex error_mutex;

  alignas(64) std::atomic<uint32_t> job{0};       // counts jobs; threads wait for it to change
  alignas(64) std::atomic<int64_t> next_item{0};
  alignas(64) std::atomic<int> num_working{0};    // threads that may still touch this job
  alignas(64) std::atomic<int> num_sleeping{0};

  void take_items(int thread) {
    for (;;) {
      const int64_t item = next_item.fetch_add(1, std::memory_order_relaxed);
      if (item >= num_items) return;
      try {
        (*work)(item, thread);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
      }
    }
  }

  void wait_for_job(uint32_t seen) {
    for (int spin = 0; spin < kSpins; ++spin) {
      if (job.load(std::memory_order_acquire) != seen) return;
      pause();
    }
    num_sleeping.fetch_add(1);
    job.wait(seen);
    num_sleeping.fetch_sub(1);
  }

  void live(int thread) {
    for (uint32_t seen = 0;; ++seen) {
      wait_for_job(seen);
      if (stop) return;
      take_items(thread);
      num_working.fetch_sub(1, std::memory_order_release);
    }
  }

  void announce() {
    job.fetch_add(1);
    if (num_sleeping.load() > 0) job.notify_all();
  }
};

Team::Team(int num_threads) : state_(std::make_unique<State>()) {
  if (num_threads <= 0) num_threads = available_processors();
  for (int thread = 1; thread < num_threads; ++thread) {
    state_->threads.emplace_back([state = state_.get(), thread] { state->live(thread); });
  }
}

Team::~Team() {
  state_->stop = true;
  state_->announce();
  for (std::thread& thread : state_->threads) thread.join();
}

int Team::num_threads() const { return static_cast<int>(state_->threads.size()) + 1; }

void Team::run(int64_t num_items, const std::function<void(int64_t, int)>& work) {
  State& state = *state_;
  if (state.threads.empty() || num_items <= 1) {
    for (int64_t item = 0; item < num_items; ++item) work(item, 0);
    return;
  }
  state.work = &work;
  state.num_items = num_items;
  state.error = nullptr;
  state.next_item.store(0, std::memory_order_relaxed);
  state.num_working.store(static_cast<int>(state.threads.size()), std::memory_order_relaxed);
  state.announce();
  state.take_items(0);
  for (int spin = 0; state.num_working.load(std::memory_order_acquire) > 0; ++spin) {
    if (spin < 100 * kSpins) {
      pause();
    } else {
      std::this_thread::yield();  // somebody else has the processor: let the team get it back
    }
  }
  if (state.error) std::rethrow_exception(state.error);
}

}  // namespace sinapse
