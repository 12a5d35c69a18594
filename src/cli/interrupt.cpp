#include "cli/interrupt.h"

#include <atomic>
#include <ctime>

namespace sinapse::cli {

namespace {

std::atomic<bool> noted{false};
std::atomic<int64_t> noted_at{0};  // nanoseconds
// So that a signal handler may write them.
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

// Some shells and wrappers send the same Ctrl-C twice: what follows at once is no second wish.
constexpr int64_t kSameWish = 1'000'000'000;

int64_t nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);  // may be called in a signal handler
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void note_signal(int signal) {
  const int64_t now = nanoseconds();
  if (!noted.load(std::memory_order_relaxed)) {
    noted_at.store(now, std::memory_order_relaxed);
    noted.store(true, std::memory_order_relaxed);
  } else if (signal != SIGHUP && now - noted_at.load(std::memory_order_relaxed) > kSameWish) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
}

bool is_wish_to_stop(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  noted = false;
  for (size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = is_wish_to_stop(kSignals[i]) ? note_signal : SIG_IGN;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

bool InterruptGuard::interrupted() {
  return noted.load(std::memory_order_relaxed);
}

}  // namespace sinapse::cli
