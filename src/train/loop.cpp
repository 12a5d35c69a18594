#include "train/loop.h"

#include <chrono>
#include <cmath>
#include <limits>

#include <sinapse/schedule.h>

#include "data/philox.h"
#include "train/diagnose.h"

namespace sinapse {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr double kProgressInterval = 0.05;  // seconds between two calls of on_step

class Loop {
 public:
  explicit Loop(const LoopContext& context)
      : c_(context),
        stepper_(context.options.reference
                     ? reference_stepper(context.graph)
                     : compiled_stepper(context.graph, context.optimizer,
                                        context.options.batch_size, context.team)),
        rows_(static_cast<int64_t>(context.training_rows.size())),
        steps_per_epoch_((rows_ + c_.options.batch_size - 1) / c_.options.batch_size) {
    initialize(*stepper_, c_.graph, c_.options.seed);
  }

  LoopResult run() {
    for (int64_t epoch = 1; epoch <= c_.options.epochs && !result_.interrupted; ++epoch) {
      run_epoch(epoch);
      if (should_stop_early(epoch)) break;
    }
    if (result_.weights.empty()) keep_weights(static_cast<int64_t>(result_.history.size()));
    return std::move(result_);
  }

 private:
  void run_epoch(int64_t epoch) {
    const Snapshot start = take_snapshot(*stepper_, c_.graph);
    const std::vector<int64_t> order = shuffled_rows(epoch);
    double loss_sum = 0;
    int64_t rows_done = 0;
    for (int64_t step = 0; step < steps_per_epoch_ && !result_.interrupted; ++step) {
      const Batch batch = batch_of(order, step);
      double batch_loss = 0;
      const StepState state = state_of(epoch, step);
      for (const float loss : stepper_->step(batch, state)) batch_loss += loss;
      averaged_ = averaged_ || state.average_share > 0;
      if (!std::isfinite(batch_loss)) explain_failure(start, order, epoch, step);
      loss_sum += batch_loss;
      rows_done += static_cast<int64_t>(batch.rows.size());
      result_.interrupted = c_.callbacks.should_stop && c_.callbacks.should_stop();
      report_step(epoch, step + 1, loss_sum / static_cast<double>(rows_done));
    }
    finish_epoch(epoch, loss_sum / static_cast<double>(rows_done));
  }

  std::vector<int64_t> shuffled_rows(int64_t epoch) const {
    std::vector<int64_t> order =
        RandomStream(c_.options.seed, Purpose::shuffle, epoch).permutation(rows_);
    for (int64_t& row : order) row = c_.training_rows[row];
    return order;
  }

  Batch batch_of(const std::vector<int64_t>& order, int64_t step) const {
    const int64_t begin = step * c_.options.batch_size;
    const int64_t count = std::min(c_.options.batch_size, rows_ - begin);
    const int64_t rows_of_update = c_.options.accumulate * c_.options.batch_size;
    const int64_t first_of_update = begin / rows_of_update * rows_of_update;
    return {c_.data, std::span(order).subspan(begin, count),
            std::min(rows_of_update, rows_ - first_of_update)};
  }

  StepState state_of(int64_t epoch, int64_t step) const {
    const int64_t gathered = c_.options.accumulate;
    const int64_t updates_per_epoch = (steps_per_epoch_ + gathered - 1) / gathered;
    const int64_t before = (epoch - 1) * updates_per_epoch + step / gathered;
    const double factor =
        learning_rate_factor(schedule_, schedule_state_,
                             {before, c_.options.epochs * updates_per_epoch, updates_per_epoch});
    const bool ends_epoch = step == steps_per_epoch_ - 1;
    StepState state{c_.options.seed, (epoch - 1) * steps_per_epoch_ + step + 1,
                    c_.options.learning_rate * factor};
    state.update = before + 1;
    state.begins_update = step % gathered == 0;
    state.ends_update = (step + 1) % gathered == 0 || ends_epoch;
    state.average_share =
        average_share(c_.options, epoch, state.update, state.ends_update, ends_epoch);
    return state;
  }

  // The same seed gives the same bits, so the step before the failure can be had again.
  [[noreturn]] void explain_failure(const Snapshot& start, const std::vector<int64_t>& order,
                                    int64_t epoch, int64_t failed) {
    restore(*stepper_, start);
    for (int64_t step = 0; step < failed; ++step) {
      stepper_->step(batch_of(order, step), state_of(epoch, step));
    }
    throw_not_finite(c_.graph, *stepper_, batch_of(order, failed), state_of(epoch, failed), epoch,
                     c_.location);
  }

  void report_step(int64_t epoch, int64_t step, double loss) {
    if (!c_.callbacks.on_step) return;
    const double seconds = seconds_since(start_);
    if (step < steps_per_epoch_ && seconds - last_report_ < kProgressInterval) return;
    last_report_ = seconds;
    const double epochs_done = static_cast<double>(epoch - 1) +
                               static_cast<double>(step) / static_cast<double>(steps_per_epoch_);
    const double rows_done = epochs_done * static_cast<double>(rows_);
    c_.callbacks.on_step({epoch, c_.options.epochs, step, steps_per_epoch_, loss,
                          rows_done / std::max(seconds, 1e-9), seconds,
                          seconds * (static_cast<double>(c_.options.epochs) / epochs_done - 1)});
  }

  void finish_epoch(int64_t epoch, double loss) {
    EpochRecord record{.epoch = epoch,
                       .loss = loss,
                       .learning_rate = state_of(epoch, steps_per_epoch_ - 1).learning_rate};
    double watched = loss;
    if (!c_.validation_rows.empty()) {
      record.validation = validate();
      watched = record.validation.at("loss");
    }
    record.best = watched < best_loss_ - c_.options.min_delta;
    if (record.best) {
      best_loss_ = watched;
      if (c_.options.restore_best_weights && !c_.validation_rows.empty()) keep_weights(epoch);
    }
    last_best_ = record.best ? epoch : last_best_;
    observe_epoch(schedule_, watched, schedule_state_);
    record.seconds = seconds_since(start_);
    result_.history.push_back(record);
    if (c_.callbacks.on_epoch) c_.callbacks.on_epoch(record);
  }

  Metrics validate() {
    c_.predictor.set_weights(weights_of(*stepper_, c_.graph, averaged_));
    const auto outputs = c_.predictor.run(c_.data, c_.validation_rows, c_.team);
    std::vector<float> truth;
    for (const int64_t row : c_.validation_rows) truth.push_back(c_.data.target[row]);
    return evaluate_outputs(outputs, truth, c_.target);
  }

  void keep_weights(int64_t epoch) {
    result_.weights = weights_of(*stepper_, c_.graph, averaged_);
    result_.best_epoch = epoch;
  }

  bool should_stop_early(int64_t epoch) const {
    return c_.options.early_stopping && !c_.validation_rows.empty() &&
           epoch - last_best_ >= c_.options.patience;
  }

  const LoopContext& c_;
  std::unique_ptr<Stepper> stepper_;
  const int64_t rows_, steps_per_epoch_;
  const Schedule schedule_ = parse_schedule(c_.options.schedule);
  ScheduleState schedule_state_;
  const Clock::time_point start_ = Clock::now();
  bool averaged_ = false;  // the averages of the weights have begun
  double last_report_ = -1;
  double best_loss_ = std::numeric_limits<double>::infinity();
  int64_t last_best_ = 0;
  LoopResult result_;
};

}  // namespace

LoopResult run_loop(const LoopContext& context) {
  return Loop(context).run();
}

}  // namespace sinapse
