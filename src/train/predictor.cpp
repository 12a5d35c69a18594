#include "train/predictor.h"

#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cpu/kernels.h"
#include "train/row_window.h"

namespace sinapse {

Predictor::Predictor(const NetworkDescription& network, const std::vector<InputDescription>& inputs,
                     int64_t max_rows)
    : no_team_(std::make_unique<Team>(1)) {
  NetworkGraph built = build_network(network, inputs, /*training=*/false);
  inputs_ = built.inputs;
  output_ = built.output;
  parameters_ = std::move(built.parameters);
  plan_ = compile(std::move(built.graph), {.max_rows = max_rows}, cpu_kernels());
  weights_ = std::make_unique<Executor>(plan_, *no_team_);
}

void Predictor::set_weights(const std::map<std::string, std::vector<float>>& weights) {
  for (const ParameterInfo& parameter : parameters_) {
    const auto found = weights.find(parameter.name);
    if (found == weights.end() ||
        static_cast<int64_t>(found->second.size()) != row_size(parameter.shape)) {
      throw Error(ErrorCode::model, fmt::format("The network needs {} of shape {}.", parameter.name,
                                                to_string(parameter.shape)));
    }
    weights_->write(parameter.value, found->second);
  }
}

std::vector<float> Predictor::run(const Dataset& data, std::span<const int64_t> picked,
                                  Team& team) const {
  Executor executor(plan_, team, weights_.get());
  const int64_t total = picked.empty() ? data.rows : static_cast<int64_t>(picked.size());
  const int64_t width = num_outputs();
  std::vector<float> outputs(total * width);
  RowWindow window(data.source.get());
  std::vector<int64_t> all;
  std::vector<View<float>> inputs(inputs_.size());
  for (int64_t first = 0; first < total; first += plan_->max_rows) {
    const int64_t count = std::min(plan_->max_rows, total - first);
    for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = executor.rows(inputs_[i], count);
    if (data.source && picked.empty()) {
      all.resize(count);
      std::iota(all.begin(), all.end(), first);
    }
    const float* const gathered =
        picked.empty() ? window.take(all, 0, count) : window.take(picked, first, count);
    const int64_t columns = gathered == nullptr ? 0 : data.source->num_columns();
    executor.run(count, {}, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        copy_inputs(data, picked.empty() ? first + r : picked[first + r],
                    gathered == nullptr ? nullptr : gathered + r * columns, inputs, r);
      }
    });
    const View<float> result = executor.rows(output_, count);
    for (int64_t r = 0; r < count; ++r) {
      std::copy_n(result.row(r), width, outputs.data() + (first + r) * width);
    }
  }
  return outputs;
}

}  // namespace sinapse
