#include "train/final_fit.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "network/trained_network.h"
#include "train/observer.h"
#include "train/record.h"

namespace sinapse {

namespace {

Split with_validation_rows(Split split) {
  split.train = merged(split.train, split.validation);
  split.validation = {};
  return split;
}

// The first training's, but that checkpoints are of that one alone, and that a batch of all its
// rows is one of all rows here.
RunOptions options_of(const TrainResult& first, size_t first_rows, size_t all_rows) {
  RunOptions options = first.resolved;
  int64_t& batch_size = options.training.batch_size;
  if (batch_size == static_cast<int64_t>(first_rows)) batch_size = static_cast<int64_t>(all_rows);
  options.training.early_stopping = false;
  options.training.final_fit = "none";
  if (options.training.time_limit.count() > 0) {
    options.training.time_limit =
        std::max(options.training.time_limit - Seconds(first.seconds), Seconds(1e-3));
  }
  options.checkpoint = {};
  return options;
}

void remark(const TrainCallbacks& callbacks, const std::string& text) {
  if (callbacks.on_remark) callbacks.on_remark(text);
}

// Keeps what the model says of the test rows until it is known that the model is kept.
class TestAnswers : public TrainingObserver {
 public:
  void on_measured(const MeasuredPart& part) override {
    if (part.name != kTest) return;
    answers_ = part.answers;
    target_ = part.target;
    rows_.assign(part.rows.begin(), part.rows.end());
    of_test_data_ = part.of_test_data;
  }
  void tell(const std::vector<TrainingObserver*>& observers) const {
    if (!answers_) return;
    for (TrainingObserver* observer : observers) {
      observer->on_measured({kTest, *answers_, target_, rows_, of_test_data_});
    }
  }

  static constexpr const char* kTest = "test";

 private:
  std::optional<Answers> answers_;
  Target target_;
  std::vector<int64_t> rows_;
  bool of_test_data_ = false;
};

// Training rows were seen by both, so the first training's say how much it overfits.
template <class Parts>
void take_over_test(Parts& parts, Parts& final_parts) {
  const auto found = final_parts.find(TestAnswers::kTest);
  if (found != final_parts.end()) parts[TestAnswers::kTest] = std::move(found->second);
}

}  // namespace

bool wants_final_fit(const TrainResult& result, const Split& split) {
  return result.resolved.training.final_fit == "all" && !split.validation.empty() &&
         !result.interrupted && !result.out_of_time;
}

TrainResult with_final_fit(TrainResult result, Split split, const TrainCallbacks& callbacks,
                           const TrainOnRows& train_on) {
  remark(callbacks, fmt::format("learns once more, now from all {} rows (training.final_fit).",
                                split.train.size() + split.validation.size()));
  Split all = with_validation_rows(split);
  TestAnswers test;
  TrainCallbacks watching{.should_stop = callbacks.should_stop};
  if (!callbacks.observers.empty()) watching.observers = {&test};
  TrainResult last =
      train_on(all, options_of(result, split.train.size(), all.train.size()), watching);
  result.seconds += last.seconds;
  result.interrupted = last.interrupted;
  result.out_of_time = last.out_of_time;
  if (last.interrupted || last.out_of_time) {
    remark(callbacks, "could not end that; the model has not learned from the validation rows.");
    result.resolved.training.final_fit = "none";
    return result;
  }
  take_over_test(result.metrics, last.metrics);
  take_over_test(result.class_reports, last.class_reports);
  take_over_test(result.targets, last.targets);
  test.tell(callbacks.observers);
  result.weights_sha256 = last.weights_sha256;
  TrainedNetwork trained = last.model.trained();
  trained.record = training_record(result, split);
  result.model = Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
  return result;
}

}  // namespace sinapse
