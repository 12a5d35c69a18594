#include "train/stepper.h"

#include <cmath>

#include <sinapse/initializer.h>

#include "compile/interpreter.h"
#include "compile/shared_memory.h"
#include "cpu/bf16.h"
#include "cpu/kernels.h"
#include "ops/prepare_update.h"
#include "train/augment.h"
#include "train/hide_categories.h"

namespace sinapse {

void Batch::copy_row(int64_t r, const StepState& state, std::span<const View<float>> inputs,
                     const View<float>& target, const View<float>& row_weight) const {
  int64_t answer = rows[r];  // whose target counts
  if (augmenter == nullptr) {
    const float* const row =
        gathered == nullptr ? nullptr : gathered + r * data.source->num_columns();
    copy_inputs(data, rows[r], row, inputs, r);
  } else {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i]) continue;
      answer = augmenter->fill(data.inputs[i], rows, r, state.seed, state.step, inputs[i].row(r));
    }
  }
  if (hides_some()) hide_some_categories(data.categories, rows[r], state, inputs, r);
  copy_answer(r, answer, target, row_weight);
}

void Batch::copy_answer(int64_t r, int64_t answer, const View<float>& target,
                        const View<float>& row_weight) const {
  const std::span<const float> known = data.target_row(answer);
  const int64_t given = std::min(target.columns, static_cast<int64_t>(known.size()));
  for (int64_t c = 0; c < given; ++c) target.at(r, c) = known[c];
  for (int64_t c = given; c < target.columns; ++c) target.at(r, c) = std::nanf("");  // padding
  const int64_t count = mean_rows > 0 ? mean_rows : static_cast<int64_t>(rows.size());
  row_weight.at(r, 0) = data.loss_weight(answer) / static_cast<float>(count);
}

void Batch::copy_rows(int64_t begin, int64_t end, const StepState& state,
                      std::span<const View<float>> inputs, const View<float>& target,
                      const View<float>& row_weight) const {
  if (augmenter != nullptr || gathered != nullptr || hides_some()) {
    for (int64_t r = begin; r < end; ++r) copy_row(r, state, inputs, target, row_weight);
    return;
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i]) data.inputs[i].copy_rows(rows.subspan(begin, end - begin), inputs[i], begin);
  }
  for (int64_t r = begin; r < end; ++r) copy_answer(r, rows[r], target, row_weight);
}

namespace {

class CompiledStepper : public Stepper {
 public:
  CompiledStepper(const TrainingGraph& graph, const Optimizer& optimizer,
                  std::shared_ptr<const Plan> plan, Team& team, const Executor* shared)
      : graph_(graph), optimizer_(optimizer), executor_(std::move(plan), team, shared) {}

  const Executor& executor() const { return executor_; }

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    const auto rows = static_cast<int64_t>(batch.rows.size());
    inputs_.clear();
    for (const ValueId id : graph_.inputs) inputs_.push_back(executor_.rows(id, rows));
    const View<float> target = executor_.rows(graph_.target, rows);
    const View<float> row_weight = executor_.rows(graph_.row_weight, rows);
    prepare_scalars(state);
    const auto fill = [&](int64_t begin, int64_t end) {
      batch.copy_rows(begin, end, state, inputs_, target, row_weight);
    };
    executor_.run(rows, state, std::ref(fill), scalars_.data());  // a reference: no allocation
    return {executor_.rows(graph_.loss, rows).data, batch.rows.size()};
  }

  void write(ValueId id, std::span<const float> values) override { executor_.write(id, values); }
  std::vector<float> read(ValueId id) const override { return executor_.read(id); }
  std::vector<float> read_rows(ValueId id, int64_t rows) const override {
    const View<float> view = executor_.rows(id, rows);
    std::vector<float> values;
    for (int64_t r = 0; r < rows; ++r) {
      values.insert(values.end(), view.row(r), view.row(r) + view.columns);
    }
    return values;
  }

 private:
  void prepare_scalars(const StepState& state) {
    const Scalars prepared = prepare_update(optimizer_, state.learning_rate, state.updates());
    std::copy(prepared.begin(), prepared.end(), scalars_.begin());
  }

