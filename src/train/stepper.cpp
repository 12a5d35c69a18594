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
#include "train/pictures_ahead.h"

namespace sinapse {

namespace {

void copy_target(std::span<const float> known, int64_t r, const View<float>& target) {
  const int64_t given = std::min(target.columns, static_cast<int64_t>(known.size()));
  for (int64_t c = 0; c < given; ++c) target.at(r, c) = known[c];
  for (int64_t c = given; c < target.columns; ++c) target.at(r, c) = std::nanf("");  // padding
}

}  // namespace

void Batch::copy_row(int64_t r, const StepState& state, const BatchViews& to) const {
  Mixture mixture{rows[r]};
  if (augmenter == nullptr) {
    const float* const row =
        gathered == nullptr ? nullptr : gathered + r * data.source->num_columns();
    copy_inputs(data, rows[r], row, to.inputs, r);
  } else {
    for (size_t i = 0; i < to.inputs.size(); ++i) {
      if (to.inputs[i]) mixture = copy_changed(i, r, state, to.inputs[i].row(r));
    }
  }
  if (hides_some()) hide_some_categories(data.categories, rows[r], state, to.inputs, r);
  copy_answer(r, mixture, to);
}

Mixture Batch::copy_changed(size_t input, int64_t r, const StepState& state, float* to) const {
  if (ahead != nullptr) {
    if (const auto mixture = ahead->take(state.step, r, to)) return *mixture;
  }
  return augmenter->fill(data.inputs[input], gathered, rows, r, state.seed, state.step, to);
}

// Of a mixture, weight and share are such that each of the two losses counts by its row's weight:
//   weight (share loss + (1 - share) partner_loss).
void Batch::copy_answer(int64_t r, const Mixture& mixture, const BatchViews& to) const {
  float weight = 1;
  if (data.stored_answers) {
    const Answer known = answer(r);
    copy_target(known.target, r, to.target);
    weight = known.loss_weight;
  } else {
    copy_target(data.target_row(rows[r]), r, to.target);
    if (!data.loss_weights.empty()) weight = data.loss_weights[rows[r]];
  }
  if (to.share) {
    const Answer partner = data.answer(mixture.partner, nullptr);  // pictures: in memory
    copy_target(partner.target, r, to.partner_target);
    const float own = mixture.share * weight;
    weight = own + (1 - mixture.share) * partner.loss_weight;
    to.share.at(r, 0) = weight > 0 ? own / weight : 1.0f;
  }
  to.row_weight.at(r, 0) = weight / static_cast<float>(num_rows_of_mean());
}

// The usual case, which in a small network takes no small part of a step.
void Batch::copy_single_answers(int64_t begin, int64_t end, const BatchViews& to) const {
  const auto count = static_cast<float>(num_rows_of_mean());
  for (int64_t r = begin; r < end; ++r) to.target.at(r, 0) = data.target[rows[r]];
  const std::vector<float>& weights = data.loss_weights;
  for (int64_t r = begin; r < end; ++r) {
    to.row_weight.at(r, 0) = (weights.empty() ? 1.0f : weights[rows[r]]) / count;
  }
}

void Batch::copy_rows(int64_t begin, int64_t end, const StepState& state,
                      const BatchViews& to) const {
  if (augmenter != nullptr || gathered != nullptr || hides_some()) {
    for (int64_t r = begin; r < end; ++r) copy_row(r, state, to);
    return;
  }
  for (size_t i = 0; i < to.inputs.size(); ++i) {
    if (to.inputs[i])
      data.inputs[i].copy_rows(rows.subspan(begin, end - begin), to.inputs[i], begin);
  }
  const bool single = to.target.columns == 1 && data.target_width == 1 && data.answers.empty();
  if (single && !data.target.empty() && !to.share) {
    return copy_single_answers(begin, end, to);
  }
  for (int64_t r = begin; r < end; ++r) copy_answer(r, {rows[r]}, to);
}

namespace {

class CompiledStepper : public Stepper {
 public:
  CompiledStepper(const TrainingGraph& graph, const Optimizer& optimizer,
                  std::shared_ptr<const Plan> plan, Team& team, const Executor* shared)
      : graph_(graph),
        optimizer_(optimizer),
        executor_(std::move(plan), team, shared),
        carried_(graph.graph, graph.states, executor_.plan().max_rows) {}

