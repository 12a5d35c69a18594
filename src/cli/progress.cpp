#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/layer_table.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kMinBarWidth = 8, kMaxBarWidth = 32;
constexpr const char* kClearLine = "\r\x1b[K";

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

int terminal_width() {
  struct winsize size {};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::clamp(seconds, 0.0, 1e9));
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string rate(double rows_per_second) {
  if (rows_per_second >= 1e6) return fmt::format("{:.1f}M rows/s", rows_per_second / 1e6);
  if (rows_per_second >= 1e3) return fmt::format("{:.1f}k rows/s", rows_per_second / 1e3);
  return fmt::format("{:.0f} rows/s", rows_per_second);
}

double share_done(const Progress& p) {
  if (p.epochs <= 0 || p.steps <= 0) return 0;
  const double epochs =
      static_cast<double>(p.epoch - 1) + static_cast<double>(p.step) / static_cast<double>(p.steps);
  return std::clamp(epochs / static_cast<double>(p.epochs), 0.0, 1.0);
}

std::string bar(double share, int width, bool colour) {
  const int full = static_cast<int>(share * width + 0.5);
  std::string done, left;
  for (int i = 0; i < full; ++i) done += "━";
  for (int i = full; i < width; ++i) left += colour ? "━" : "─";
  if (!colour) return done + left;
  return "\x1b[32m" + done + "\x1b[90m" + left + "\x1b[0m";
}

}  // namespace

Terminal Terminal::of_standard_error() {
  const char* type = std::getenv("TERM");
  const bool dumb = type == nullptr || std::string_view(type) == "dumb";
  const bool live = ::isatty(STDERR_FILENO) != 0 && !dumb;
  return {live, live && !is_set("NO_COLOR")};
}

std::optional<std::pair<std::string, double>> main_metric(const Metrics& metrics) {
  for (const char* name : {"accuracy", "rmse", "loss"}) {
    const auto found = metrics.find(name);
    if (found != metrics.end()) return *found;
  }
  return std::nullopt;
}

std::string progress_line(const Progress& progress, const std::optional<EpochRecord>& last,
                          int width, bool colour) {
  // The most important parts first in this list; `place` is where on the line they stand.
  struct Part {
    int place;
    std::string text;
  };
  std::vector<Part> parts = {{0, fmt::format("epoch {}/{}", progress.epoch, progress.epochs)},
                             {4, fmt::format("loss {:.4g}", progress.loss)}};
  if (const auto metric = last ? main_metric(last->validation) : std::nullopt) {
    parts.push_back({5, fmt::format("val_{} {:.4g}", metric->first, metric->second)});
  }
  parts.push_back({3, "eta " + duration(progress.seconds_left)});
  parts.push_back({2, rate(progress.rows_per_second)});

  int left = width - 1;  // the last column stays free, or the terminal would begin a new line
  std::vector<Part> fitting;
  for (Part& part : parts) {
    const int columns = static_cast<int>(display_width(part.text)) + 2;
    if (columns > left) continue;
    left -= columns;
    fitting.push_back(std::move(part));
  }
  if (left >= kMinBarWidth + 2) {
    fitting.push_back({1, bar(share_done(progress), std::min(left - 2, kMaxBarWidth), colour)});
  }
  std::sort(fitting.begin(), fitting.end(),
            [](const Part& a, const Part& b) { return a.place < b.place; });
  std::string line;
  for (const Part& part : fitting) line += (line.empty() ? "" : "  ") + part.text;
  return line;
}

std::string epoch_line(const EpochRecord& record, int64_t epochs) {
  std::string line = epochs > 0 ? fmt::format("epoch {}/{}", record.epoch, epochs)
                                : fmt::format("epoch {}", record.epoch);
  line += fmt::format("  loss {:.5g}", record.loss);
  const auto validation_loss = record.validation.find("loss");
  if (validation_loss != record.validation.end()) {
    line += fmt::format("  val_loss {:.5g}", validation_loss->second);
  }
  const auto metric = main_metric(record.validation);
  if (metric && metric->first != "loss") {
    line += fmt::format("  val_{} {:.5g}", metric->first, metric->second);
  }
  return line + fmt::format("  {:.3g} s{}", record.seconds, record.best ? "  best" : "");
}

ProgressDisplay::ProgressDisplay(bool quiet)
    : quiet_(quiet), terminal_(Terminal::of_standard_error()) {}

ProgressDisplay::~ProgressDisplay() {
  finish();
}

void ProgressDisplay::remark(const std::string& text) {
  if (quiet_) return;
  clear_line();
  print_note(text);
}

void ProgressDisplay::layer(const LayerSummary& layer) {
  if (!quiet_) layers_.push_back(layer);
}

void ProgressDisplay::step(const Progress& progress) {
  epochs_ = progress.epochs;
  show_network();
  if (quiet_ || !terminal_.live) return;
  const auto now = std::chrono::steady_clock::now();
  if (line_shown_ && now - drawn_ < kRedraw) return;
  drawn_ = now;
  line_shown_ = true;
  print_progress(kClearLine + progress_line(progress, last_, terminal_width(), terminal_.colour));
}

void ProgressDisplay::epoch(const EpochRecord& record) {
  show_network();
  last_ = record;
  if (!quiet_ && !terminal_.live) print_progress(epoch_line(record, epochs_) + "\n");
}

void ProgressDisplay::finish() {
  clear_line();
}

void ProgressDisplay::show_network() {
  if (layers_.empty()) return;
  print_progress(layer_table(layers_) + "\n");
  layers_.clear();
}

void ProgressDisplay::clear_line() {
  if (!line_shown_) return;
  print_progress(kClearLine);
  line_shown_ = false;
}

}  // namespace sinapse::cli
