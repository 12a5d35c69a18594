// Who looks on while a run goes on: the terminal, the report, the dashboard, TensorBoard.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "cli/live_server.h"
#include "cli/progress.h"
#include "report/kept_answers.h"
#include "report/live_page.h"
#include "report/run_watcher.h"
#include "report/tensorboard.h"

namespace sinapse::cli {

struct OnlookerOptions {
  bool quiet = false, no_report = false;
  int dashboard = -1;       // port; -1: none
  std::string tensorboard;  // folder; empty: none
};

void add_onlooker_options(CLI::App& command, OnlookerOptions& options);

/// Sees all of a run and changes nothing of it, but that the dashboard's button may stop it.
class Onlookers {
 public:
  /// `name` of the data. Throws Error(usage) if the dashboard's port cannot be had.
  Onlookers(const OnlookerOptions& options, const std::string& name);
  ~Onlookers();
  Onlookers(const Onlookers&) = delete;
  Onlookers& operator=(const Onlookers&) = delete;

  /// Valid as long as this lives.
  TrainCallbacks callbacks();
  /// To be called after training, with what came of it.
  void end(const TrainResult& result);

  const std::vector<std::string>& remarks() const { return remarks_; }
  const KeptAnswers& answers() const { return answers_; }

 private:
  const OnlookerOptions options_;
  ProgressDisplay display_;
  std::vector<std::string> remarks_;
  KeptAnswers answers_;
  LiveRun live_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<LiveServer> server_;
  std::unique_ptr<TensorBoard> tensorboard_;
  std::vector<std::unique_ptr<TrainingObserver>> observers_;
};

}  // namespace sinapse::cli
