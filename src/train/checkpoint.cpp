#include "train/checkpoint.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "train/checkpoint_text.h"

namespace sinapse {

namespace {

constexpr const char* kBest = ":best";
constexpr const char* kCarried = ":carried";

// Every number of a state, by the name it has in the file.
template <class State, class Visit>
void visit_numbers(State& state, Visit&& visit) {
  visit("epoch", state.epoch);
  visit("step", state.step);
  visit("loss_sum", state.loss_sum);
  visit("weight_sum", state.weight_sum);
  visit("best_loss", state.best_loss);
  visit("last_better_epoch", state.last_better_epoch);
  visit("best_epoch", state.best_epoch);
  visit("schedule.factor", state.schedule.factor);
  visit("schedule.best", state.schedule.best);
  visit("schedule.bad_epochs", state.schedule.bad_epochs);
  visit("schedule.cooldown", state.schedule.cooldown);
  visit("averaged", state.averaged);
  visit("seconds", state.seconds);
  visit("best_saved_loss", state.best_saved_loss);
}

// JSON has no infinity: numbers are texts.
std::string history_text(const std::vector<EpochRecord>& history) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const EpochRecord& record : history) {
    auto& json = list.emplace_back();
    json["loss"] = fmt::format("{}", record.loss);
    for (const auto& [name, value] : record.validation) {
      json["validation"][name] = fmt::format("{}", value);
    }
    json["learning_rate"] = fmt::format("{}", record.learning_rate);
    json["seconds"] = fmt::format("{}", record.seconds);
    json["best"] = record.best;
  }
  return list.dump();
}

double number_of(const nlohmann::json& value, const std::string& source) {
  double number = 0;
  if (!value.is_string() || !read_exactly(number, value.get<std::string>())) {
    fail_damaged(source, "the history has a number that is none");
  }
  return number;
}

EpochRecord record_from(const nlohmann::json& json, int64_t epoch, const std::string& source) {
  for (const char* key : {"loss", "learning_rate", "seconds", "best"}) {
    if (!json.is_object() || !json.contains(key))
      fail_damaged(source, "the history lacks a number");
  }
  EpochRecord record{.epoch = epoch,
                     .loss = number_of(json["loss"], source),
                     .learning_rate = number_of(json["learning_rate"], source),
                     .seconds = number_of(json["seconds"], source),
                     .best = json["best"] == true};
  if (!json.contains("validation")) return record;
  for (const auto& [name, value] : json["validation"].items()) {
    record.validation[name] = number_of(value, source);
  }
  return record;
}

std::vector<EpochRecord> history_from(const std::string& text, const std::string& source) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) fail_damaged(source, "the history is no list");
  std::vector<EpochRecord> history;
  for (const auto& entry : json) {
    history.push_back(record_from(entry, static_cast<int64_t>(history.size()) + 1, source));
  }
  return history;
}

/// A value of the graph in the file.
struct KeptValue {
  ValueId id;
  std::string name;
  Shape shape;
};

// Parameters, states, and what batches hand on, a row for each lane.
std::vector<KeptValue> kept_values(const TrainingGraph& graph, const Stepper& stepper) {
  std::vector<KeptValue> kept;
  const auto& values = graph.graph.values();
  for (size_t id = 0; id < values.size(); ++id) {
    const bool stays =
        values[id].kind == ValueKind::parameter || values[id].kind == ValueKind::state;
    if (stays) kept.push_back({static_cast<ValueId>(id), values[id].name, values[id].shape});
  }
  for (const CellState& state : graph.states) {
    const int64_t columns = row_size(graph.graph.shape(state.before));
    const auto numbers = static_cast<int64_t>(stepper.read(state.before).size());
    kept.push_back({state.before, state.name + kCarried, {numbers / columns, columns}});
  }
  return kept;
}

/// The tensors of a file by their names, each to be taken once.
class Tensors {
 public:
  Tensors(const Safetensors& contents, const std::string& source) : source_(source) {
    for (const NamedTensor& tensor : contents.tensors) by_name_[tensor.name] = &tensor;
  }

  const std::vector<float>& take(const std::string& name, const Shape& shape) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) fail_damaged(source_, fmt::format("it lacks \"{}\"", name));
    const NamedTensor& tensor = *found->second;
    if (tensor.shape != shape) {
      fail_damaged(source_, fmt::format("\"{}\" should be {}, but is {}", name, to_string(shape),
                                        to_string(tensor.shape)));
    }
    by_name_.erase(found);
    return tensor.values;
  }

  void require_all_taken() const {
    if (by_name_.empty()) return;
    fail_damaged(source_, fmt::format("the network has no \"{}\"", by_name_.begin()->first));
  }

 private:
  std::map<std::string, const NamedTensor*> by_name_;
  const std::string& source_;
};

void check(const LoopState& state, int64_t steps_per_epoch, const std::string& source) {
  const auto epochs = static_cast<int64_t>(state.history.size());
  const auto past = [&](int64_t epoch) { return epoch >= 0 && epoch <= epochs; };
  if (state.epoch != epochs + 1 || state.step < 0 || state.step >= steps_per_epoch ||
      !past(state.best_epoch) || !past(state.last_better_epoch) || state.weight_sum < 0 ||
      (state.weight_sum > 0 && state.step == 0)) {
    fail_damaged(source, "its counters contradict each other");
  }
}

}  // namespace

Safetensors to_checkpoint(const TrainingGraph& graph, const Stepper& stepper,
                          const LoopState& state, const CheckpointOrigin& origin) {
  Safetensors contents;
  contents.metadata = origin_text(origin);
  contents.metadata["history"] = history_text(state.history);
  visit_numbers(state, writer_to(contents.metadata));
  for (const KeptValue& value : kept_values(graph, stepper)) {
    contents.tensors.push_back({value.name, value.shape, stepper.read(value.id)});
  }
  for (const ParameterInfo& parameter : graph.parameters) {
    if (state.best_weights.empty()) break;
    contents.tensors.push_back(
        {parameter.name + kBest, parameter.shape, state.best_weights.at(parameter.name)});
  }
  return contents;
}

LoopState restore_checkpoint(const Safetensors& contents, const std::string& source,
                             const TrainingGraph& graph, int64_t steps_per_epoch,
                             Stepper& stepper) {
  LoopState state;
  visit_numbers(state, reader_of(contents.metadata, source));
  state.history = history_from(metadata_at(contents.metadata, "history", source), source);
  check(state, steps_per_epoch, source);
  Tensors tensors(contents, source);
  std::vector<std::pair<ValueId, std::span<const float>>> kept;
  for (const KeptValue& value : kept_values(graph, stepper)) {
    kept.emplace_back(value.id, tensors.take(value.name, value.shape));
  }
  for (const ParameterInfo& parameter : graph.parameters) {
    if (state.best_epoch == 0) break;
    state.best_weights[parameter.name] = tensors.take(parameter.name + kBest, parameter.shape);
  }
  tensors.require_all_taken();
  for (const auto& [id, numbers] : kept) stepper.write(id, numbers);
  return state;
}

}  // namespace sinapse
