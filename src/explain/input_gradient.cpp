#include "explain/input_gradient.h"

#include <algorithm>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

using Part = DifferentiableGraph::Part;

size_t input_with(const std::vector<ValueId>& inputs, ValueId id) {
  return static_cast<size_t>(std::find(inputs.begin(), inputs.end(), id) - inputs.begin());
}

// What embeddings put out becomes an input.
void cut_embeddings(const std::vector<ValueId>& inputs, DifferentiableGraph& result) {
  std::vector<Node> kept;
  for (Node& node : result.graph.mutable_nodes()) {
    const bool embeds = node.op == &op::embedding();
    const size_t input = embeds ? input_with(inputs, node.inputs[1]) : inputs.size();
    if (input == inputs.size()) {
      kept.push_back(std::move(node));
      continue;
    }
    Value& vector = result.graph.mutable_values()[node.outputs[0]];
    vector.kind = ValueKind::input;
    vector.producer = -1;
    result.parts.push_back({input, node.outputs[0], node.inputs[0]});
  }
  result.graph.mutable_nodes() = std::move(kept);
}

bool is_used(const Graph& graph, ValueId id) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(), [&](const Node& node) {
    return std::find(node.inputs.begin(), node.inputs.end(), id) != node.inputs.end();
  });
}

std::unique_ptr<DifferentiableGraph> differentiable(const TrainedNetwork& trained) {
  NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  auto result = std::make_unique<DifferentiableGraph>();
  result->graph = std::move(network.graph);
  result->output = network.output;
  result->parameters = std::move(network.parameters);
  cut_embeddings(network.inputs, *result);
  for (size_t i = 0; i < network.inputs.size(); ++i)
    if (is_used(result->graph, network.inputs[i])) result->parts.push_back({i, network.inputs[i]});
  std::stable_sort(result->parts.begin(), result->parts.end(),
                   [](const Part& a, const Part& b) { return a.input < b.input; });
  std::vector<ValueId> targets;
  for (Part& part : result->parts) {
    part.first = result->width;
    part.width = row_size(result->graph.shape(part.value));
    result->width += part.width;
    targets.push_back(part.value);
  }
  Graph& graph = result->graph;
  result->seed = graph.add_input("seed", graph.shape(result->output));
  result->gradients = differentiate(graph, result->output, result->seed, targets);
  std::vector<ValueId> outputs{result->output};
  for (const ValueId id : result->gradients)
    if (id != kNoValue) outputs.push_back(id);
  graph.set_outputs(outputs);
  return result;
}

}  // namespace

/// Computes up to max_rows points.
class InputGradient::Engine {
 public:
  virtual ~Engine() = default;
  /// Appends to `values` what these rows of points give.
  virtual void run(std::span<const double> points, int64_t rows, int64_t output, Team& team,
                   Values& values) = 0;
};

class InputGradient::ReferenceEngine : public Engine {
 public:
  ReferenceEngine(const DifferentiableGraph& graph, const TrainedNetwork& trained)
      : graph_(graph), interpreter_(graph.graph) {
    for (const ParameterInfo& parameter : graph.parameters) {
      const std::vector<float>& weights = trained.weights.at(parameter.name);
      interpreter_.value(parameter.value).assign(weights.begin(), weights.end());
    }
  }

  void run(std::span<const double> points, int64_t rows, int64_t output, Team&,
           Values& values) override {
    for (const Part& part : graph_.parts) {
      std::vector<double>& input = interpreter_.value(part.value);
      input.clear();
      for (int64_t r = 0; r < rows; ++r) {
        const double* from = points.data() + r * graph_.width + part.first;
        input.insert(input.end(), from, from + part.width);
      }
    }
    const int64_t num_outputs = row_size(graph_.graph.shape(graph_.output));
    std::vector<double>& seed = interpreter_.value(graph_.seed);
    seed.assign(static_cast<size_t>(rows * num_outputs), 0);
    for (int64_t r = 0; r < rows; ++r) seed[r * num_outputs + output] = 1;
    interpreter_.run(rows);

    const std::vector<double>& outputs = interpreter_.value(graph_.output);
    values.outputs.insert(values.outputs.end(), outputs.begin(),
                          outputs.begin() + static_cast<std::ptrdiff_t>(rows * num_outputs));
    for (int64_t r = 0; r < rows; ++r) {
      for (size_t p = 0; p < graph_.parts.size(); ++p) {
        const int64_t width = graph_.parts[p].width;
        if (graph_.gradients[p] == kNoValue) {
          values.gradients.insert(values.gradients.end(), static_cast<size_t>(width), 0.0);
          continue;
        }
        const double* from = interpreter_.value(graph_.gradients[p]).data() + r * width;
        values.gradients.insert(values.gradients.end(), from, from + width);
      }
    }
  }

