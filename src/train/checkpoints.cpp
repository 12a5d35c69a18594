#include "train/checkpoints.h"

#include <filesystem>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

bool is_within(const std::string& path, const std::string& folder) {
  std::error_code failed;
  const auto a = std::filesystem::weakly_canonical(path, failed);
  const auto b = std::filesystem::weakly_canonical(folder, failed);
  return a == b || a.parent_path() == b;
}

// What early stopping watches.
double watched_loss(const EpochRecord& record) {
  const auto validation = record.validation.find("loss");
  return validation == record.validation.end() ? record.loss : validation->second;
}

}  // namespace

namespace {

// What the newest checkpoint gives, or, if it is not whole, the one before.
template <class Read, class Skipped>
auto read_newest(const std::vector<std::string>& newest_first, Read read, Skipped skipped) {
  for (size_t i = 0; i + 1 < newest_first.size(); ++i) {
    try {
      return read(newest_first[i]);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::file) throw;
      skipped(error);
    }
  }
  return read(newest_first.back());
}

}  // namespace

std::optional<RunDescription> saved_run(const std::string& path) {
  const std::vector<std::string> found = checkpoints_in(path);
  if (found.empty()) return {};
  return read_newest(
      found,
      [](const std::string& one) { return read_origin(read_safetensors_metadata(one), one).run; },
      [](const Error&) {});
}

void save_unbegun(const RunOptions& run, const TrainCallbacks& callbacks) {
  const CheckpointOptions& options = run.checkpoint;
  if (options.folder.empty()) return;
  try {
    CheckpointFolder folder(options.folder);
    if (!is_within(options.resume, options.folder)) folder.set_aside();
    const std::string path =
        folder.write(unbegun_checkpoint({options.data_path, options.test_path, run}));
    folder.remove_old(options.keep);
    if (callbacks.on_checkpoint) callbacks.on_checkpoint(path);
  } catch (const Error& error) {  // as on a full disk: nothing is lost that was learned
    if (error.code() != ErrorCode::file) throw;
    if (callbacks.on_remark) callbacks.on_remark(error.what());
  }
}

Checkpoints::Checkpoints(RunOptions run, std::function<Fingerprint()> data,
                         const TrainCallbacks& callbacks)
    : options_(run.checkpoint), data_(std::move(data)), callbacks_(callbacks) {
  origin_.run = {options_.data_path, options_.test_path, std::move(run)};
  if (options_.folder.empty()) return;
  folder_.emplace(options_.folder);
  if (is_within(options_.resume, options_.folder)) return;
  const std::string old = folder_->set_aside();
  if (old.empty()) return;
  remark(fmt::format("the checkpoints of an earlier run are now in {}.", old));
}

LoopState Checkpoints::resume(const TrainingGraph& graph, int64_t steps_per_epoch,
                              Stepper& stepper) {
  if (options_.resume.empty()) return {};
  const std::vector<std::string> found = checkpoints_in(options_.resume);
  if (found.empty()) {
    throw Error(ErrorCode::file,
                fmt::format("{}: there is no checkpoint to go on from.", options_.resume));
  }
  return read_newest(
      found,
      [&](const std::string& path) { return restore(path, graph, steps_per_epoch, stepper); },
      [&](const Error& error) {
        remark(fmt::format("{} The one before it is taken.", error.what()));
      });
}

LoopState Checkpoints::restore(const std::string& path, const TrainingGraph& graph,
                               int64_t steps_per_epoch, Stepper& stepper) {
  const Safetensors contents = read_safetensors(path);
  if (is_unbegun(contents.metadata)) return {};
  require_same_origin(read_origin(contents.metadata, path), origin(), path);
  LoopState state = restore_checkpoint(contents, path, graph, steps_per_epoch, stepper);
  note_saved(state);
  return state;
}

bool Checkpoints::is_due(const LoopState& state, int64_t all_steps, double seconds) const {
  if (!folder_ || saved_at_ == std::pair(state.epoch, state.step)) return false;
  const bool after_epoch = state.step == 0;
  const double interval = options_.interval.count();
  return (interval > 0 && seconds - saved_seconds_ >= interval) ||
         (options_.steps > 0 && all_steps % options_.steps == 0) ||
         (options_.epochs > 0 && after_epoch && (state.epoch - 1) % options_.epochs == 0);
}

bool Checkpoints::wants_end() const {
  return any_saved_ || options_.epochs > 0 || options_.steps > 0;
}

void Checkpoints::save(const TrainingGraph& graph, const Stepper& stepper, LoopState& state) {
  if (!folder_ || saved_at_ == std::pair(state.epoch, state.step)) return;
  try {
    write(graph, stepper, state);
    failing_ = false;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::file) throw;
    if (!failing_) {
      remark(
          fmt::format("{} This checkpoint is left out; training goes on, and earlier "
                      "checkpoints are whole.",
                      error.what()));
    }
    failing_ = true;
    saved_seconds_ = state.seconds;  // the next attempt comes when the next one is due
  }
}

void Checkpoints::write(const TrainingGraph& graph, const Stepper& stepper, LoopState& state) {
  const bool ends_epoch = state.step == 0 && !state.history.empty();
  const bool is_best = ends_epoch && watched_loss(state.history.back()) < state.best_saved_loss;
  if (is_best) state.best_saved_loss = watched_loss(state.history.back());
  const std::string path = folder_->write(to_checkpoint(graph, stepper, state, origin()));
  note_saved(state);
  if (is_best) folder_->keep_as_best(path);
  folder_->remove_old(options_.keep);
  if (callbacks_.on_checkpoint) callbacks_.on_checkpoint(path);
}

void Checkpoints::note_saved(const LoopState& state) {
  any_saved_ = true;
  saved_at_ = {state.epoch, state.step};
  saved_seconds_ = state.seconds;
}

const CheckpointOrigin& Checkpoints::origin() {
  if (data_) origin_.data = std::exchange(data_, nullptr)();
  return origin_;
}

void Checkpoints::remark(const std::string& text) const {
  if (callbacks_.on_remark) callbacks_.on_remark(text);
}

}  // namespace sinapse
