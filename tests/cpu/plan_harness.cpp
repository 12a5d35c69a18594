#include "cpu/plan_harness.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/initializer.h>

#include "compile/interpreter.h"
#include "compile/plan.h"
#include "cpu/executor.h"
#include "cpu/kernels.h"
#include "data/philox.h"
#include "ops/prepare_update.h"

namespace sinapse {

namespace {

constexpr uint64_t kSeed = 3;
constexpr double kLearningRate = 0.02;
constexpr int64_t kNumCategories = 7;

StepState state_of(const PreparedCase& prepared, size_t step) {
  StepState state{
      .seed = kSeed, .step = static_cast<int64_t>(step) + 1, .learning_rate = kLearningRate};
  if (prepared.described.rules.accumulate) {  // two batches make an update
    state.update = static_cast<int64_t>(step) / 2 + 1;
    state.begins_update = step % 2 == 0;
    state.ends_update = !state.begins_update;
  }
  state.average_share = step == 0 ? 1 : 0.25;
  state.dropout_share = step == 0 ? 1 : 0.5;
  return state;
}

bool is_persistent(const Value& value) {
  return value.kind == ValueKind::parameter || value.kind == ValueKind::state;
}

std::vector<float> random_input(const PreparedCase& prepared, ValueId id, size_t step) {
  const Value& value = prepared.training.graph.value(id);
  const int64_t rows = prepared.described.batches[step];
  const RandomStream random(kSeed, purpose_of(value.name), step);
  std::vector<float> numbers(rows * row_size(value.shape));
  const bool is_target = id == prepared.training.target;
  const std::string& loss = prepared.described.loss;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto whole = [&](int64_t count) {
      return std::floor(random.uniform(i) * static_cast<double>(count));
    };
    double number = random.normal(i);
    if (value.name.starts_with("index")) number = whole(kNumCategories);
    if (is_target && loss.starts_with("binary_crossentropy")) number = whole(2);
    if (is_target && loss == "categorical_crossentropy") {
      number = whole(prepared.training.graph.shape(prepared.training.output).back());
    }
    if (id == prepared.training.row_weight) number = 1.0 / static_cast<double>(rows);
    numbers[i] = static_cast<float>(number);
  }
  return numbers;
}

std::vector<double> read_rows(const Executor& executor, ValueId id, int64_t rows) {
  const View<float> view = executor.rows(id, rows);
  std::vector<double> numbers;
  for (int64_t r = 0; r < rows; ++r) {
    numbers.insert(numbers.end(), view.row(r), view.row(r) + view.columns);
  }
  return numbers;
}

std::vector<float> scalars_of(const PreparedCase& prepared, const StepState& state) {
  const Scalars scalars = prepare_update(prepared.optimizer, state.learning_rate, state.updates());
  return {scalars.begin(), scalars.end()};
}

void run_step(const PreparedCase& prepared, size_t step, Executor& executor) {
  const int64_t rows = prepared.described.batches[step];
  const auto fill = [&](int64_t begin, int64_t end) {
    for (size_t id = 0; id < prepared.batches[step].size(); ++id) {
      const std::vector<float>& numbers = prepared.batches[step][id];
      const View<float> view =
          numbers.empty() ? View<float>{} : executor.rows(static_cast<ValueId>(id), rows);
      for (int64_t r = begin; view && r < end; ++r) {
        std::copy_n(numbers.begin() + r * view.columns, view.columns, view.row(r));
      }
    }
  };
  const StepState state = state_of(prepared, step);
  executor.run(rows, state, fill, scalars_of(prepared, state).data());
}

double largest(const std::vector<double>& numbers) {
  double most = 0;
  for (const double number : numbers) most = std::max(most, std::abs(number));
  return most;
}

void expect_near(const std::vector<double>& actual, const std::vector<double>& expected,
                 double tolerance, const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance) << what << "[" << i << "]";
  }
}

template <class T>
std::vector<double> widened(const std::vector<T>& numbers) {
  return {numbers.begin(), numbers.end()};
}

template <class T>
PlanOutcome interpret(const PreparedCase& prepared) {
  const TrainingGraph& training = prepared.training;
  Interpreter<T> interpreter(training.graph);
  const auto set_all = [&](const std::vector<std::vector<float>>& numbers) {
    for (size_t id = 0; id < numbers.size(); ++id) {
      if (numbers[id].empty()) continue;
      interpreter.value(static_cast<ValueId>(id)).assign(numbers[id].begin(), numbers[id].end());
    }
  };
  set_all(prepared.initial);
  PlanOutcome outcome;
  for (size_t step = 0; step < prepared.batches.size(); ++step) {
    set_all(prepared.batches[step]);
    interpreter.run(prepared.described.batches[step], state_of(prepared, step));
    outcome.losses.push_back(widened(interpreter.value(training.loss)));
    outcome.outputs.push_back(widened(interpreter.value(training.output)));
  }
  outcome.persistent.resize(prepared.initial.size());
  for (size_t id = 0; id < prepared.initial.size(); ++id) {
    if (prepared.initial[id].empty()) continue;
    outcome.persistent[id] = widened(interpreter.value(static_cast<ValueId>(id)));
  }
  return outcome;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

}  // namespace

