#include "train/losses.h"

#include <algorithm>

#include "compile/interpreter.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t kBlockRows = 1024;  // of a data set that are in double precision at once

bool takes_labels(const Loss& loss) {
  return loss.definition->tasks.front() == Task::multiclass;
}

// Constants have the names of the operator's attributes.
Attributes attributes_of(const Loss& loss) {
  Attributes attributes;
  for (size_t i = 0; i < loss.constants.size(); ++i) {
    attributes[std::string(loss.definition->constants[i].name)] = loss.constants[i];
  }
  return attributes;
}

}  // namespace

ValueId append_loss(Graph& graph, const Loss& loss, ValueId output, ValueId target) {
  if (takes_labels(loss)) {
    return graph.append(op::softmax_cross_entropy(), "loss", {output, target}, attributes_of(loss))
        .front();
  }
  const OutputForm form = loss.definition->form;
  const bool whole_rows = form == OutputForm::direction || form == OutputForm::distribution;
  return graph
      .append(whole_rows ? op::row_loss() : op::elementwise_loss(), "loss", {output, target},
              {{"formula", to_string(loss)}})
      .front();
}

Shape target_shape(const Loss& loss, const Shape& output) {
  if (!takes_labels(loss)) return output;
  return output.size() == 3 ? batched({output[1]}) : batched({1});  // one for each step
}

std::vector<double> row_losses(const Loss& loss, std::span<const float> outputs,
                               std::span<const float> encoded, int64_t width) {
  Graph graph;
  const ValueId output = graph.add_input("output", batched({width}));
  const ValueId target = graph.add_input("target", target_shape(loss, batched({width})));
  const ValueId losses = append_loss(graph, loss, output, target);
  const int64_t target_width = row_size(graph.shape(target));
  const int64_t rows = static_cast<int64_t>(outputs.size()) / width;
  std::vector<double> values;
  values.reserve(static_cast<size_t>(rows));
  for (int64_t first = 0; first < rows; first += kBlockRows) {
    const int64_t count = std::min(kBlockRows, rows - first);
    Interpreter<double> interpreter(graph);
    const auto fill = [&](ValueId id, std::span<const float> from, int64_t columns) {
      const auto block = from.subspan(first * columns, count * columns);
      interpreter.value(id).assign(block.begin(), block.end());
    };
    fill(output, outputs, width);
    fill(target, encoded, target_width);
    interpreter.run(count);
    values.insert(values.end(), interpreter.value(losses).begin(),
                  interpreter.value(losses).begin() + count);
  }
  return values;
}

void MeanLoss::add(std::span<const float> outputs, std::span<const float> encoded,
                   std::span<const float> weights) {
  const std::vector<double> losses = row_losses(loss_, outputs, encoded, width_);
  for (size_t row = 0; row < losses.size(); ++row) {
    const double weight = weights.empty() ? 1 : weights[row];
    if (weight == 0) continue;  // the loss of a row that does not count may be infinite
    sum_ += weight * losses[row];
    total_weight_ += weight;
  }
}

double mean_loss(const Loss& loss, std::span<const float> outputs, std::span<const float> encoded,
                 int64_t width, std::span<const float> weights) {
  MeanLoss mean(loss, width);
  mean.add(outputs, encoded, weights);
  return mean.value();
}

}  // namespace sinapse
