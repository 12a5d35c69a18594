#include "cli/onlookers.h"

#include <fmt/format.h>

#include "cli/interrupt.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr int kMaxPort = 65535;

// Creates the files only when training is about to begin: bad data leave nothing behind.
class TensorBoardStart : public TrainingObserver {
 public:
  TensorBoardStart(std::string folder, std::unique_ptr<TensorBoard>& board)
      : folder_(std::move(folder)), board_(board) {}
  void on_start(const RunStart&) override { board_ = std::make_unique<TensorBoard>(folder_); }

 private:
  std::string folder_;
  std::unique_ptr<TensorBoard>& board_;
};

}  // namespace

void add_onlooker_options(CLI::App& command, OnlookerOptions& options) {
  command
      .add_option("--dashboard", options.dashboard,
                  "Show the run in a browser on this machine while it goes on; 0: any free port")
      ->check(CLI::Range(0, kMaxPort))
      ->type_name("PORT")
      ->take_last();
  command
      .add_option("--tensorboard", options.tensorboard, "Write event files for TensorBoard there")
      ->type_name("DIR")
      ->take_last();
  command.add_flag("--no-report", options.no_report, "Write no report.html");
  command.add_flag("-q,--quiet", options.quiet, "No progress on standard error");
}

Onlookers::Onlookers(const OnlookerOptions& options, const std::string& name)
    : options_(options), display_(options.quiet), live_(name) {
  std::vector<std::function<void(const WatchedEpoch&)>> see;
  if (options.dashboard >= 0) {
    server_ = std::make_unique<LiveServer>(options.dashboard, live_, [this] { stop_ = true; });
    print_note(fmt::format("dashboard: {}", server_->address()));
    see.push_back([this](const WatchedEpoch& one) { live_.epoch(one.record, one.layers); });
  }
  if (!options.tensorboard.empty()) {
    observers_.push_back(std::make_unique<TensorBoardStart>(options.tensorboard, tensorboard_));
    see.push_back([this](const WatchedEpoch& one) { tensorboard_->epoch(one); });
  }
  if (!see.empty()) observers_.push_back(std::make_unique<RunWatcher>(std::move(see)));
}

Onlookers::~Onlookers() = default;

TrainCallbacks Onlookers::callbacks() {
  TrainCallbacks all{.on_remark =
                         [this](const std::string& text) {
                           display_.remark(text);
                           live_.remark(text);
                           remarks_.push_back(text);
                         },
                     .on_layer = [this](const LayerSummary& layer) { display_.layer(layer); },
                     .on_step =
                         [this](const Progress& progress) {
                           display_.step(progress);
                           live_.step(progress);
                         },
                     .on_epoch = [this](const EpochRecord& record) { display_.epoch(record); },
                     .should_stop =
                         [this] {
                           return InterruptGuard::interrupted() ||
                                  stop_.load(std::memory_order_relaxed);
                         }};
  if (!options_.no_report) all.observers.push_back(&answers_);
  for (const auto& observer : observers_) all.observers.push_back(observer.get());
  return all;
}

void Onlookers::end(const TrainResult& result) {
  display_.finish();
  if (!tensorboard_) return;
  tensorboard_->end(result);
  if (tensorboard_->failure().empty()) return;
  print_note(fmt::format("not all is written for TensorBoard: {}", tensorboard_->failure()));
}

}  // namespace sinapse::cli
