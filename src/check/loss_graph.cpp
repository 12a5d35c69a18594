#include "check/loss_graph.h"

#include <algorithm>
#include <cmath>

#include <sinapse/initializer.h>
#include <sinapse/loss.h>

#include "data/philox.h"
#include "ops/operators.h"
#include "train/losses.h"

namespace sinapse {

namespace {

// The rows of the smallest table that the input is an index of; 0: of none.
int64_t num_categories(const Graph& graph, ValueId input) {
  int64_t smallest = 0;
  for (const Node& node : graph.nodes()) {
    if (node.op != &op::embedding() || node.inputs[1] != input) continue;
    const int64_t rows = graph.shape(node.inputs[0])[0];
    smallest = smallest == 0 ? rows : std::min(smallest, rows);
  }
  return smallest;
}

std::vector<float> normal_numbers(int64_t count, const RandomStream& random) {
  std::vector<float> numbers(static_cast<size_t>(count));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(random.normal(i));
  return numbers;
}

void make_whole(std::vector<float>& numbers, int64_t below, const RandomStream& random) {
  for (size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<float>(static_cast<uint64_t>(random.bits(i)) %
                                    static_cast<uint64_t>(std::max<int64_t>(1, below)));
}

// How many steps a sequence has at most whose length this input says; 0: it says something else.
int64_t most_steps(const LossGraph& graph, ValueId input) {
  const Shape& first = graph.graph.shape(graph.inputs[0]);
  const bool is_length = graph.graph.value(input).name == "length" &&
                         row_size(graph.graph.shape(input)) == 1 && first.size() == 3;
  return is_length ? first[1] : 0;
}

// Shares of a whole, or directions of length 1.
void normalise_rows(std::vector<float>& numbers, int64_t width, bool shares) {
  for (size_t first = 0; first < numbers.size(); first += static_cast<size_t>(width)) {
    const std::span<float> row = std::span(numbers).subspan(first, static_cast<size_t>(width));
    double size = 0;
    for (float& x : row) {
      if (shares) x = std::abs(x) + 0.1f;
      size += shares ? double{x} : double{x} * double{x};
    }
    for (float& x : row) x = static_cast<float>(x / (shares ? size : std::sqrt(size)));
  }
}

void suit_loss(std::vector<float>& target, const LossGraph& graph, const Loss& loss,
               const RandomStream& random) {
  const Shape& shape = graph.graph.shape(graph.output);
  switch (loss.definition->form) {
    case OutputForm::probabilities:
    case OutputForm::margin:
      return make_whole(
          target, loss.definition->tasks.front() == Task::multiclass ? shape.back() : 2, random);
    case OutputForm::distribution:
      return normalise_rows(target, row_size(shape), true);
    case OutputForm::direction:
      return normalise_rows(target, row_size(shape), false);
    case OutputForm::log:
    case OutputForm::relative:
      for (float& x : target) x = std::abs(x) + 0.5f;
      return;
    default:
      return;
  }
}

}  // namespace

bool LossGraph::is_index(ValueId input) const {
  return num_categories(graph, input) > 0 &&
         std::all_of(graph.nodes().begin(), graph.nodes().end(), [&](const Node& node) {
           return node.op == &op::embedding() ||
                  std::find(node.inputs.begin(), node.inputs.end(), input) == node.inputs.end();
         });
}

LossGraph build_loss_graph(const NetworkDescription& network,
                           const std::vector<InputDescription>& inputs, const std::string& loss,
                           bool training) {
  NetworkGraph built = build_network(network, inputs, training);
  LossGraph result{.graph = std::move(built.graph),
                   .inputs = std::move(built.inputs),
                   .output = built.output,
                   .parameters = std::move(built.parameters),
                   .layers = std::move(built.layers)};
  const Loss parsed = parse_loss(loss);
  result.target =
      result.graph.add_input("target", target_shape(parsed, result.graph.shape(result.output)));
  result.loss = append_loss(result.graph, parsed, result.output, result.target);
  return result;
}

Weights draw_weights(const std::vector<ParameterInfo>& parameters, uint64_t seed) {
  Weights weights;
  for (const ParameterInfo& parameter : parameters) {
    const std::vector<double> values =
        initial_values(parameter.initializer, parameter.shape, parameter.name, seed);
    weights[parameter.name].assign(values.begin(), values.end());
  }
  return weights;
}

Dataset draw_data(const LossGraph& graph, const std::string& loss, int64_t rows, uint64_t seed) {
  Dataset data{.rows = rows};
  for (const ValueId id : graph.inputs) {
    const int64_t columns = row_size(graph.graph.shape(id));
    const RandomStream random(seed, purpose_of("check " + graph.graph.value(id).name), 0);
    InputColumns input{.columns = columns, .numbers = normal_numbers(rows * columns, random)};
    if (const int64_t categories = num_categories(graph.graph, id); categories > 0)
      make_whole(input.numbers, categories, random);
    if (const int64_t steps = most_steps(graph, id); steps > 0) {
      make_whole(input.numbers, steps, random);
      for (float& length : input.numbers) ++length;
    }
    data.inputs.push_back(std::move(input));
  }
  data.target_width = row_size(graph.graph.shape(graph.target));
  const RandomStream random(seed, purpose_of("check target"), 0);
  data.target = normal_numbers(rows * data.target_width, random);
  suit_loss(data.target, graph, parse_loss(loss), random);
  return data;
}

void fill(Interpreter<double>& interpreter, const LossGraph& graph, const Weights& weights,
          const Dataset& data) {
  for (const ParameterInfo& parameter : graph.parameters) {
    const std::vector<float>& values = weights.at(parameter.name);
    interpreter.value(parameter.value).assign(values.begin(), values.end());
  }
  std::vector<float> row;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    std::vector<double>& input = interpreter.value(graph.inputs[i]);
    input.clear();
    row.resize(data.inputs[i].columns);
    for (int64_t r = 0; r < data.rows; ++r) {
      data.inputs[i].copy_row(r, row.data());
      input.insert(input.end(), row.begin(), row.end());
    }
  }
  std::vector<double>& target = interpreter.value(graph.target);
  target.assign(data.target.begin(), data.target.end());
  for (double& x : target)
    if (std::isnan(x)) x = 0;
}

}  // namespace sinapse
