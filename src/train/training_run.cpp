#include "train/training_run.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>
#include <sinapse/optimizer.h>

#include "data/philox.h"
#include "network/sequence_steps.h"
#include "train/answers.h"
#include "train/default_network.h"
#include "train/fine_tune.h"
#include "train/loop.h"
#include "train/observer.h"
#include "train/record.h"

namespace sinapse {

namespace {

constexpr int64_t kPredictionRows = 512;

// Metrics of the rows that were learned from are those of at most so many outputs (5 to 8 bytes
// each would be kept several times over), which fixes them to about a thousandth.
constexpr int64_t kMostMeasured = int64_t{1} << 20;

// One of every `step` rows, at random.
std::vector<int64_t> some_of(const Rows& rows, int64_t step, uint64_t seed) {
  const RandomStream random(seed, purpose_of("rows to measure"), 0);
  std::vector<int64_t> some;
  for (int64_t begin = 0; begin + step <= std::ssize(rows); begin += step) {
    some.push_back(rows[begin + random.bits(begin / step) % step]);
  }
  return some;
}

}  // namespace

TrainingRun::TrainingRun(Prepared prepared, const RunOptions& options,
                         const TrainCallbacks& callbacks)
    : prepared_(std::move(prepared)), callbacks_(callbacks), team_(options.training.threads) {
  remark_all(prepared_.remarks);
  remark_all(prepared_.trained.target.remarks());
  if (prepared_.trained.features) remark_all(prepared_.trained.features->remarks());
  RunOptions chosen = options;
  Loss loss = parse_loss(prepared_.trained.loss);
  loss.label_weights.clear();  // data.class_weight says them
  chosen.training.loss = to_string(loss);
  result_.resolved = resolve(std::move(chosen), data_size());
  result_.resolved.data.split_by = prepared_.split_by;
  describe();
}

TrainResult TrainingRun::run() {
  const auto start = std::chrono::steady_clock::now();
  const Optimizer optimizer = parse_optimizer(result_.resolved.training.optimizer);
  const std::vector<InputDescription> inputs = input_descriptions(prepared_.trained);
  const TrainingGraph graph = training_graph(optimizer, inputs);
  const GraphOfSteps graph_of = [&](int64_t steps) {
    return training_graph(optimizer, with_steps(inputs, steps));
  };
  const std::map<std::string, std::vector<float>> start_weights = weights_to_begin_from(graph);
  for (const LayerSummary& layer : graph.layers) {
    if (callbacks_.on_layer) callbacks_.on_layer(layer);
  }
  const std::optional<Augmenter> augmenter = make_augmenter();
  Predictor predictor(prepared_.trained.network, inputs, kPredictionRows,
                      prepared_.trained.stateful);
  Checkpoints checkpoints(
      result_.resolved,
      [&] {
        return fingerprint_of(prepared_.data, prepared_.split.train, prepared_.split.validation);
      },
      callbacks_);
  const ObservedRun observed(callbacks_.observers,
                             {prepared_.trained, prepared_.data, prepared_.split.train,
                              result_.resolved.network.freeze, team_});
  LoopResult loop =
      run_loop({graph, optimizer, prepared_.data, prepared_.split.train, prepared_.split.validation,
                prepared_.trained.target, result_.resolved.training, predictor, team_, callbacks_,
                augmenter ? &*augmenter : nullptr, prepared_.location, checkpoints, start_weights,
                prepared_.data.has_sequences() ? graph_of : nullptr});
  predictor.set_weights(loop.weights);
  prepared_.trained.weights = std::move(loop.weights);
  evaluate(predictor);
  result_.history = std::move(loop.history);
  result_.epochs = static_cast<int64_t>(result_.history.size());
  result_.best_epoch = loop.best_epoch;
  result_.interrupted = loop.interrupted;
  result_.out_of_time = loop.out_of_time;
  result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  finish(graph);
  return std::move(result_);
}

LearningRateRange TrainingRun::test_learning_rates(const LearningRateRangeOptions& range) {
  const TrainingOptions& training = result_.resolved.training;
  const Optimizer optimizer = parse_optimizer(training.optimizer);
  if (optimizer.definition->full_batch) {
    throw Error(ErrorCode::usage,
                fmt::format("{} finds its own steps on all rows at once, so there is no range of "
                            "learning rates to test.",
                            optimizer.definition->name));
  }
  return sweep_learning_rates(training_graph(optimizer, input_descriptions(prepared_.trained)),
                              optimizer, prepared_.data, prepared_.split.train, training, range,
                              team_, callbacks_.should_stop);
}

TrainingGraph TrainingRun::training_graph(const Optimizer& optimizer,
                                          const std::vector<InputDescription>& inputs) const {
  return build_training_graph(
      prepared_.trained.network, inputs, prepared_.trained.loss, optimizer,
      update_rules(result_.resolved.training), result_.resolved.network.freeze,
      mixes_rows(result_.resolved.augment) && !optimizer.definition->full_batch,
      prepared_.trained.stateful);
}

DataSize TrainingRun::data_size() const {
  DataSize size{.training_rows = static_cast<int64_t>(prepared_.split.train.size()),
                .validation_rows = static_cast<int64_t>(prepared_.split.validation.size()),
                .pixels = prepared_.trained.pixels.has_value(),
                .sequences = prepared_.trained.sequences.has_value(),
                .task = prepared_.trained.target.task()};
  for (const InputColumns& input : prepared_.data.inputs) size.inputs += input.columns;
  if (prepared_.trained.sequences) size.steps = prepared_.trained.sequences->longest;
  if (prepared_.trained.features && !prepared_.trained.features->tokens().empty()) {
    size.sequences = size.tokens = true;
    size.steps = prepared_.trained.features->tokens().front().length;
  }
  return size;
}

std::optional<Augmenter> TrainingRun::make_augmenter() const {
  const AugmentationOptions& options = result_.resolved.augment;
  if (!is_augmented(options)) return std::nullopt;
  if (prepared_.trained.pixels)
    return Augmenter(options, prepared_.trained.pixels->network_shape());
  throw Error(ErrorCode::usage, "augment is for pictures, but the data are a table.");
}

// Those of the model, if there is one; the others are drawn.
std::map<std::string, std::vector<float>> TrainingRun::weights_to_begin_from(
    const TrainingGraph& graph) {
  if (!prepared_.start && prepared_.first_weights)
    return prepared_.first_weights(prepared_.trained.network);
  if (!prepared_.start) return {};
  StartingWeights start =
      starting_weights(prepared_.start->trained(), graph, prepared_.same_target);
  if (!start.drawn.empty()) {
    remark_all({fmt::format("begin anew, as the model has no such weights or another target: {}.",
                            fmt::join(start.drawn, ", "))});
  }
  return std::move(start.weights);
}

void TrainingRun::describe() {
  const NetworkOptions& network = result_.resolved.network;
  TrainedNetwork& trained = prepared_.trained;
  const int64_t num_outputs = trained.target.num_outputs();
  const bool is_given =
      !network.hidden.empty() || !network.layers.empty() || !network.preset.empty();
  if (prepared_.start && !is_given) {
    trained.network = continued_network(prepared_.start->trained().network, num_outputs);
    return;
  }
  if (trained.series) {
    trained.network =
        describe_series_network(network, trained.series->future_width() > 0, num_outputs);
    return;
  }
  if (trained.sequences) {
    trained.network = describe_sequence_network(network, trained.sequences->per_row, num_outputs);
    require_any_steps(trained.network, input_descriptions(trained));
    return;
  }
  if (trained.features && !trained.features->tokens().empty()) {
    trained.network = describe_text_network(network, *trained.features, num_outputs);
    require_any_steps(trained.network, input_descriptions(trained));
    return;
  }
  const Features* features = trained.features ? &*trained.features : nullptr;
  const Shape row = trained.pixels ? trained.pixels->network_shape() : Shape{data_size().inputs};
  trained.network = describe_network(network, features, row, num_outputs);
}

void TrainingRun::evaluate(const Predictor& predictor) {
  if (prepared_.judge) return prepared_.judge(predictor, prepared_, team_, result_);
  measure_training_rows(predictor);
  measure(predictor, "validation", prepared_.data, prepared_.split.validation);
  measure(predictor, "test", prepared_.data, prepared_.split.test);
  if (prepared_.test) measure(predictor, "test", *prepared_.test, known_rows(*prepared_.test));
}

void TrainingRun::measure_training_rows(const Predictor& predictor) {
  const Rows& rows = prepared_.split.train;
  const int64_t outputs = std::ssize(rows) * prepared_.trained.target.num_outputs();
  const int64_t step = (outputs + kMostMeasured - 1) / kMostMeasured;
  if (step <= 1) return measure(predictor, "train", prepared_.data, rows);
  const std::vector<int64_t> some = some_of(rows, step, result_.resolved.training.seed);
  remark_all({fmt::format("the metrics of the training part are those of {} of its {} rows.",
                          some.size(), rows.size())});
  measure(predictor, "train", prepared_.data, some);
}

void TrainingRun::measure(const Predictor& predictor, const char* part, const Dataset& data,
                          const Rows& rows) {
  if (rows.empty()) return;
  const Target& target = prepared_.trained.target;
  const bool is_watched = !callbacks_.observers.empty() && !prepared_.trained.sequences;
  const Measurement measured(predictor, data, rows, target, parse_loss(prepared_.trained.loss),
                             team_, /*in_memory=*/false,
                             is_watched ? most_shown(target.num_outputs()) : 0);
  Evaluation evaluation = measured.all({}, team_);
  result_.metrics[part] = std::move(evaluation.metrics);
  if (is_classification(target.task())) result_.class_reports[part] = std::move(evaluation.report);
  if (!target.is_one()) result_.targets[part] = std::move(evaluation.targets);
  if (!is_watched) return;
  if (measured.shown_rows().size() < rows.size()) {
    remark_all({fmt::format("the figures of the {} part are of {} of its {} rows.", part,
                            measured.shown_rows().size(), rows.size())});
  }
  for (TrainingObserver* observer : callbacks_.observers) {
    observer->on_measured(
        {part, measured.shown(), target, measured.shown_rows(), &data != &prepared_.data});
  }
}

void TrainingRun::finish(const TrainingGraph& graph) {
  for (const ParameterInfo& parameter : graph.parameters) {
    if (parameter.trainable) result_.parameters += row_size(parameter.shape);
  }
  result_.weights_sha256 = weights_sha256(prepared_.trained);
  prepared_.trained.record = training_record(result_, prepared_.split);
  result_.model = Model(std::make_shared<const TrainedNetwork>(std::move(prepared_.trained)));
}

void TrainingRun::remark_all(const std::vector<std::string>& remarks) const {
  if (!callbacks_.on_remark) return;
  for (const std::string& remark : remarks) callbacks_.on_remark(remark);
}

}  // namespace sinapse
