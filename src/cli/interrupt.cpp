#include "cli/interrupt.h"

#include <atomic>
#include <csignal>

namespace sinapse::cli {

namespace {

std::atomic<bool> noted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // so that a signal handler may write it

void note_signal(int) {
  noted.store(true, std::memory_order_relaxed);
}

void set_handler(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  noted = false;
  set_handler(note_signal, SA_RESTART | static_cast<int>(SA_RESETHAND));
}

InterruptGuard::~InterruptGuard() {
  set_handler(SIG_DFL, 0);
}

bool InterruptGuard::interrupted() {
  return noted.load(std::memory_order_relaxed);
}

}  // namespace sinapse::cli