 private:
  const DifferentiableGraph& graph_;
  Interpreter<double> interpreter_;
};

class InputGradient::PlanEngine : public Engine {
 public:
  PlanEngine(const DifferentiableGraph& graph, const TrainedNetwork& trained, int64_t max_rows)
      : graph_(graph),
        no_team_(1),
        plan_(compile(graph.graph, {.max_rows = max_rows}, cpu_kernels())),
        weights_(plan_, no_team_) {
    for (const ParameterInfo& parameter : graph.parameters)
      weights_.write(parameter.value, trained.weights.at(parameter.name));
  }

  void run(std::span<const double> points, int64_t rows, int64_t output, Team& team,
           Values& values) override {
    Executor executor(plan_, team, &weights_);
    executor.run(rows, {}, [&](int64_t begin, int64_t end) {
      for (const Part& part : graph_.parts) {
        const View<float> input = executor.rows(part.value, rows);
        for (int64_t r = begin; input && r < end; ++r) {
          const double* from = points.data() + r * graph_.width + part.first;
          for (int64_t i = 0; i < part.width; ++i) input.at(r, i) = static_cast<float>(from[i]);
        }
      }
      const View<float> seed = executor.rows(graph_.seed, rows);
      for (int64_t r = begin; seed && r < end; ++r)
        for (int64_t i = 0; i < seed.columns; ++i) seed.at(r, i) = i == output ? 1.0f : 0.0f;
    });
    append(executor.rows(graph_.output, rows), values.outputs);
    for (int64_t r = 0; r < rows; ++r) {
      for (size_t p = 0; p < graph_.parts.size(); ++p) {
        if (graph_.gradients[p] == kNoValue) {
          values.gradients.insert(values.gradients.end(), graph_.parts[p].width, 0.0);
          continue;
        }
        const View<float> gradient = executor.rows(graph_.gradients[p], rows);
        values.gradients.insert(values.gradients.end(), gradient.row(r),
                                gradient.row(r) + gradient.columns);
      }
    }
  }

 private:
  static void append(const View<float>& view, std::vector<double>& to) {
    for (int64_t r = 0; r < view.rows; ++r)
      to.insert(to.end(), view.row(r), view.row(r) + view.columns);
  }

  const DifferentiableGraph& graph_;
  Team no_team_;
  std::shared_ptr<const Plan> plan_;
  Executor weights_;
};

InputGradient::InputGradient(const TrainedNetwork& trained, Precision precision, int64_t max_rows)
    : differentiable_(differentiable(trained)), trained_(trained), max_rows_(max_rows) {
  if (precision == Precision::single)
    engine_ = std::make_unique<PlanEngine>(*differentiable_, trained, max_rows);
  else
    engine_ = std::make_unique<ReferenceEngine>(*differentiable_, trained);
}

InputGradient::~InputGradient() = default;

const std::vector<Part>& InputGradient::parts() const {
  return differentiable_->parts;
}

int64_t InputGradient::width() const {
  return differentiable_->width;
}

int64_t InputGradient::num_outputs() const {
  return row_size(differentiable_->graph.shape(differentiable_->output));
}

std::vector<double> InputGradient::points(const Dataset& data) const {
  const Graph& graph = differentiable_->graph;
  std::vector<double> points;
  std::vector<float> row;
  for (int64_t r = 0; r < data.rows; ++r) {
    for (const Part& part : parts()) {
      const InputColumns& input = data.inputs[part.input];
      row.resize(input.columns);
      input.copy_row(r, row.data());
      if (part.table == kNoValue) {
        points.insert(points.end(), row.begin(), row.end());
        continue;
      }
      const int64_t categories = graph.shape(part.table)[0];
      const std::vector<float>& table = trained_.weights.at(graph.value(part.table).name);
      const auto place = static_cast<int64_t>(row[0]);
      const int64_t known = place >= 0 && place < categories ? place : categories - 1;
      const float* vector = table.data() + known * part.width;
      points.insert(points.end(), vector, vector + part.width);
    }
  }
  return points;
}

InputGradient::Values InputGradient::evaluate(std::span<const double> points, int64_t output,
                                              Team& team) const {
  Values values;
  const int64_t rows = static_cast<int64_t>(points.size()) / std::max<int64_t>(1, width());
  for (int64_t first = 0; first < rows; first += max_rows_) {
    const int64_t count = std::min(max_rows_, rows - first);
    engine_->run(points.subspan(first * width(), count * width()), count, output, team, values);
  }
  return values;
}

}  // namespace sinapse
