// Schedules: how the learning rate, or the rate of dropout, changes in the course of a run.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>

namespace sinapse {

/// Where a run stands: `step` of `steps`, counted from 0.
struct SchedulePosition {
  int64_t step = 0, steps = 1, steps_per_epoch = 1;

  double share() const { return static_cast<double>(step) / static_cast<double>(steps); }
  double epochs() const { return static_cast<double>(step) / static_cast<double>(steps_per_epoch); }
};

/// One row of the table of schedules (src/train/schedules.cpp). In formulas, t is the share of the
/// run that is done, from 0 to 1, and e the number of epochs done, fractions included.
struct ScheduleDefinition {
  std::string_view name;
  std::string_view formula;         ///< the factor of the learning rate
  std::string_view doc;             ///< one sentence: what it is good for
  std::string_view source;          ///< authors and year, or empty
  std::vector<Constant> constants;  ///< the last one of each is warmup
  double (*factor)(std::span<const double> constants, const SchedulePosition& position) = nullptr;
};

/// A schedule chosen for a run, with its constants in the order of its definition.
struct Schedule {
  const ScheduleDefinition* definition = nullptr;
  std::vector<double> constants;
};

/// What reduce_on_plateau remembers of the epochs so far; the other schedules leave it as it is.
struct ScheduleState {
  double factor = 1;
  double best = std::numeric_limits<double>::infinity();
  int64_t bad_epochs = 0;
  int64_t cooldown = 0;  ///< epochs that are not yet judged again

  bool operator==(const ScheduleState&) const = default;
};

/// Reads "cosine", "step(step_size=10, gamma=0.5)", "one_cycle(max_factor=3)"; case, underscores
/// and hyphens are ignored. Throws Error(usage), with the nearest name, for an unknown schedule or
/// constant, and for a constant outside its domain.
Schedule parse_schedule(std::string_view text);

/// The form parse_schedule reads; only constants that differ from their defaults are written.
std::string to_string(const Schedule& schedule);

/// Every schedule, simple ones first.
const std::vector<ScheduleDefinition>& schedules();

/// What the learning rate of the run is multiplied with in one step.
double schedule_factor(const Schedule& schedule, const ScheduleState& state,
                       const SchedulePosition& position);

/// Takes note of an epoch that has ended; `loss` is that of the validation rows if there are any.
void observe_epoch(const Schedule& schedule, double loss, ScheduleState& state);

}  // namespace sinapse
