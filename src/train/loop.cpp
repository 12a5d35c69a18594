#include "train/loop.h"

#include <chrono>
#include <cmath>
#include <optional>

#include "train/answers.h"
#include "train/batch_order.h"
#include "train/diagnose.h"
#include "train/make_stepper.h"
#include "train/observer.h"
#include "train/pictures_ahead.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr double kProgressInterval = 0.05;  // seconds between two calls of on_step

std::unique_ptr<Stepper> stepper_of(const LoopContext& c) {
  if (!c.graph_of || c.options.reference || c.optimizer.definition->full_batch)
    return make_stepper(c.graph, c.optimizer, c.options, c.team);
  return sequence_stepper(c.graph_of, c.optimizer, c.options, c.team);
}

class Loop {
 public:
  explicit Loop(const LoopContext& context)
      : c_(context),
        stepper_(stepper_of(context)),
        rows_(std::ssize(context.training_rows)),
        batches_(context.data, context.training_rows, context.options),
        steps_per_epoch_(batches_.num_batches()) {
    if (c_.augmenter != nullptr && c_.team.num_threads() > 1)
      ahead_.emplace(*c_.augmenter, c_.team);
    initialize(*stepper_, c_.graph, c_.options.seed);
    for (const ParameterInfo& parameter : c_.graph.parameters) {
      const auto weights = c_.start.find(parameter.name);
      if (weights != c_.start.end()) stepper_->write(parameter.value, weights->second);
    }
    state_ = c_.checkpoints.resume(c_.graph, steps_per_epoch_, *stepper_);
    seconds_before_ = state_.seconds;
  }

  LoopResult run() {
    while (state_.epoch <= c_.options.epochs && !stopped() && !should_stop_early()) run_epoch();
    if (!stopped() && c_.checkpoints.wants_end()) save();
    if (state_.best_weights.empty()) {
      state_.best_weights = weights_of(*stepper_, c_.graph, state_.averaged);
      state_.best_epoch = static_cast<int64_t>(state_.history.size());
    }
    return {std::move(state_.best_weights), std::move(state_.history), state_.best_epoch,
            interrupted_, out_of_time_};
  }

 private:
  // From where this run can repeat steps of the epoch.
  struct Start {
    int64_t step;
    Snapshot snapshot;
  };

  void run_epoch() {
    const Start start{state_.step, take_snapshot(*stepper_, c_.graph)};
    batches_.begin(state_.epoch);
    while (state_.step < steps_per_epoch_ && !stopped()) {
      run_step(start);
      interrupted_ = c_.callbacks.should_stop && c_.callbacks.should_stop();
      out_of_time_ = time_limit_ > 0 && seconds_since(start_) >= time_limit_;
      if (state_.step < steps_per_epoch_) save_if_due();
    }
    finish_epoch();
  }

  bool stopped() const { return interrupted_ || out_of_time_; }

  // A run that is stopped goes on from where it stands, even if that is inside an epoch; its model
  // takes the epoch as if it were whole.
  void save_if_due() {
    const int64_t all_steps = (state_.epoch - 1) * steps_per_epoch_ + state_.step;
    if (stopped() || c_.checkpoints.is_due(state_, all_steps, seconds())) save();
  }

  void save() {
    state_.seconds = seconds();
    c_.checkpoints.save(c_.graph, *stepper_, state_);
  }

  void run_step(const Start& start) {
    const StepState state = step_state(state_.step);
    const Batch batch = batch_of(state_.step);
    look_ahead();
    const double batch_loss = weighted_sum(batch, stepper_->step(batch, state));
    state_.averaged = state_.averaged || state.average_share > 0;
    if (!std::isfinite(batch_loss)) explain_failure(start);
    state_.loss_sum += batch_loss;
    ++state_.step;
    report_step();
  }

  // The batch after the one at hand, if the epoch has one.
  void look_ahead() {
    if (!ahead_) return;
    const int64_t next = state_.step + 1;
    if (next < steps_per_epoch_)
      ahead_->begin(batch_of(next), step_state(next));
    else
      ahead_->finish();
  }

  double weighted_sum(const Batch& batch, std::span<const float> losses) {
    const bool are_far = c_.data.stored_answers && batch.gathered == nullptr;
    const bool counts_alike = !c_.data.has_loss_weights();
    double sum = 0;
    for (size_t r = 0; r < losses.size(); ++r) {
      const double weight = counts_alike ? 1
                            : are_far    ? far_answers_.at(batch.rows[r]).loss_weight
                                         : batch.answer(static_cast<int64_t>(r)).loss_weight;
      if (weight > 0) sum += weight * losses[r];  // a row that does not count may have no loss
      state_.weight_sum += weight;
    }
    return sum;
  }

  // Over the rows of this epoch so far.
  double mean_loss() const { return state_.loss_sum / state_.weight_sum; }

  // Valid until the next but one.
  Batch batch_of(int64_t step) {
    const bool takes_all_rows = !c_.graph.full_batch.parameters.empty();  // and reads them itself
    RowWindow& window = takes_all_rows ? rows_alone_ : window_;
    const TakenRows taken =
        window.take(batches_.rows(), batches_.batch_begin(step), batches_.batch_rows(step));
    return {.data = c_.data,
            .rows = taken.rows,
            .mean_rows = batches_.rows_of_update(step),
            .augmenter = c_.augmenter,
            .ahead = ahead_ ? &*ahead_ : nullptr,
            .gathered = taken.numbers,
            .begins = batches_.begins(step)};
  }

