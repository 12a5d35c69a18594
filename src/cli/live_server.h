// Serves the page of a run that goes on, to this machine alone.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace sinapse {
class LiveRun;
}

namespace sinapse::cli {

/// Listens on the loopback interface on threads of its own while it lives; a browser that is slow
/// or hostile does not touch the training thread. Requests must name this machine as their host
/// (no DNS rebinding); to stop the run takes a POST with the token that only its page has.
class LiveServer {
 public:
  /// Port 0 takes any free one. `stop` is called by another thread, at most once. Throws
  /// Error(usage) if the port cannot be had.
  LiveServer(int port, const LiveRun& run, std::function<void()> stop);
  ~LiveServer();
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  std::string address() const;  ///< "http://127.0.0.1:8080/"

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sinapse::cli
