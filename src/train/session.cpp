#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/session.h>

#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "features/target_columns.h"
#include "network/free_time.h"
#include "network/sequence_steps.h"
#include "network/trained_network.h"
#include "ops/scalars.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::usage, "Session: " + message);
}

// The network for sequences of one row, if it is one that can go row by row.
NetworkGraph one_step_of(const TrainedNetwork& trained) {
  const bool arrays = !trained.sequences;
  if (arrays && (!trained.pixels || trained.pixels->shape.size() != 2 ||
                 trained.pixels->channels != Channels::none)) {
    fail("the model takes no sequences, of rows or [time, features].");
  }
  const NetworkGraph whole = build_network(trained.network, input_descriptions(trained), false);
  if (!goes_row_by_row(whole)) {
    fail(
        "the network does not go through its sequences once, from the first row to the last; "
        "expected rnn, lstm, gru or context layers with direction forward, and layers that treat "
        "each row "
        "by itself.");
  }
  return build_network(
      trained.network,
      arrays ? std::vector<InputDescription>{{"pixels", {1, trained.pixels->shape[1]}}}
             : with_steps(input_descriptions(trained), 1),
      false);
}

/// Where a recurrent layer's state comes in and goes out; both have the same size.
struct StatePort {
  ValueId in, out;
  int64_t size;
};

// The states become inputs and outputs of the graph.
std::vector<StatePort> open_states(NetworkGraph& network) {
  std::vector<StatePort> ports;
  std::vector<ValueId> outputs{network.output};
  Graph& graph = network.graph;
  for (Node& node : graph.mutable_nodes()) {
    for (const StatePlace& place : state_places(node)) {
      const ValueId out = node.outputs[place.output];
      const ValueId in =
          graph.add_input(fmt::format("{} state {}", node.name, ports.size()), graph.shape(out));
      node.inputs.resize(std::max(node.inputs.size(), place.input + 1), kNoValue);
      node.inputs[place.input] = in;
      ports.push_back({in, out, row_size(graph.shape(out))});
      outputs.push_back(out);
    }
  }
  graph.set_outputs(outputs);
  return ports;
}

}  // namespace

struct Session::Network {
  explicit Network(const Model& model)
      : kept(model), trained(model.trained()), graph(one_step_of(trained)), team(1) {
    ports = open_states(graph);
    for (const StatePort& port : ports) state_size += port.size;
    executor =
        std::make_unique<Executor>(compile(graph.graph, {.max_rows = 1}, cpu_kernels()), team);
    for (const ParameterInfo& parameter : graph.parameters)
      executor->write(parameter.value, trained.weights.at(parameter.name));
    const Target& target = trained.target;
    if (needs_all_targets(target.form()))
      fail("shares and directions are not answered row by row.");
    for (const TargetColumn& column : target.columns()) {
      const bool is_number = column.classes.empty() || target.form() == OutputForm::margin;
      num_outputs += is_number ? 1 : column.classes.size();
    }
    probabilities.resize(num_outputs);
  }

  void step(std::span<const float> row, std::span<float> state, float* answer) {
    fill(row);
    copy_states(
        [&](const StatePort& port, float* at) {
          const View<float> in = executor->rows(port.in, 1);
          if (in) std::copy_n(at, port.size, in.row(0));
        },
        state);
    executor->run(1);
    copy_states([&](const StatePort& port,
                    float* at) { std::copy_n(executor->rows(port.out, 1).row(0), port.size, at); },
                state);
    decode(executor->rows(graph.output, 1).row(0), answer);
  }

  template <class Copy>
  void copy_states(Copy copy, std::span<float> state) const {
    float* at = state.data();
    for (const StatePort& port : ports) {
      copy(port, at);
      at += port.size;
    }
  }

  // As ArrayFeatures::encode of floats; the rows of a table are encoded.
  void fill(std::span<const float> row) const {
    float* to = executor->rows(graph.inputs[0], 1).row(0);
    if (trained.sequences) {
      std::copy(row.begin(), row.end(), to);
      if (const View<float> length = executor->rows(graph.inputs[1], 1)) length.at(0, 0) = 1;
      return;
    }
    const float mean = trained.pixels->mean[0], scale = trained.pixels->scale[0];
    for (const float x : row) *to++ = (x - mean) * scale;
  }

  void decode(const float* outputs, float* answer) {
    const Target& target = trained.target;
    const size_t count = target.columns().size();
    if (target.task() == Task::multiclass) {
      softmax(outputs, static_cast<int64_t>(num_outputs), probabilities.data());
      std::copy(probabilities.begin(), probabilities.end(), answer);
      return;
    }
    for (size_t i = 0; i < count; ++i) {
      const TargetColumn& column = target.columns()[i];
      if (column.classes.empty()) {
        *answer++ = column.decode(outputs[i]);
      } else if (target.form() == OutputForm::margin) {
        *answer++ = outputs[i];
      } else {
        *answer++ = static_cast<float>(sigmoid(-static_cast<double>(outputs[i])));
        *answer++ = static_cast<float>(sigmoid(static_cast<double>(outputs[i])));
      }
    }
  }

  const Model kept;  // which owns what `trained` is
  const TrainedNetwork& trained;
  NetworkGraph graph;
  std::vector<StatePort> ports;
  int64_t state_size = 0;
  Team team;
  std::unique_ptr<Executor> executor;
  size_t num_outputs = 0;
  std::vector<double> probabilities;
  std::mutex turn;
};

Session::Session(const Model& model)
    : network_(std::make_shared<Network>(model)),
      state_(network_->state_size),
      answer_(network_->num_outputs) {}

int64_t Session::features() const {
  const TrainedNetwork& trained = network_->trained;
  return trained.sequences ? trained.features->width() : trained.pixels->shape[1];
}
int64_t Session::outputs() const {
  return static_cast<int64_t>(answer_.size());
}

std::span<const float> Session::step(const Table& row) {
  if (!network_->trained.sequences) fail("the model takes rows of numbers, not of a table.");
  if (row.num_rows() != 1) {
    fail(fmt::format("a step is a table of one row, but this one has {}.", row.num_rows()));
  }
  const Features::Encoded encoded = network_->trained.features->encode(row);
  const std::lock_guard lock(network_->turn);
  network_->step(encoded.dense, state_, answer_.data());
  return answer_;
}

std::span<const float> Session::step(std::span<const float> row) {
  if (network_->trained.sequences) fail("the model takes rows of a table, not of numbers.");
  if (static_cast<int64_t>(row.size()) != features()) {
    fail(fmt::format("a row has {} numbers, but the model takes {}.", row.size(), features()));
  }
  const std::lock_guard lock(network_->turn);
  network_->step(row, state_, answer_.data());
  return answer_;
}

void Session::reset() {
  std::fill(state_.begin(), state_.end(), 0.0f);
}

void Session::set_state(std::span<const float> state) {
  if (state.size() != state_.size()) {
    fail(fmt::format("a state has {} numbers, but the model remembers {}.", state.size(),
                     state_.size()));
  }
  std::copy(state.begin(), state.end(), state_.begin());
}

}  // namespace sinapse
