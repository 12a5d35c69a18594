// The table of schedules, each with its formula, and their text form.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <sinapse/error.h>
#include <sinapse/schedule.h>

#include "data/call_text.h"
#include "data/nearest.h"

namespace sinapse {

namespace {

using Constants = std::span<const double>;
using Position = SchedulePosition;
using std::numbers::pi;

constexpr std::string_view kPlateau = "reduce_on_plateau";

// From `start` (x = 0) to `end` (x = 1).
double along_cosine(double start, double end, double x) {
  return end + (start - end) * (1 + std::cos(pi * x)) / 2;
}

double multi_step(Constants c, const Position& p) {
  double factor = 1;
  for (int i = 0; i < 3; ++i) {
    if (c[i] > 0 && p.epochs() >= c[i]) factor *= c[3];
  }
  return factor;
}

double cosine_restarts(Constants c, const Position& p) {
  const double multiplier = c[1], final = c[2];
  double period = c[0], done = p.epochs();
  if (multiplier == 1) done = std::fmod(done, period);
  while (done >= period) {
    done -= period;
    period *= multiplier;
  }
  return along_cosine(1, final, done / period);
}

// As in PyTorch, a phase ends one step before its share, and the last step is the smallest.
double one_cycle(Constants c, const Position& p) {
  const double top = c[0], bottom = top / c[2], final = bottom / c[3];
  const bool linear = c[4] != 0, three_phase = c[5] != 0;
  const double steps = static_cast<double>(p.steps), rise = c[1] * steps - 1;
  struct Phase {
    double end, from, to;
  };
  const Phase rising{rise, bottom, top}, rest{steps - 1, top, final};
  const Phase falling{2 * c[1] * steps - 2, top, bottom}, vanishing{steps - 1, bottom, final};
  const std::vector<Phase> phases =
      three_phase ? std::vector{rising, falling, vanishing} : std::vector{rising, rest};
  const double step = static_cast<double>(p.step);
  double begin = 0;
  for (const Phase& phase : phases) {
    if (step <= phase.end || &phase == &phases.back()) {
      const double length = phase.end - begin;
      const double x = length > 0 ? std::min(1.0, (step - begin) / length) : 1;
      return linear ? phase.from + (phase.to - phase.from) * x
                    : along_cosine(phase.from, phase.to, x);
    }
    begin = phase.end;
  }
  return final;
}

std::vector<ScheduleDefinition> make_table() {
  const Constant final{"final", 0, "the factor at the end", Domain::not_negative};
  const auto gamma = [](double value, std::string_view doc) {
    return Constant{"gamma", value, doc, Domain::positive};
  };
  std::vector<ScheduleDefinition> table{
      {.name = "constant",
       .formula = "1",
       .doc = "The learning rate stays as it is.",
       .factor = [](Constants, const Position&) { return 1.0; }},
      {.name = "cosine",
       .formula = "final + (1 - final) (1 + cos(pi t)) / 2",
       .doc = "Falls slowly, then fast, then slowly; a good first choice.",
       .source = "Loshchilov, Hutter 2017",
       .constants = {final},
       .factor = [](Constants c, const Position& p) { return along_cosine(1, c[0], p.share()); }},
      {.name = "flat_cosine",
       .formula = "1 until t = flat, then along a half cosine to final",
       .doc = "Stays for a while, then falls as cosine does.",
       .source = "Holzmüller, Grinsztajn, Steinwart 2024",
       .constants = {{"flat", 0.5, "share of the run before it falls", Domain::share}, final},
       .factor =
           [](Constants c, const Position& p) {
             return p.share() < c[0] ? 1 : along_cosine(1, c[1], (p.share() - c[0]) / (1 - c[0]));
           }},
      {.name = "polynomial",
       .formula = "final + (1 - final) (1 - t)^power",
       .doc = "Falls along a straight line or a power of it.",
       .constants = {{"power", 1, "1: a straight line", Domain::positive}, final},
       .factor =
           [](Constants c, const Position& p) {
             return c[1] + (1 - c[1]) * std::pow(1 - p.share(), c[0]);
           }},
      {.name = "exponential",
       .formula = "gamma^e",
       .doc = "Falls by the same factor in every epoch.",
       .constants = {gamma(0.95, "factor of an epoch")},
       .factor = [](Constants c, const Position& p) { return std::pow(c[0], p.epochs()); }},
      {.name = "inverse_square_root",
       .formula = "1 / sqrt(1 + e / scale)",
       .doc = "Falls ever more slowly and does not depend on the number of epochs.",
       .source = "Robbins, Monro 1951; Vaswani and others 2017",
       .constants = {{"scale", 1, "epochs", Domain::positive}},
       .factor = [](Constants c,
                    const Position& p) { return 1 / std::sqrt(1 + p.epochs() / c[0]); }},
      {.name = "step",
       .formula = "gamma^floor(e / step_size)",
       .doc = "Drops every few epochs.",
       .constants = {{"step_size", 30, "epochs", Domain::positive}, gamma(0.1, "factor of a drop")},
       .factor = [](Constants c,
                    const Position& p) { return std::pow(c[1], std::floor(p.epochs() / c[0])); }},
      {.name = "multi_step",
       .formula = "gamma^(number of milestones passed)",
       .doc = "Drops after up to three numbers of epochs.",
       .constants = {{"first", 30, "epochs; 0: none", Domain::not_negative},
                     {"second", 60, "epochs; 0: none", Domain::not_negative},
                     {"third", 90, "epochs; 0: none", Domain::not_negative},
                     gamma(0.1, "factor of a drop")},
       .factor = multi_step},
      {.name = "cosine_restarts",
       .formula = "final + (1 - final) (1 + cos(pi x)) / 2, x from 0 to 1 in every period",
       .doc = "Cosine that starts again, each time for longer.",
       .source = "Loshchilov, Hutter 2017",
       .constants = {{"period", 10, "epochs of the first cosine", Domain::positive},
                     {"multiplier", 1, "by how much a period is longer than the one before",
                      Domain::at_least_one},
                     final},
       .factor = cosine_restarts},
      {.name = "one_cycle",
       .formula = "max_factor / div_factor up to max_factor, then down to "
                  "max_factor / (div_factor final_div_factor)",
       .doc = "One rise and one fall over the whole run; bears a high learning rate.",
       .source = "Smith, Topin 2019",
       .constants = {{"max_factor", 1, "factor at the top", Domain::positive},
                     {"pct_start", 0.3, "share of the steps that rise", Domain::share},
                     {"div_factor", 25, "top through start", Domain::positive},
                     {"final_div_factor", 1e4, "start through end", Domain::positive},
                     {"linear", 0, "straight lines instead of half cosines", Domain::flag},
                     {"three_phase", 0, "back to the start as fast as up, then to the end",
                      Domain::flag}},
       .factor = one_cycle},
      {.name = "coslog",
       .formula = "(1 - cos(2 pi log2(1 + (2^cycles - 1) t))) / 2",
       .doc = "Rises and falls several times, each time for twice as long; starts and ends at 0.",
       .source = "Holzmüller, Grinsztajn, Steinwart 2024",
       .constants = {{"cycles", 4, "rises and falls", Domain::positive}},
       .factor =
           [](Constants c, const Position& p) {
             return (1 - std::cos(2 * pi * std::log2(1 + (std::exp2(c[0]) - 1) * p.share()))) / 2;
           }},
      {.name = kPlateau,
       .formula = "times factor when the loss was not below (1 - threshold) of the best for more "
                  "than patience epochs",
       .doc = "Watches the validation loss (without a split the training loss).",
       .constants = {{"factor", 0.1, "of a drop", Domain::share},
                     {"patience", 10, "epochs without a better loss that are borne", Domain::count},
                     {"threshold", 1e-4, "share by which the loss must fall", Domain::share},
                     {"cooldown", 0, "epochs after a drop that are not judged", Domain::count},
                     {"final", 0, "the smallest factor", Domain::not_negative}},
       .factor = [](Constants, const Position&) { return 1.0; }},
  };
  for (ScheduleDefinition& definition : table) {
    definition.constants.push_back({"warmup", 0,
                                    "share of the run (if below 1) or number of steps in which the "
                                    "rate first rises from 0",
                                    Domain::not_negative});
  }
  return table;
}

}  // namespace

const std::vector<ScheduleDefinition>& schedules() {
  static const std::vector<ScheduleDefinition> table = make_table();
  return table;
}

Schedule parse_schedule(std::string_view text) {
  const CallText call = parse_call("schedule", text);
  std::vector<std::string> names;
  for (const ScheduleDefinition& definition : schedules()) {
    names.emplace_back(definition.name);
    if (plain_name(definition.name) != plain_name(call.name)) continue;
    return {&definition, read_constants("schedule", call, definition.constants)};
  }
  throw Error(ErrorCode::usage,
              "There is no schedule \"" + call.name + "\"." + did_you_mean(call.name, names));
}

std::string to_string(const Schedule& schedule) {
  return call_text(schedule.definition->name, schedule.definition->constants, schedule.constants);
}

// The warm-up comes first; the schedule has the steps that remain.
double schedule_factor(const Schedule& schedule, const ScheduleState& state,
                       const SchedulePosition& position) {
  const double given = schedule.constants.back();
  const double steps = static_cast<double>(position.steps);
  const auto warmup = static_cast<int64_t>(std::min(given < 1 ? given * steps : given, steps));
  const SchedulePosition rest{.step = std::max<int64_t>(position.step - warmup, 0),
                              .steps = std::max<int64_t>(position.steps - warmup, 1),
                              .steps_per_epoch = position.steps_per_epoch};
  const double factor = state.factor * schedule.definition->factor(schedule.constants, rest);
  if (position.step >= warmup) return factor;
  return factor * static_cast<double>(position.step + 1) / static_cast<double>(warmup + 1);
}

void observe_epoch(const Schedule& schedule, double loss, ScheduleState& state) {
  if (schedule.definition->name != kPlateau) return;
  const std::vector<double>& c = schedule.constants;
  const double factor = c[0], patience = c[1], threshold = c[2], cooldown = c[3], least = c[4];
  const bool better = loss < state.best * (1 - threshold);
  if (better) state.best = loss;
  state.bad_epochs = better || state.cooldown > 0 ? 0 : state.bad_epochs + 1;
  if (state.cooldown > 0) --state.cooldown;
  if (static_cast<double>(state.bad_epochs) <= patience) return;
  state.factor = std::max(state.factor * factor, std::min(least, state.factor));
  state.cooldown = static_cast<int64_t>(cooldown);
  state.bad_epochs = 0;
}

}  // namespace sinapse
