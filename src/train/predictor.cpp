#include "train/predictor.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "compile/shared_memory.h"
#include "cpu/kernels.h"
#include "network/sequence_steps.h"
#include "train/carried_states.h"
#include "train/row_lanes.h"
#include "train/row_window.h"

namespace sinapse {

namespace {

// Of sequences so many that memory stays small, however long they are.
int64_t rows_at_once(const std::vector<InputDescription>& inputs, int64_t max_rows) {
  constexpr int64_t kSteps = 1 << 14;
  for (const InputDescription& input : inputs) {
    if (input.is_sequence)
      return std::clamp<int64_t>(kSteps / input.row_shape.front(), 1, max_rows);
  }
  return max_rows;
}

void write_weights(const std::map<std::string, std::vector<float>>& weights,
                   const std::vector<ParameterInfo>& parameters, Executor& executor) {
  for (const ParameterInfo& parameter : parameters) {
    const auto found = weights.find(parameter.name);
    if (found == weights.end() ||
        static_cast<int64_t>(found->second.size()) != row_size(parameter.shape)) {
      throw Error(ErrorCode::model, fmt::format("The network needs {} of shape {}.", parameter.name,
                                                to_string(parameter.shape)));
    }
    executor.write(parameter.value, found->second);
  }
}

}  // namespace

Predictor::Predictor(const NetworkDescription& network, const std::vector<InputDescription>& inputs,
                     int64_t max_rows, bool stateful)
    : network_(network),
      inputs_(inputs),
      max_rows_(max_rows),
      stateful_(stateful),
      no_team_(std::make_unique<Team>(1)),
      whole_(compile_for(inputs)) {}

std::shared_ptr<Predictor::Compiled> Predictor::compile_for(
    const std::vector<InputDescription>& inputs) const {
  NetworkGraph built = build_network(network_, inputs, /*training=*/false);
  auto compiled = std::make_shared<Compiled>();
  compiled->inputs = built.inputs;
  if (stateful_) compiled->states = expose_states(built, stateful_layers(built));
  compiled->output = built.output;
  compiled->parameters = std::move(built.parameters);
  compiled->plan =
      compile(std::move(built.graph), {.max_rows = rows_at_once(inputs, max_rows_)}, cpu_kernels());
  compiled->shares_weights = whole_ && share_parameters(*whole_->plan, *compiled->plan);
  compiled->weights = std::make_unique<Executor>(
      compiled->plan, *no_team_, compiled->shares_weights ? whole_->weights.get() : nullptr);
  return compiled;
}

std::shared_ptr<const Predictor::Compiled> Predictor::for_steps(int64_t steps) const {
  const std::lock_guard lock(*mutex_);
  std::shared_ptr<Compiled>& compiled = by_steps_[padded_steps(steps)];
  if (compiled) return compiled;
  compiled = compile_for(with_steps(inputs_, padded_steps(steps)));
  if (compiled->shares_weights) return compiled;
  for (size_t p = 0; p < compiled->parameters.size(); ++p) {
    compiled->weights->write(compiled->parameters[p].value,
                             whole_->weights->read(whole_->parameters[p].value));
  }
  return compiled;
}

void Predictor::set_weights(const std::map<std::string, std::vector<float>>& weights) {
  write_weights(weights, whole_->parameters, *whole_->weights);
  for (const auto& [steps, compiled] : by_steps_) {
    if (!compiled->shares_weights) write_weights(weights, compiled->parameters, *compiled->weights);
  }
}

bool Predictor::answers_steps() const {
  const bool has_sequences = std::any_of(inputs_.begin(), inputs_.end(),
                                         [](const auto& input) { return input.is_sequence; });
  return has_sequences && whole_->plan->graph.shape(whole_->output).size() == 3;
}

int64_t Predictor::num_outputs() const {
  const Shape& shape = whole_->plan->graph.shape(whole_->output);
  return answers_steps() ? shape.back() : row_size(shape);
}

// Rows of similar length run together. What is computed for a row depends neither on the others nor
// on the padding, so their order does not matter.
std::vector<float> Predictor::run_sequences(const Dataset& data, std::span<const int64_t> rows,
                                            Team& team) const {
  std::vector<int64_t> places{0}, order(rows.size());  // of each row's outputs
  for (const int64_t row : rows)
    places.push_back(places.back() + num_outputs() * (answers_steps() ? data.num_steps(row) : 1));
  const auto steps_of = [&](int64_t i) { return padded_steps(data.num_steps(rows[i])); };
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return steps_of(a) < steps_of(b); });
  std::vector<float> outputs(places.back());
  for (auto first = order.begin(); first != order.end();) {
    const int64_t steps = steps_of(*first);
    const auto end =
        std::find_if(first, order.end(), [&](int64_t i) { return steps_of(i) != steps; });
    const std::shared_ptr<const Compiled> compiled = for_steps(steps);
    Executor executor(compiled->plan, team, compiled->weights.get());
    while (first != end) {
      const auto stop = first + std::min<int64_t>(compiled->plan->max_rows, end - first);
      const std::span<const int64_t> batch(first, stop);
      first = stop;
      const View<float> result = run_batch(*compiled, executor, data, rows, batch);
      for (size_t r = 0; r < batch.size(); ++r)
        std::copy_n(result.row(static_cast<int64_t>(r)), places[batch[r] + 1] - places[batch[r]],
                    outputs.data() + places[batch[r]]);
    }
  }
  return outputs;
}

