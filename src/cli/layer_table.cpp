#include "cli/layer_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/activation.h>

#include "cli/output.h"

namespace sinapse::cli {

std::string activation_of(const LayerSummary& layer) {
  const auto found = layer.fields.find("activation");
  const auto* text =
      found == layer.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
  if (text == nullptr) return "";
  const Activation activation = parse_activation(*text);
  std::vector<std::string> constants;
  for (size_t i = 0; i < activation.constants.size(); ++i) {
    constants.push_back(
        fmt::format("{}={}", activation.definition->constants[i].name, activation.constants[i]));
  }
  const std::string_view name = activation.definition->name;
  return constants.empty() ? std::string(name)
                           : fmt::format("{}({})", name, fmt::join(constants, ", "));
}

std::string layer_table(const std::vector<LayerSummary>& layers) {
  std::vector<std::vector<std::string>> rows = {
      {"Layer (type)", "Output shape", "Parameters", "Activation"}};
  for (const LayerSummary& layer : layers) {
    rows.push_back({fmt::format("{} ({})", layer.name, layer.type), to_string(layer.output_shape),
                    with_thousands(layer.num_parameters), activation_of(layer)});
  }
  return format_table(rows, {Align::left, Align::left, Align::right, Align::left});
}

}  // namespace sinapse::cli
