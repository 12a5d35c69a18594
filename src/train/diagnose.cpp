#include "train/diagnose.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "compile/interpreter.h"

namespace sinapse {

namespace {

constexpr size_t kRowsNamed = 3;

std::vector<int64_t> rows_not_finite(const std::vector<float>& values, int64_t rows) {
  std::vector<int64_t> found;
  const int64_t columns = static_cast<int64_t>(values.size()) / rows;
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      if (std::isfinite(values[r * columns + c])) continue;
      found.push_back(r);
      break;
    }
  }
  return found;
}

// An interpreter that stands where the stepper stands, with the batch in its inputs.
void fill(Interpreter<float>& interpreter, const Stepper& stepper, const TrainingGraph& graph,
          const Batch& batch, const StepState& state) {
  for (const auto& [id, values] : take_snapshot(stepper, graph)) interpreter.value(id) = values;
  const auto rows = static_cast<int64_t>(batch.rows.size());
  const auto view = [&](ValueId id) {
    const int64_t columns = row_size(graph.graph.shape(id));
    interpreter.value(id).resize(rows * columns);
    return View<float>{interpreter.value(id).data(), rows, columns, columns};
  };
  std::vector<View<float>> inputs;
  for (const ValueId id : graph.inputs) inputs.push_back(view(id));
  const BatchViews views = batch_views(graph, inputs, view);
  for (int64_t r = 0; r < rows; ++r) batch.copy_row(r, state, views);
  CarriedStates carried(graph.graph, graph.states, rows);
  for (const CellState& one : graph.states)
    *carried.find(one.before) = interpreter.value(one.before);
  carried.fill(0, rows, batch.begins, view);
}

std::string name_rows(const std::vector<int64_t>& in_batch, const Batch& batch,
                      const std::function<std::string(int64_t)>& location) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(kRowsNamed, in_batch.size()); ++i) {
    names.push_back(location(batch.rows[in_batch[i]]));
  }
  const size_t others = in_batch.size() - names.size();
  return fmt::format("{}{}", fmt::join(names, ", "),
                     others ? fmt::format(" and {} other rows", others) : "");
}

}  // namespace

void throw_not_finite(const TrainingGraph& graph, const Stepper& stepper, const Batch& batch,
                      const StepState& state, int64_t epoch,
                      const std::function<std::string(int64_t row)>& location) {
  const auto rows = static_cast<int64_t>(batch.rows.size());
  Interpreter<float> interpreter(graph.graph);
  fill(interpreter, stepper, graph, batch, state);
  interpreter.run(rows, state);
  const std::string where = fmt::format("Training stopped in epoch {}, step {}", epoch, state.step);
  const std::string advice = fmt::format(
      "Try a lower learning rate (it was {:.3g}), or check these rows for extreme values.",
      state.learning_rate);
  for (size_t n = 0; n < graph.num_forward_nodes; ++n) {
    const Node& node = graph.graph.nodes()[n];
    if (!is_batched(graph.graph.shape(node.outputs[0]))) continue;
    const auto bad = rows_not_finite(interpreter.value(node.outputs[0]), rows);
    if (bad.empty()) continue;
    throw Error(ErrorCode::numeric,
                fmt::format("{}: the output of layer \"{}\" is NaN or infinite for {}. {}", where,
                            node.name, name_rows(bad, batch, location), advice));
  }
  throw Error(ErrorCode::numeric,
              fmt::format("{}: the loss is NaN or infinite. {}", where, advice));
}

}  // namespace sinapse
