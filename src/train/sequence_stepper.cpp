#include "train/sequence_stepper.h"

#include <algorithm>
#include <map>

#include "compile/precision.h"
#include "data/philox.h"
#include "network/sequence_steps.h"

namespace sinapse {

namespace {

constexpr int64_t kBatchesSorted = 32;  // at once: enough for little padding, few enough for chance
constexpr int64_t kFirstSteps = 16;     // of the plan that has the weights before there is a batch

class SequenceStepper : public Stepper {
 public:
  SequenceStepper(GraphOfSteps graph_of, const Optimizer& optimizer, const TrainingOptions& options,
                  Team& team)
      : graph_of_(std::move(graph_of)),
        optimizer_(optimizer),
        batch_size_(options.batch_size),
        precision_(parse_precision(options.precision)),
        team_(team),
        last_(&length(kFirstSteps)) {}

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    int64_t steps = 0;
    for (const int64_t row : batch.rows) steps = std::max(steps, batch.data.num_steps(row));
    Length& next = length(padded_steps(steps));
    if (&next != last_ && !(next.shares_weights && last_->shares_weights))
      restore(*next.stepper, take_snapshot(*last_->stepper, last_->graph));
    last_ = &next;
    return last_->stepper->step(batch, state);
  }

  void write(ValueId id, std::span<const float> values) override {
    last_->stepper->write(id, values);
  }
  std::vector<float> read(ValueId id) const override { return last_->stepper->read(id); }
  std::vector<float> read_rows(ValueId id, int64_t rows) const override {
    return last_->stepper->read_rows(id, rows);
  }

 private:
  struct Length {
    TrainingGraph graph;
    std::unique_ptr<Stepper> stepper;
    bool shares_weights = true;  // with the first; else it gets them when its turn comes
  };

  std::unique_ptr<Stepper> stepper_of(const TrainingGraph& graph, const Stepper* shared) const {
    return compiled_stepper(graph, optimizer_, batch_size_, team_, precision_, shared);
  }

  Length& length(int64_t steps) {
    Length& one = lengths_[steps];
    if (one.stepper) return one;
    one.graph = graph_of_(steps);
    const Stepper* const first = lengths_.size() > 1 ? first_ : nullptr;
    one.stepper = stepper_of(one.graph, first);
    one.shares_weights = one.stepper != nullptr;
    if (!one.stepper) one.stepper = stepper_of(one.graph, nullptr);
    if (first == nullptr) first_ = one.stepper.get();
    return one;
  }

  const GraphOfSteps graph_of_;
  const Optimizer& optimizer_;
  const int64_t batch_size_;
  const ProductPrecision precision_;
  Team& team_;
  std::map<int64_t, Length> lengths_;
  const Stepper* first_ = nullptr;
  Length* last_;
};

void shuffle_batches(std::span<int64_t> rows, int64_t batch_size, const RandomStream& random) {
  const std::vector<int64_t> before(rows.begin(), rows.end());
  const auto whole = static_cast<int64_t>(rows.size()) / batch_size;
  const std::vector<int64_t> order = random.permutation(whole);
  for (int64_t b = 0; b < whole; ++b)
    std::copy_n(before.begin() + order[b] * batch_size, batch_size, rows.begin() + b * batch_size);
}

}  // namespace

std::unique_ptr<Stepper> sequence_stepper(GraphOfSteps graph_of, const Optimizer& optimizer,
                                          const TrainingOptions& options, Team& team) {
  return std::make_unique<SequenceStepper>(std::move(graph_of), optimizer, options, team);
}

void put_similar_lengths_together(const Dataset& data, int64_t batch_size, uint64_t seed,
                                  int64_t epoch, std::vector<int64_t>& rows) {
  const auto total = static_cast<int64_t>(rows.size()), run = kBatchesSorted * batch_size;
  for (int64_t first = 0; first < total; first += run) {
    const auto some = std::span(rows).subspan(first, std::min(run, total - first));
    std::stable_sort(some.begin(), some.end(),
                     [&](int64_t a, int64_t b) { return data.num_steps(a) < data.num_steps(b); });
    const uint64_t step = (static_cast<uint64_t>(epoch) << 32) + static_cast<uint64_t>(first);
    shuffle_batches(some, batch_size, RandomStream(seed, Purpose::batches, step));
  }
}

}  // namespace sinapse