PreparedCase::PreparedCase(const PlanCase& given)
    : described(given),
      optimizer(parse_optimizer(given.optimizer)),
      training(
          build_training_graph(given.network, given.inputs, given.loss, optimizer, given.rules)) {
  const Graph& graph = training.graph;
  initial.resize(graph.values().size());
  for (size_t id = 0; id < initial.size(); ++id) {
    if (is_persistent(graph.values()[id])) initial[id].resize(row_size(graph.values()[id].shape));
  }
  for (const ParameterInfo& info : training.parameters) {
    const auto values = initial_values(info.initializer, info.shape, info.name, kSeed);
    const RandomStream random(kSeed, purpose_of(info.name), 1);
    for (size_t i = 0; i < values.size(); ++i) {  // biases that start at 0 would hide mistakes
      const double shift = info.trainable ? 0.05 * random.normal(i) : 0;
      initial[info.value][i] = static_cast<float>(values[i] + shift);
    }
  }
  for (size_t step = 0; step < described.batches.size(); ++step) {
    auto& batch = batches.emplace_back(graph.values().size());
    for (size_t id = 0; id < batch.size(); ++id) {
      if (graph.values()[id].kind != ValueKind::input) continue;
      batch[id] = random_input(*this, static_cast<ValueId>(id), step);
    }
  }
}

Reference train_by_reference(const PreparedCase& prepared) {
  return {interpret<double>(prepared), interpret<float>(prepared)};
}

PlanOutcome train_by_plan(const PreparedCase& prepared, Team& team,
                          const std::set<std::string>& disabled, ProductPrecision precision) {
  const TrainingGraph& training = prepared.training;
  const CompileOptions options{.max_rows = prepared.described.max_rows,
                               .precision = precision,
                               .training = true,
                               .disabled_passes = disabled};
  Executor executor(compile(training.graph, options, cpu_kernels()), team);
  const size_t num_values = prepared.initial.size();
  for (size_t id = 0; id < num_values; ++id) {
    if (prepared.initial[id].empty()) continue;
    executor.write(static_cast<ValueId>(id), prepared.initial[id]);
  }
  PlanOutcome outcome;
  for (size_t step = 0; step < prepared.batches.size(); ++step) {
    run_step(prepared, step, executor);
    const int64_t rows = prepared.described.batches[step];
    outcome.losses.push_back(read_rows(executor, training.loss, rows));
    outcome.outputs.push_back(read_rows(executor, training.output, rows));
  }
  outcome.persistent.resize(num_values);
  for (size_t id = 0; id < num_values; ++id) {
    if (prepared.initial[id].empty()) continue;
    const std::vector<float> plain = executor.read(static_cast<ValueId>(id));
    outcome.persistent[id] = widened(plain);
  }
  return outcome;
}

// A sum of n floats errs by about sqrt(n) 6e-8 of its terms' size, and the widest here has n = 512;
// three steps and a few layers multiply that by some tens. Where a case is worse conditioned, such
// as batch normalisation of two rows, the naive float kernels show by how much.
void expect_agreement(const PreparedCase& prepared, const PlanOutcome& actual,
                      const Reference& reference) {
  constexpr double kOfValue = 5e-5, kOfMovement = 2e-4, kOfWeight = 3e-7, kOfRounding = 8;
  const auto& [exact, rounded] = reference;
  const auto compare_batch = [&](const auto& numbers, const auto& expected, const auto& by_float,
                                 const std::string& what) {
    expect_near(numbers, expected,
                kOfValue * largest(expected) + kOfRounding * largest_difference(expected, by_float),
                what);
  };
  for (size_t step = 0; step < exact.losses.size(); ++step) {
    const std::string what = " of step " + std::to_string(step + 1);
    compare_batch(actual.losses[step], exact.losses[step], rounded.losses[step], "loss" + what);
    compare_batch(actual.outputs[step], exact.outputs[step], rounded.outputs[step],
                  "output" + what);
  }
  for (size_t id = 0; id < exact.persistent.size(); ++id) {
    const std::vector<double>& expected = exact.persistent[id];
    if (expected.empty()) continue;
    const double movement = largest_difference(expected, widened(prepared.initial[id]));
    expect_near(actual.persistent[id], expected,
                kOfMovement * movement + kOfWeight * largest(expected) +
                    kOfRounding * largest_difference(expected, rounded.persistent[id]),
                prepared.training.graph.values()[id].name);
  }
}

LayerDescription layer(std::string type, std::map<std::string, FieldValue> fields,
                       std::vector<std::string> inputs, std::string name) {
  return {std::move(type), std::move(name), std::move(inputs), std::move(fields)};
}

LayerDescription dense(int64_t units, std::string activation) {
  return layer("dense", {{"units", units}, {"activation", std::move(activation)}});
}

}  // namespace sinapse
