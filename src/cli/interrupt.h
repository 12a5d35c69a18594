// Signals that would end a training run end it in good order.
#pragma once

#include <array>

#include <signal.h>

namespace sinapse::cli {

/// While it lives, SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal is gone) are only noted,
/// unless they were ignored before (nohup). Another SIGINT or SIGTERM more than a second later ends
/// the program at once. Writing to a closed pipe or past a limit of size is an error of that write.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool interrupted();

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace sinapse::cli