  // Several batches may make one update (accumulate); schedules count updates.
  StepState step_state(int64_t step) const {
    const int64_t gathered = c_.options.accumulate;
    const int64_t updates_per_epoch = (steps_per_epoch_ + gathered - 1) / gathered;
    const int64_t before = (state_.epoch - 1) * updates_per_epoch + step / gathered;
    const SchedulePosition position{before, c_.options.epochs * updates_per_epoch,
                                    updates_per_epoch};
    const double factor = schedule_factor(schedule_, state_.schedule, position);
    const bool ends_epoch = step == steps_per_epoch_ - 1;
    StepState state{c_.options.seed, (state_.epoch - 1) * steps_per_epoch_ + step + 1,
                    c_.options.learning_rate * factor};
    state.update = before + 1;
    state.begins_update = step % gathered == 0;
    state.ends_update = (step + 1) % gathered == 0 || ends_epoch;
    state.average_share =
        average_share(c_.options, state_.epoch, state.update, state.ends_update, ends_epoch);
    state.dropout_share =
        std::clamp(schedule_factor(dropout_schedule_, ScheduleState{}, position), 0.0, 1.0);
    return state;
  }

  // The same seed gives the same bits, so the step before the failure can be had again.
  [[noreturn]] void explain_failure(const Start& start) {
    ahead_.reset();
    restore(*stepper_, start.snapshot);
    for (int64_t step = start.step; step < state_.step; ++step) {
      stepper_->step(batch_of(step), step_state(step));
    }
    Batch batch = batch_of(state_.step);
    if (batch.gathered == nullptr)
      batch.gathered = window_.take(batch.rows, 0, std::ssize(batch.rows)).numbers;
    throw_not_finite(c_.graph, *stepper_, batch, step_state(state_.step), state_.epoch,
                     c_.location);
  }

  double seconds() const { return seconds_before_ + seconds_since(start_); }

  void report_step() {
    if (!c_.callbacks.on_step) return;
    const double here = seconds_since(start_);
    if (state_.step < steps_per_epoch_ && here - last_report_ < kProgressInterval) return;
    last_report_ = here;
    const double epochs_done =
        static_cast<double>(state_.epoch - 1) +
        static_cast<double>(state_.step) / static_cast<double>(steps_per_epoch_);
    c_.callbacks.on_step(
        {state_.epoch, c_.options.epochs, state_.step, steps_per_epoch_, mean_loss(),
         epochs_done * static_cast<double>(rows_) / std::max(seconds(), 1e-9), seconds(),
         seconds() * (static_cast<double>(c_.options.epochs) / epochs_done - 1)});
  }

  void finish_epoch() {
    EpochRecord record{.epoch = state_.epoch,
                       .loss = mean_loss(),
                       .learning_rate = step_state(steps_per_epoch_ - 1).learning_rate};
    double watched = record.loss;
    if (!c_.validation_rows.empty()) {
      record.validation = validate();
      watched = record.validation.at("loss");
    }
    const bool is_whole = state_.step == steps_per_epoch_;
    record.best = watched < state_.best_loss - c_.options.min_delta;
    if (record.best) note_best(watched);
    observe_epoch(schedule_, watched, state_.schedule);
    record.seconds = seconds();
    state_.history.push_back(record);
    ++state_.epoch;
    state_.step = 0;
    state_.loss_sum = state_.weight_sum = 0;
    if (c_.callbacks.on_epoch) c_.callbacks.on_epoch(record);
    show(record);
    if (is_whole) save_if_due();
  }

  void show(const EpochRecord& record) {
    const std::function<std::map<std::string, std::vector<float>>()> weights = [&] {
      return weights_of(*stepper_, c_.graph, state_.averaged);
    };
    for (TrainingObserver* observer : c_.callbacks.observers) observer->on_epoch({record, weights});
  }

  void note_best(double loss) {
    state_.best_loss = loss;
    state_.last_better_epoch = state_.epoch;
    if (!c_.options.restore_best_weights || c_.validation_rows.empty()) return;
    state_.best_weights = weights_of(*stepper_, c_.graph, state_.averaged);
    state_.best_epoch = state_.epoch;
  }

  Metrics validate() {
    c_.predictor.set_weights(weights_of(*stepper_, c_.graph, state_.averaged));
    return Measurement(c_.predictor, c_.data, c_.validation_rows, c_.target,
                       choose_loss(c_.options.loss, c_.target.task()), c_.team)
        .essential();
  }

  bool should_stop_early() const {
    return c_.options.early_stopping && !c_.validation_rows.empty() &&
           state_.epoch - 1 - state_.last_better_epoch >= c_.options.patience;
  }

  const LoopContext& c_;
  std::unique_ptr<Stepper> stepper_;
  const int64_t rows_;
  BatchOrder batches_;
  const int64_t steps_per_epoch_;
  const Schedule schedule_ = parse_schedule(c_.options.schedule);
  const Schedule dropout_schedule_ = parse_schedule(c_.options.dropout_schedule);
  const Clock::time_point start_ = Clock::now();
  RowWindow window_{c_.data.source.get()}, rows_alone_{nullptr};
  AnswerReader far_answers_{c_.data, /*rows_at_once=*/1};
  std::optional<PicturesAhead> ahead_;  // if a team of several threads changes pictures
  const double time_limit_ = c_.options.time_limit.count();
  double seconds_before_ = 0;  // of earlier starts
  double last_report_ = -1;
  bool interrupted_ = false, out_of_time_ = false;
  LoopState state_;
};

}  // namespace

LoopResult run_loop(const LoopContext& context) {
  return Loop(context).run();
}

}  // namespace sinapse
