#include "train/learning_rate_range.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

constexpr double kBreakdown = 4;    // times the lowest loss
constexpr size_t kSlopePoints = 5;  // on both sides of a point, between which its slope is taken

/// The rows of all batches: epochs in another order each.
class Batches {
 public:
  Batches(std::span<const int64_t> rows, const TrainingOptions& training)
      : rows_(rows), seed_(training.seed), batch_size_(training.batch_size) {}

  std::span<const int64_t> next() {
    if (begin_ >= order_.size()) shuffle();
    const size_t count = std::min<size_t>(batch_size_, order_.size() - begin_);
    const auto batch = std::span<const int64_t>(order_).subspan(begin_, count);
    begin_ += count;
    return batch;
  }

 private:
  void shuffle() {
    order_ = RandomStream(seed_, Purpose::shuffle, ++epoch_)
                 .permutation(static_cast<int64_t>(rows_.size()));
    for (int64_t& row : order_) row = rows_[row];
    begin_ = 0;
  }

  std::span<const int64_t> rows_;
  const uint64_t seed_;
  const int64_t batch_size_;
  int64_t epoch_ = 0;
  std::vector<int64_t> order_;
  size_t begin_ = 0;
};

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
                                       const Dataset& data, std::span<const int64_t> rows,
                                       const TrainingOptions& training,
                                       const LearningRateRangeOptions& options, Team& team,
                                       const std::function<bool()>& should_stop) {
  const auto stepper = training.reference
                           ? reference_stepper(graph, training.batch_size)
                           : compiled_stepper(graph, optimizer, training.batch_size, team,
                                              parse_precision(training.precision));
  initialize(*stepper, graph, training.seed);
  Batches batches(rows, training);
  RowWindow window(data.source.get());
  LearningRateRange range;
  const double growth =
      std::log(options.to / options.from) / static_cast<double>(options.steps - 1);
  double sum = 0, decayed = 1, lowest = INFINITY;
  for (int64_t step = 0; step < options.steps && !range.broke_down; ++step) {
    const double rate = options.from * std::exp(growth * static_cast<double>(step));
    const std::span<const int64_t> batch = batches.next();
    const float* const gathered = window.take(batch, 0, static_cast<int64_t>(batch.size()));
    const double loss = mean(stepper->step({.data = data, .rows = batch, .gathered = gathered},
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
