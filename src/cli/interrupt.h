// Ctrl-C and SIGTERM end a training run in good order.
#pragma once

namespace sinapse::cli {

/// While it lives, the first SIGINT or SIGTERM is only noted; a second one ends the program at
/// once.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool interrupted();
};

}  // namespace sinapse::cli