View<float> Predictor::run_batch(const Compiled& compiled, Executor& executor, const Dataset& data,
                                 std::span<const int64_t> rows, std::span<const int64_t> batch) {
  const auto count = static_cast<int64_t>(batch.size());
  std::vector<View<float>> inputs;
  for (const ValueId input : compiled.inputs) inputs.push_back(executor.rows(input, count));
  executor.run(count, {}, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) copy_inputs(data, rows[batch[r]], nullptr, inputs, r);
  });
  return executor.rows(compiled.output, count);
}

namespace {

// Rows as they stand, so many at a time.
LaneOrder one_after_another(int64_t rows, int64_t max_rows) {
  LaneOrder order;
  order.places.resize(rows);
  std::iota(order.places.begin(), order.places.end(), 0);
  for (int64_t begin = 0; begin < rows; begin += max_rows) order.batch_begins.push_back(begin);
  order.batch_begins.push_back(rows);
  return order;
}

}  // namespace

std::vector<float> Predictor::run(const Dataset& data, std::span<const int64_t> picked,
                                  Team& team) const {
  if (data.has_sequences()) {
    std::vector<int64_t> all(picked.empty() ? data.rows : 0);
    std::iota(all.begin(), all.end(), 0);
    return run_sequences(data, picked.empty() ? std::span<const int64_t>(all) : picked, team);
  }
  Executor executor = this->executor(team);
  std::vector<int64_t> rows(picked.begin(), picked.end());
  if (rows.empty()) {
    rows.resize(data.rows);
    std::iota(rows.begin(), rows.end(), 0);
  }
  const int64_t width = num_outputs(), max_rows = whole_->plan->max_rows;
  const LaneOrder order = whole_->states.empty()
                              ? one_after_another(static_cast<int64_t>(rows.size()), max_rows)
                              : RowLanes(runs_of(data, rows), max_rows, /*whole=*/true).order();
  std::vector<int64_t> in_order;
  for (const int64_t place : order.places) in_order.push_back(rows[place]);
  CarriedStates carried(whole_->plan->graph, whole_->states, max_rows);
  RowWindow window(data.source.get());
  std::vector<View<float>> views(inputs().size());
  std::vector<float> outputs(rows.size() * width);
  for (int64_t batch = 0; batch < order.num_batches(); ++batch) {
    const int64_t first = order.batch_begins[batch], count = order.batch_begins[batch + 1] - first;
    const auto rows_of = [&](ValueId id) { return executor.rows(id, count); };
    for (size_t i = 0; i < views.size(); ++i) views[i] = rows_of(inputs()[i]);
    const float* const gathered = window.take(in_order, first, count).numbers;
    const int64_t columns = gathered == nullptr ? 0 : data.source->num_columns();
    const std::span<const char> begins =
        carried.empty() ? std::span<const char>() : std::span(order.begins).subspan(first, count);
    executor.run(count, {}, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        copy_inputs(data, in_order[first + r],
                    gathered == nullptr ? nullptr : gathered + r * columns, views, r);
      }
      carried.fill(begin, end, begins, rows_of);
    });
    carried.keep(count, rows_of);
    const View<float> result = rows_of(output());
    for (int64_t r = 0; r < count; ++r) {
      std::copy_n(result.row(r), width, outputs.data() + order.places[first + r] * width);
    }
  }
  return outputs;
}

}  // namespace sinapse