  const Executor& executor() const { return executor_; }

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    const auto rows = static_cast<int64_t>(batch.rows.size());
    inputs_.clear();
    for (const ValueId id : graph_.inputs) inputs_.push_back(executor_.rows(id, rows));
    const BatchViews views =
        batch_views(graph_, inputs_, [&](ValueId id) { return executor_.rows(id, rows); });
    prepare_scalars(state);
    const auto rows_of = [&](ValueId id) { return executor_.rows(id, rows); };
    const auto fill = [&](int64_t begin, int64_t end) {
      batch.copy_rows(begin, end, state, views);
      carried_.fill(begin, end, batch.begins, rows_of);
    };
    executor_.run(rows, state, std::ref(fill), scalars_.data());  // a reference: no allocation
    carried_.keep(rows, rows_of);
    return {executor_.rows(graph_.loss, rows).data, batch.rows.size()};
  }

  void write(ValueId id, std::span<const float> values) override {
    if (std::vector<float>* carried = carried_.find(id)) {
      carried->assign(values.begin(), values.end());
    } else {
      executor_.write(id, values);
    }
  }
  std::vector<float> read(ValueId id) const override {
    const std::vector<float>* carried = carried_.find(id);
    return carried ? *carried : executor_.read(id);
  }
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
  CarriedStates carried_;
  std::vector<View<float>> inputs_;  // kept: no allocation in a step
  std::array<float, kMaxScalars> scalars_{};
};

class ReferenceStepper : public Stepper {
 public:
  ReferenceStepper(const TrainingGraph& graph, int64_t batch_size)
      : graph_(graph), interpreter_(graph.graph), carried_(graph.graph, graph.states, batch_size) {}

  std::span<const float> step(const Batch& batch, const StepState& state) override {
    const auto rows = static_cast<int64_t>(batch.rows.size());
    std::vector<View<float>> inputs;
    for (const ValueId id : graph_.inputs) inputs.push_back(view(id, rows));
    const BatchViews views =
        batch_views(graph_, inputs, [&](ValueId id) { return view(id, rows); });
    for (int64_t r = 0; r < rows; ++r) batch.copy_row(r, state, views);
    const auto rows_of = [&](ValueId id) { return view(id, rows); };
    carried_.fill(0, rows, batch.begins, rows_of);
    interpreter_.run(rows, state);
    carried_.keep(rows, rows_of);
    return interpreter_.value(graph_.loss);
  }

  void write(ValueId id, std::span<const float> values) override {
    std::vector<float>* carried = carried_.find(id);
    (carried ? *carried : interpreter_.value(id)).assign(values.begin(), values.end());
  }
  std::vector<float> read(ValueId id) const override {
    const std::vector<float>* carried = carried_.find(id);
    return carried ? *carried : interpreter_.value(id);
  }
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
  CarriedStates carried_;
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

std::unique_ptr<Stepper> reference_stepper(const TrainingGraph& graph, int64_t batch_size) {
  return std::make_unique<ReferenceStepper>(graph, batch_size);
}

Snapshot take_snapshot(const Stepper& stepper, const TrainingGraph& graph) {
  Snapshot snapshot;
  for (size_t id = 0; id < graph.graph.values().size(); ++id) {
    const ValueKind kind = graph.graph.values()[id].kind;
    if (kind != ValueKind::parameter && kind != ValueKind::state) continue;
    snapshot.emplace_back(static_cast<ValueId>(id), stepper.read(static_cast<ValueId>(id)));
  }
  for (const CellState& state : graph.states) {
    snapshot.emplace_back(state.before, stepper.read(state.before));
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
