// What every benchmark program shares: its options, a timed loop, and the one JSON line it prints.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// `--workload W1 --threads 2 --seconds 3`; each program adds its own through `get`.
class Options {
 public:
  Options(int count, char** arguments) : arguments_(arguments + 1, arguments + count) {}

  std::string get(const std::string& name, const std::string& otherwise) const {
    auto found = std::find(arguments_.begin(), arguments_.end(), "--" + name);
    if (found == arguments_.end() || found + 1 == arguments_.end()) return otherwise;
    return *(found + 1);
  }
  std::string workload() const { return get("workload", "W1"); }
  int threads() const { return std::stoi(get("threads", "1")); }
  double seconds() const { return std::stod(get("seconds", "2")); }

 private:
  std::vector<std::string> arguments_;
};

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds a call of `step` takes on average over `seconds`, after a warm-up of a tenth of that.
/// The clock is read about a thousand times only: it takes longer than some of a small network's
/// layers.
template <typename Step>
double average_seconds(double seconds, Step step) {
  int64_t warm_calls = 0, calls = 0;
  auto start = Clock::now();
  for (; seconds_since(start) < seconds / 10; ++warm_calls) step();
  const int64_t calls_at_once = warm_calls / 100 + 1;
  start = Clock::now();
  double elapsed = 0;
  for (; elapsed < seconds; elapsed = seconds_since(start)) {
    for (int64_t i = 0; i < calls_at_once; ++i) step();
    calls += calls_at_once;
  }
  return elapsed / calls;
}

/// Median seconds of one call of `step` over `seconds`, after a warm-up of a tenth of that.
template <typename Step>
double median_seconds(double seconds, Step step) {
  for (auto start = Clock::now(); seconds_since(start) < seconds / 10;) step();
  std::vector<double> times;
  for (auto start = Clock::now(); seconds_since(start) < seconds;) {
    auto before = Clock::now();
    step();
    times.push_back(seconds_since(before));
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return times[times.size() / 2];
}

/// Milliseconds since the driver started this process (`--started-at`, CLOCK_MONOTONIC
/// nanoseconds).
inline double milliseconds_since_start(const Options& options) {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double started = std::stod(options.get("started-at", "0"));
  return (now.tv_sec * 1e9 + now.tv_nsec - started) / 1e6;
}

inline void print_result(const std::string& peer, const Options& options, const std::string& metric,
                         double value) {
  std::printf(R"({"peer":"%s","workload":"%s","threads":%d,"metric":"%s","value":%.6g})"
              "\n",
              peer.c_str(), options.workload().c_str(), options.threads(), metric.c_str(), value);
  std::fflush(stdout);
}

[[noreturn]] inline void reject_workload(const Options& options) {
  std::cerr << "no workload " << options.workload() << " here\n";
  std::exit(2);
}

}  // namespace bench
