#include "train/learning_rate_range.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "train/batch_order.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

constexpr double kBreakdown = 4;    // times the lowest loss
constexpr size_t kSlopePoints = 5;  // on both sides of a point, between which its slope is taken

double mean(std::span<const float> losses) {
  double sum = 0;
  for (const float loss : losses) sum += loss;
  return sum / static_cast<double>(losses.size());
}

void require(bool fine, const std::string& message) {
  if (!fine) throw Error(ErrorCode::usage, message);
}

}  // namespace

void check(const LearningRateRangeOptions& range) {
  require(range.from > 0 && range.from < range.to && std::isfinite(range.to),
          fmt::format("A range of learning rates goes from a positive number to a larger one, but "
                      "this goes from {} to {}.",
                      range.from, range.to));
  require(range.steps >= 10 && range.steps <= 1'000'000,
          fmt::format("A range test takes between 10 and 1000000 steps, not {}.", range.steps));
  require(range.smoothing >= 0 && range.smoothing < 1,
          fmt::format("smoothing must be at least 0 and below 1, but is {}.", range.smoothing));
}

LearningRateRange sweep_learning_rates(const TrainingGraph& graph, const Optimizer& optimizer,
                                       const Dataset& data, const Rows& rows,
                                       const TrainingOptions& training,
                                       const LearningRateRangeOptions& options, Team& team,
                                       const std::function<bool()>& should_stop) {
  const auto stepper = training.reference
                           ? reference_stepper(graph, training.batch_size)
                           : compiled_stepper(graph, optimizer, training.batch_size, team,
                                              parse_precision(training.precision));
  initialize(*stepper, graph, training.seed);
  TrainingOptions shuffled = training;
  shuffled.stateful = false;
  BatchOrder batches(data, rows, shuffled);
  int64_t epoch = 0, batch = batches.num_batches();
  RowWindow window(data.source.get());
  LearningRateRange range;
  const double growth =
      std::log(options.to / options.from) / static_cast<double>(options.steps - 1);
  double sum = 0, decayed = 1, lowest = INFINITY;
  for (int64_t step = 0; step < options.steps && !range.broke_down; ++step) {
    const double rate = options.from * std::exp(growth * static_cast<double>(step));
    if (batch == batches.num_batches()) {
      batches.begin(++epoch);
      batch = 0;
    }
    const TakenRows taken =
        window.take(batches.rows(), batches.batch_begin(batch), batches.batch_rows(batch));
    ++batch;
    const double loss =
        mean(stepper->step({.data = data, .rows = taken.rows, .gathered = taken.numbers},
                           {training.seed, step + 1, rate}));
    sum = options.smoothing * sum + (1 - options.smoothing) * loss;
    decayed *= options.smoothing;
    const double smoothed = sum / (1 - decayed);
    lowest = std::min(lowest, smoothed);
    range.broke_down = !std::isfinite(smoothed) || smoothed > kBreakdown * std::abs(lowest);
    if (std::isfinite(smoothed)) range.points.push_back({rate, loss, smoothed});
    if (should_stop && should_stop()) break;
  }
  judge(range);
  return range;
}

void judge(LearningRateRange& range) {
  const auto& points = range.points;
  if (points.empty()) return;
  size_t lowest = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    if (points[i].smoothed_loss < points[lowest].smoothed_loss) lowest = i;
  }
  range.lowest = points[lowest].learning_rate;
  range.suggested = range.lowest;
  double steepest = 0;  // rates grow by one factor, so the slope is that over log(rate)
  for (size_t i = kSlopePoints; i + kSlopePoints <= lowest; ++i) {
    const double fall =
        points[i - kSlopePoints].smoothed_loss - points[i + kSlopePoints].smoothed_loss;
    if (fall <= steepest) continue;
    steepest = fall;
    range.suggested = points[i].learning_rate;
  }
}

}  // namespace sinapse
