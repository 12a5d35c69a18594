#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <sinapse/team.h>

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

// An item is claimed by lowering the ticket: its upper half names the job, its lower half counts
// the items that are left. Both change together, so a thread that comes late finds another job or
// no items, whatever is being prepared meanwhile, and nobody has waited for it.
struct Team::State {
  static constexpr int kJobShift = 32;
  static constexpr uint64_t kItemMask = (uint64_t{1} << kJobShift) - 1;

  std::vector<std::thread> threads;
  std::exception_ptr error;
  std::mutex error_mutex;

  // Of the announced job: they may be read only while one of its items is claimed and not done.
  const std::function<void(int64_t, int)>* work = nullptr;
  int64_t num_items = 0;

  alignas(64) std::atomic<uint32_t> job{0};  // counts jobs; threads wait for it to change
  std::atomic<bool> stop{false};
  alignas(64) std::atomic<uint64_t> ticket{0};
  alignas(64) std::atomic<int64_t> num_done{0};
  alignas(64) std::atomic<int> num_sleeping{0};

  // Of the spare time: `piece` may be called by who is counted in and then still finds it there.
  std::function<bool()> piece;
  std::atomic<bool> has_piece{false};
  alignas(64) std::atomic<int> num_in_piece{0};

  void take_items(uint32_t job_number, int thread) {
    uint64_t seen = ticket.load(std::memory_order_acquire);
    for (;;) {
      const auto left = static_cast<int64_t>(seen & kItemMask);
      if (seen >> kJobShift != job_number || left == 0) return;
      if (!ticket.compare_exchange_weak(seen, seen - 1, std::memory_order_acq_rel)) continue;
      do_item(num_items - left, thread);
      seen = ticket.load(std::memory_order_acquire);
    }
  }

  void do_item(int64_t item, int thread) {
    try {
      (*work)(item, thread);
    } catch (...) {
      const std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
    }
    num_done.fetch_add(1, std::memory_order_release);
  }

  bool do_piece() {
    if (!has_piece.load(std::memory_order_relaxed)) return false;
    num_in_piece.fetch_add(1);
    const bool done = has_piece.load() && piece();
    num_in_piece.fetch_sub(1);
    return done;
  }

  void end_spare_time() {
    has_piece.store(false);
    while (num_in_piece.load() > 0) std::this_thread::yield();
  }

  uint32_t wait_for_job(uint32_t seen) {
    bool has_pieces = true;
    for (int spin = 0; spin < kSpins; ++spin) {
      const uint32_t now = job.load(std::memory_order_acquire);
      if (now != seen) return now;
      has_pieces = has_pieces && do_piece();
      if (has_pieces) spin = 0;
      pause();
    }
    num_sleeping.fetch_add(1);
    job.wait(seen);
    num_sleeping.fetch_sub(1);
    return job.load(std::memory_order_acquire);
  }

  void live(int thread) {
    for (uint32_t seen = 0; !stop.load();) {
      seen = wait_for_job(seen);
      take_items(seen, thread);
    }
  }

  // All items of the job before are done, so nobody reads what is written here before the ticket.
  uint32_t announce(int64_t items) {
    const uint32_t number = job.load(std::memory_order_relaxed) + 1;
    num_items = items;
    num_done.store(0, std::memory_order_relaxed);
    ticket.store(uint64_t{number} << kJobShift | static_cast<uint64_t>(items),
                 std::memory_order_release);
    job.store(number);
    if (num_sleeping.load() > 0) job.notify_all();
    return number;
  }

  void wait_until_done() {
    bool has_pieces = true;
    for (int spin = 0; num_done.load(std::memory_order_acquire) < num_items; ++spin) {
      has_pieces = has_pieces && do_piece();
      if (has_pieces) {
        spin = 0;
      } else if (spin < kSpins) {
        pause();
      } else {
        std::this_thread::yield();  // somebody else has the processor: let the team get it back
      }
    }
  }
};

Team::Team(int num_threads) : state_(std::make_unique<State>()) {
  if (num_threads <= 0) num_threads = available_processors();
  for (int thread = 1; thread < num_threads; ++thread) {
    try {
      state_->threads.emplace_back([state = state_.get(), thread] { state->live(thread); });
    } catch (const std::system_error&) {
      return;  // no more threads to be had: a smaller team does the same work
    }
  }
}

Team::~Team() {
  state_->end_spare_time();
  state_->stop = true;
  state_->announce(0);
  for (std::thread& thread : state_->threads) thread.join();
}

int Team::num_threads() const {
  return static_cast<int>(state_->threads.size()) + 1;
}

void Team::run(int64_t num_items, const std::function<void(int64_t, int)>& work) {
  State& state = *state_;
  if (state.threads.empty() || num_items <= 1) {
    for (int64_t item = 0; item < num_items; ++item) work(item, 0);
    return;
  }
  state.work = &work;
  state.error = nullptr;
  const uint32_t job = state.announce(num_items);
  state.take_items(job, 0);
  state.wait_until_done();
  if (state.error) std::rethrow_exception(state.error);
}

void Team::in_spare_time(std::function<bool()> piece) {
  state_->end_spare_time();
  state_->piece = std::move(piece);
  if (state_->piece) state_->has_piece.store(true);
}

}  // namespace sinapse
