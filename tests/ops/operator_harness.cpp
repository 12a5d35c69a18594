#include "ops/operator_harness.h"

#include <sinapse/team.h>

#include <cmath>

#include <gtest/gtest.h>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "data/philox.h"

namespace sinapse {

namespace {

constexpr StepState kState{.seed = 7, .step = 3, .learning_rate = 0.1};

// Central differences of width h err by about h^2 and by rounding / h.
constexpr double kWidth = 1e-5, kDifferenceTolerance = 2e-7;
constexpr double kFloatTolerance = 2e-5;

double draw(const CaseInput& input, const RandomStream& random, int64_t i) {
  const double u = random.uniform(2 * i);
  switch (input.content) {
    case Content::number: return (random.uniform(2 * i + 1) < 0.5 ? -1 : 1) * (0.2 + 1.5 * u);
    case Content::index: return std::floor(u * static_cast<double>(input.count));
    default: return 0.3 + 1.5 * u;
  }
}

int64_t num_elements(const Shape& shape, int64_t rows) {
  return row_size(shape) * (is_batched(shape) ? rows : 1);
}

template <class T>
Interpreter<T> interpret(const DifferentiatedCase& built,
                         const std::vector<std::vector<double>>& values, int64_t rows) {
  Interpreter<T> interpreter(built.graph);
  for (size_t id = 0; id < values.size(); ++id) {
    if (values[id].empty()) continue;
    interpreter.value(static_cast<ValueId>(id)).assign(values[id].begin(), values[id].end());
  }
  interpreter.run(rows, kState);
  return interpreter;
}

double functional(const DifferentiatedCase& built, const std::vector<std::vector<double>>& values,
                  int64_t rows) {
  const Interpreter<double> interpreter = interpret<double>(built, values, rows);
  const auto& output = interpreter.value(built.output);
  double sum = 0;
  for (size_t i = 0; i < output.size(); ++i) sum += output[i] * values[built.seed][i];
  return sum;
}

template <class A, class B>
void expect_near(const A& actual, const B& expected, double tolerance, const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  double scale = 1;
  for (const double value : expected) scale = std::max(scale, std::abs(value));
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance * scale) << what << "[" << i << "]";
  }
}

// What a caller can read: the output and its gradients.
std::vector<ValueId> wanted_values(const DifferentiatedCase& built) {
  std::vector<ValueId> wanted{built.output};
  for (const ValueId id : built.gradients) {
    if (id != kNoValue) wanted.push_back(id);
  }
  return wanted;
}

std::vector<float> read_rows(const Executor& executor, const Graph& graph, ValueId id,
                             int64_t rows) {
  if (!is_batched(graph.shape(id))) return executor.read(id);
  const View<float> view = executor.rows(id, rows);
  std::vector<float> values;
  for (int64_t r = 0; r < rows; ++r) values.insert(values.end(), view.row(r), view.row(r) + view.columns);
  return values;
}

void fill(Executor& executor, const DifferentiatedCase& built,
          const std::vector<std::vector<double>>& values, int64_t rows) {
  for (size_t index = 0; index < values.size(); ++index) {
    if (values[index].empty()) continue;
    const auto id = static_cast<ValueId>(index);
    const ValueKind kind = built.graph.value(id).kind;
    const std::vector<float> plain(values[index].begin(), values[index].end());
    if (kind == ValueKind::parameter || kind == ValueKind::state) executor.write(id, plain);
    if (kind != ValueKind::input) continue;
    const View<float> view = executor.rows(id, rows);
    if (!view) continue;
    for (int64_t r = 0; r < rows; ++r) {
      std::copy_n(plain.begin() + r * view.columns, view.columns, view.row(r));
    }
  }
}

}  // namespace

CaseInput number(Shape shape) { return {std::move(shape), Content::number}; }
CaseInput positive(Shape shape) { return {std::move(shape), Content::positive}; }
CaseInput fixed(Shape shape) { return {std::move(shape), Content::fixed}; }
CaseInput index(int64_t count, int64_t columns) {
  return {batched({columns}), Content::index, count};
}

BuildCase apply(const Operator& op, Attributes attributes) {
  return [&op, attributes](Graph& graph, const std::vector<ValueId>& inputs) {
    return graph.append(op, "tested", inputs, attributes)[0];
  };
}