  const TrainingGraph& graph_;
  const Optimizer optimizer_;
  Executor executor_;
  std::vector<View<float>> inputs_;  // kept: no allocation in a step
  std::array<float, kMaxScalars> scalars_{};
};

class ReferenceStepper : public Stepper {
 public:
  explicit ReferenceStepper(const TrainingGraph& graph)
      : graph_(graph), interpreter_(graph.graph) {}

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    const auto rows = static_cast<int64_t>(batch.rows.size());
    std::vector<View<float>> inputs;
    for (const ValueId id : graph_.inputs) inputs.push_back(view(id, rows));
    const View<float> target = view(graph_.target, rows), weight = view(graph_.row_weight, rows);
    for (int64_t r = 0; r < rows; ++r) batch.copy_row(r, state, inputs, target, weight);
    interpreter_.run(rows, state);
    return interpreter_.value(graph_.loss);
  }

  void write(ValueId id, std::span<const float> values) override {
    interpreter_.value(id).assign(values.begin(), values.end());
  }
  std::vector<float> read(ValueId id) const override { return interpreter_.value(id); }
  std::vector<float> read_rows(ValueId id, int64_t) const override {
    return interpreter_.value(id);
  }

 private:
  View<float> view(ValueId id, int64_t rows) {
    const int64_t columns = row_size(graph_.graph.shape(id));
    interpreter_.value(id).resize(rows * columns);
    return {interpreter_.value(id).data(), rows, columns, columns};
  }

  const TrainingGraph& graph_;
  Interpreter<float> interpreter_;
};

}  // namespace

std::unique_ptr<Stepper> compiled_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                          int64_t batch_size, Team& team,
                                          ProductPrecision precision, const Stepper* shared) {
  if (precision == ProductPrecision::bf16) require_bf16();
  auto plan =
      compile(graph.graph, {.max_rows = batch_size, .precision = precision, .training = true},
              cpu_kernels());
  const auto* other = dynamic_cast<const CompiledStepper*>(shared);
  if (shared != nullptr && (!other || !share_parameters(other->executor().plan(), *plan)))
    return nullptr;
  return std::make_unique<CompiledStepper>(graph, optimizer, std::move(plan), team,
                                           other ? &other->executor() : nullptr);
}

std::unique_ptr<Stepper> reference_stepper(const TrainingGraph& graph) {
  return std::make_unique<ReferenceStepper>(graph);
}

Snapshot take_snapshot(const Stepper& stepper, const TrainingGraph& graph) {
  Snapshot snapshot;
  for (size_t id = 0; id < graph.graph.values().size(); ++id) {
    const ValueKind kind = graph.graph.values()[id].kind;
    if (kind != ValueKind::parameter && kind != ValueKind::state) continue;
    snapshot.emplace_back(static_cast<ValueId>(id), stepper.read(static_cast<ValueId>(id)));
  }
  return snapshot;
}

void restore(Stepper& stepper, const Snapshot& snapshot) {
  for (const auto& [id, values] : snapshot) stepper.write(id, values);
}

std::map<std::string, std::vector<float>> weights_of(const Stepper& stepper,
                                                     const TrainingGraph& graph, bool averaged) {
  std::map<std::string, std::vector<float>> weights;
  for (size_t p = 0; p < graph.parameters.size(); ++p) {
    const ParameterInfo& parameter = graph.parameters[p];
    weights[parameter.name] = stepper.read(averaged ? graph.averages.at(p) : parameter.value);
  }
  return weights;
}

void set_weights(Stepper& stepper, const TrainingGraph& graph,
                 const std::map<std::string, std::vector<float>>& weights) {
  for (const ParameterInfo& parameter : graph.parameters) {
    stepper.write(parameter.value, weights.at(parameter.name));
  }
}

void initialize(Stepper& stepper, const TrainingGraph& graph, uint64_t seed) {
  for (const ParameterInfo& parameter : graph.parameters) {
    const std::vector<double> values =
        initial_values(parameter.initializer, parameter.shape, parameter.name, seed);
    stepper.write(parameter.value, std::vector<float>(values.begin(), values.end()));
  }
}

}  // namespace sinapse
