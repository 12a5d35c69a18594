#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/trainer.h>

#include "cpu/kernels.h"
#include "ops/prepare_update.h"
#include "train/losses.h"
#include "train/predictor.h"
#include "train/stepper.h"

namespace sinapse {

namespace {

constexpr const char* kInputName = "pixels";  // as a model of arrays calls it
constexpr int64_t kPredictionRows = 512;

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::usage, "Trainer: " + message);
}

TrainingGraph graph_of(const NetworkDescription& network, const InputDescription& input,
                       const TrainerOptions& options, const Optimizer& optimizer) {
  if (optimizer.definition->full_batch) {
    fail(
        fmt::format("{} takes all rows at once and chooses its own steps. Choose another "
                    "optimizer, or sinapse::train().",
                    optimizer.definition->name));
  }
  return build_training_graph(network, {input}, options.loss, optimizer,
                              {.l1 = options.l1,
                               .l2 = options.l2,
                               .clip_norm = options.clip_norm,
                               .clip_value = options.clip_value},
                              /*frozen=*/{}, /*mixes=*/false, options.stateful);
}

int64_t count_rows(std::span<const float> values, int64_t width, const char* what) {
  if (!values.empty() && values.size() % static_cast<size_t>(width) == 0) {
    return static_cast<int64_t>(values.size()) / width;
  }
  fail(fmt::format("{} are rows of {} numbers, but there are {} numbers.", what, width,
                   values.size()));
}

// A target that the output is as it stands.
Target plain_number() {
  return Target::from_json(R"({"version": 1, "column": "output", "task": "regression",
                               "classes": [], "mean": 0, "deviation": 1})");
}

}  // namespace

struct Trainer::State {
  State(const NetworkDescription& description, const Shape& shape, const TrainerOptions& wanted)
      : options(wanted),
        optimizer(parse_optimizer(wanted.optimizer)),
        network(with_names(description)),
        input{kInputName, shape},
        graph(graph_of(network, input, wanted, optimizer)),
        team(wanted.threads),
        stepper(compiled_stepper(graph, optimizer, std::max<int64_t>(1, wanted.max_batch), team,
                                 parse_precision(wanted.precision))),
        predictor(network, {input}, kPredictionRows),
        batch{.inputs = {{.columns = row_size(shape)}},
              .target_width = row_size(graph.graph.shape(graph.target))},
        order(std::max<int64_t>(1, wanted.max_batch)),
        begins(order.size(), true) {
    std::iota(order.begin(), order.end(), 0);
    initialize(*stepper, graph, wanted.seed);
    if (options.learning_rate == 0) {
      options.learning_rate = optimizer.definition->default_learning_rate;
    }
  }

  // The predictor with the weights of now.
  const Predictor& current() {
    if (!predictor_is_current) predictor.set_weights(weights_of(*stepper, graph));
    predictor_is_current = true;
    return predictor;
  }

  TrainerOptions options;
  const Optimizer optimizer;
  const NetworkDescription network;
  const InputDescription input;
  const TrainingGraph graph;
  Team team;
  std::unique_ptr<Stepper> stepper;
  Predictor predictor;
  bool predictor_is_current = false;
  Dataset batch;               // of the last step
  std::vector<int64_t> order;  // 0, 1, ... max_batch - 1
  int64_t steps = 0;
  std::vector<char> begins;  // by row of the next batch: whether its states are empty
};

Trainer::Trainer(const NetworkDescription& network, const Shape& input,
                 const TrainerOptions& options)
    : state_(std::make_unique<State>(network, input, options)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

double Trainer::step(std::span<const float> inputs, std::span<const float> targets) {
  State& s = *state_;
  const int64_t rows = count_rows(inputs, row_size(s.input.row_shape), "inputs");
  const int64_t width = s.batch.target_width;
  if (static_cast<int64_t>(targets.size()) != rows * width) {
    fail(fmt::format("{} rows of inputs want {} x {} targets, but there are {}.", rows, rows, width,
                     targets.size()));
  }
  if (rows > s.options.max_batch) {
    fail(fmt::format("a batch has {} rows, but max_batch is {}.", rows, s.options.max_batch));
  }
  s.batch.rows = rows;
  s.batch.inputs[0].numbers.assign(inputs.begin(), inputs.end());
  s.batch.target.assign(targets.begin(), targets.end());
  s.predictor_is_current = false;
  double sum = 0;
  const Batch batch{.data = s.batch,
                    .rows = std::span(s.order).first(rows),
                    .begins = std::span(s.begins).first(rows)};
  const StepState state{s.options.seed, ++s.steps, s.options.learning_rate};
  for (const float loss : s.stepper->step(batch, state)) sum += loss;
  std::fill_n(s.begins.begin(), rows, false);
  return sum / static_cast<double>(rows);
}

void Trainer::reset_states() {
  std::fill(state_->begins.begin(), state_->begins.end(), true);
}

int64_t Trainer::steps() const {
  return state_->steps;
}
double Trainer::learning_rate() const {
  return state_->options.learning_rate;
}
void Trainer::set_learning_rate(double rate) {
  if (!(rate >= 0) || !std::isfinite(rate)) {
    fail(fmt::format("a learning rate is at least 0, but this is {}.", rate));
  }
  state_->options.learning_rate = rate;
}

std::vector<float> Trainer::predict(std::span<const float> inputs) const {
  const int64_t width = row_size(state_->input.row_shape);
  Dataset data{.rows = count_rows(inputs, width, "inputs"), .inputs = {{.columns = width}}};
  data.inputs[0].numbers.assign(inputs.begin(), inputs.end());
  return state_->current().run(data, {}, state_->team);
}

std::map<std::string, std::vector<float>> Trainer::weights() const {
  return weights_of(*state_->stepper, state_->graph);
}

void Trainer::set_weights(const std::map<std::string, std::vector<float>>& weights) {
  state_->predictor.set_weights(weights);  // checks them
  sinapse::set_weights(*state_->stepper, state_->graph, weights);
  state_->predictor_is_current = true;
}

Model Trainer::model(const std::vector<std::string>& classes) const {
  TrainedNetwork trained{.network = state_->network, .pixels = ArrayFeatures{}};
  trained.pixels->shape = state_->input.row_shape;
  trained.pixels->type = ElementType::float32;
  trained.target = classes.empty() ? plain_number() : Target::of_classes("class", classes);
  const Loss loss = choose_loss(state_->options.loss, trained.target.task());
  trained.loss = to_string(loss);
  if (!classes.empty()) trained.target.set_form(loss.definition->form);
  const int64_t outputs = row_size(state_->graph.graph.shape(state_->graph.output));
  if (outputs != trained.target.num_outputs()) {
    fail(fmt::format("the network has {} outputs, but a model with {} classes wants {}.", outputs,
                     classes.size(), trained.target.num_outputs()));
  }
  trained.weights = weights();
  return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
}

}  // namespace sinapse