DifferentiatedCase differentiated(const OperatorCase& tested, int only) {
  DifferentiatedCase built;
  for (const CaseInput& input : tested.inputs) {
    const std::string name = "input" + std::to_string(built.inputs.size());
    const bool batched = is_batched(input.shape);
    const ValueId id = batched ? built.graph.add_input(name, input.shape)
                               : built.graph.add_parameter(name, input.shape);
    built.inputs.push_back(id);
    const bool differentiable =
        input.content == Content::number || input.content == Content::positive;
    if (differentiable && (only < 0 || only == id)) built.targets.push_back(id);
  }
  built.output = tested.build(built.graph, built.inputs);
  const Shape shape = built.graph.shape(built.output);
  built.seed = is_batched(shape) ? built.graph.add_input("seed", shape)
                                 : built.graph.add_parameter("seed", shape);
  built.gradients = differentiate(built.graph, built.output, built.seed, built.targets);
  built.graph.set_outputs(wanted_values(built));
  verify(built.graph);
  return built;
}

std::vector<std::vector<double>> case_values(const DifferentiatedCase& built,
                                             const OperatorCase& described, int64_t rows) {
  std::vector<std::vector<double>> values(built.graph.values().size());
  const auto draw_all = [&](ValueId id, const CaseInput& input) {
    const RandomStream random(11, static_cast<uint32_t>(id), rows);
    values[id].resize(num_elements(input.shape, rows));
    for (size_t i = 0; i < values[id].size(); ++i) {
      values[id][i] = static_cast<float>(draw(input, random, static_cast<int64_t>(i)));
    }
  };
  for (size_t i = 0; i < built.inputs.size(); ++i) draw_all(built.inputs[i], described.inputs[i]);
  draw_all(built.seed, number(built.graph.shape(built.seed)));
  return values;
}

void expect_gradient_matches_differences(const OperatorCase& tested, int64_t rows) {
  const DifferentiatedCase built = differentiated(tested);
  auto values = case_values(built, tested, rows);
  const Interpreter<double> interpreter = interpret<double>(built, values, rows);
  ASSERT_FALSE(built.targets.empty());
  for (size_t t = 0; t < built.targets.size(); ++t) {
    const ValueId target = built.targets[t];
    ASSERT_NE(built.gradients[t], kNoValue) << "no gradient of input " << t;
    EXPECT_EQ(built.graph.shape(built.gradients[t]), built.graph.shape(target));
    std::vector<double> differences;
    for (double& x : values[target]) {
      const double middle = x;
      x = middle + kWidth;
      const double above = functional(built, values, rows);
      x = middle - kWidth;
      const double below = functional(built, values, rows);
      x = middle;
      differences.push_back((above - below) / (2 * kWidth));
    }
    expect_near(interpreter.value(built.gradients[t]), differences, kDifferenceTolerance,
                "gradient of input " + std::to_string(t));
  }
}

void expect_gradient_does_not_depend_on_other_targets(const OperatorCase& tested, int64_t rows) {
  const DifferentiatedCase all = differentiated(tested);
  const auto expected = interpret<double>(all, case_values(all, tested, rows), rows);
  for (size_t t = 0; t < all.targets.size(); ++t) {
    const DifferentiatedCase one = differentiated(tested, all.targets[t]);
    auto values = case_values(one, tested, rows);
    values[one.seed] = expected.value(all.seed);
    const auto actual = interpret<double>(one, values, rows);
    EXPECT_EQ(actual.value(one.gradients[0]), expected.value(all.gradients[t]));
  }
}

void expect_float_agrees_with_double(const OperatorCase& tested, int64_t rows) {
  const DifferentiatedCase built = differentiated(tested);
  const auto values = case_values(built, tested, rows);
  const auto narrow = interpret<float>(built, values, rows);
  const auto wide = interpret<double>(built, values, rows);
  for (const ValueId id : wanted_values(built)) {
    expect_near(narrow.value(id), wide.value(id), kFloatTolerance, built.graph.value(id).name);
  }
}

void expect_plan_agrees_with_reference(const OperatorCase& tested, int64_t rows,
                                       int64_t max_rows) {
  const DifferentiatedCase built = differentiated(tested);
  const auto values = case_values(built, tested, rows);
  const auto expected = interpret<double>(built, values, rows);
  Team team(1);
  Executor executor(compile(built.graph, {.max_rows = max_rows, .training = true}, cpu_kernels()),
                    team);
  fill(executor, built, values, rows);
  executor.run(rows, kState);
  for (const ValueId id : wanted_values(built)) {
    expect_near(read_rows(executor, built.graph, id, rows), expected.value(id), kFloatTolerance,
                built.graph.value(id).name);
  }
}

}  // namespace sinapse
