#include "train/linear_start.h"

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr int64_t kMostWindows = 5000, kLeastValidationWindows = 20;
constexpr double kClearly = 0.97;  // of the error with drawn weights

int64_t units_of_last_hidden(const NetworkDescription& network) {
  int64_t units = 0;
  for (const LayerDescription& layer : network.layers)
    if (layer.type == "dense" && layer.name != "output")
      units = std::get<int64_t>(layer.fields.at("units"));
  return units;
}

}  // namespace

std::map<std::string, std::vector<float>> linear_start(const LinearForecast& linear,
                                                       int64_t horizon,
                                                       const NetworkDescription& network) {
  const int64_t hidden = units_of_last_hidden(network);
  std::vector<float> weight, bias;
  for (int64_t step = 0; step < horizon; ++step) {
    weight.insert(weight.end(), hidden, 0.0f);
    for (int64_t input = 0; input < linear.num_inputs(); ++input)
      weight.push_back(static_cast<float>(linear.weight(input, step)));
    bias.push_back(static_cast<float>(linear.weight(linear.num_inputs(), step)));
  }
  return {{"output.weight", weight}, {"output.bias", bias}};
}

bool wants_choice_of_start(const RunOptions& options, const SeriesWindows& windows) {
  const bool is_default = options.network.layers.empty() && options.network.preset.empty();
  const bool may_validation_choose = options.training.early_stopping;
  return is_default && may_validation_choose && options.training.time_limit.count() == 0 &&
         std::ssize(windows.train) <= kMostWindows &&
         std::ssize(windows.validation) >= kLeastValidationWindows;
}

bool choose_linear_start(const TrialOfStart& mase_of, const TrainCallbacks& callbacks) {
  const double drawn = mase_of(false), linear = mase_of(true);
  const bool is_linear = linear < kClearly * drawn;
  if (callbacks.on_remark) {
    callbacks.on_remark(fmt::format("begins {}: MASE in validation {:.4g}, and {:.4g} {}.",
                                    is_linear ? "as the linear forecast" : "with drawn weights",
                                    is_linear ? linear : drawn, is_linear ? drawn : linear,
                                    is_linear ? "with drawn weights" : "as the linear forecast"));
  }
  return is_linear;
}

}  // namespace sinapse
