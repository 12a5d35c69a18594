// The learning-rate range test: which rates a network can learn with.
#pragma once

#include <functional>
#include <vector>

#include <sinapse/table.h>
#include <sinapse/train.h>

namespace sinapse {

struct LearningRateRangeOptions {
  double from = 1e-6, to = 1;  ///< the first and the last rate
  int64_t steps = 200;         ///< batches; each takes a rate by the same factor larger
  double smoothing = 0.95;     ///< decay of the mean loss
};

/// One step of the test.
struct LearningRatePoint {
  double learning_rate = 0;
  double loss = 0;           ///< of the batch, before the step
  double smoothed_loss = 0;  ///< s_k / (1 - smoothing^k),  s = smoothing s + (1 - smoothing) loss
};

struct LearningRateRange {
  std::vector<LearningRatePoint> points;  ///< up to the rate at which learning breaks down
  double suggested = 0;                   ///< where the smoothed loss falls fastest
  double lowest = 0;                      ///< where it is lowest: more is too much
  bool broke_down = false;  ///< the smoothed loss rose to four times its lowest, or was not finite
};

/// Trains once for some steps while the rate grows from `from` to `to` by the same factor each
/// step; the loss shows at which rates the network learns. Rows, network, optimizer and batches are
/// those of train() with the same options; epochs, schedule and learning_rate have no effect. The
/// same bits on any number of threads. Throws Error(usage) for a range that is none, for an
/// optimizer that takes all rows at once, and what train() throws. Smith 2017, Cyclical Learning
/// Rates for Training Neural Networks.
LearningRateRange test_learning_rates(const Table& table, const RunOptions& options,
                                      const LearningRateRangeOptions& range = {},
                                      const TrainCallbacks& callbacks = {});

LearningRateRange test_learning_rates(const ImageFolder& images, const RunOptions& options,
                                      const LearningRateRangeOptions& range = {},
                                      const TrainCallbacks& callbacks = {});

}  // namespace sinapse
