// The network as a diagram and as a table.
#include <map>

#include <fmt/format.h>

#include "figures/model_figures.h"
#include "report/html.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr size_t kMostBlocks = 24;  // a longer diagram tells less than the table

std::string field_text(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return to_string(Shape(std::get<std::vector<int64_t>>(value)));
}

// Those that were given; the others have their defaults.
std::string fields_text(const std::map<std::string, FieldValue>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, field_text(value));
  }
  return text;
}

std::map<std::string, std::string> fields_of_layers(const NetworkDescription& network) {
  std::map<std::string, std::string> fields;
  for (const LayerDescription& layer : with_names(network).layers) {
    fields[layer.name] = fields_text(layer.fields);
  }
  return fields;
}

}  // namespace

std::string network_section(const Report& report) {
  const std::vector<LayerSummary> layers = report.result.model.layers();
  auto fields = fields_of_layers(report.result.model.trained().network);
  HtmlTable table{.head = {"layer", "type", "output", "parameters", "fields"}, .numbers = {3}};
  for (const LayerSummary& layer : layers) {
    table.rows.push_back({html_text(layer.name), html_text(layer.type),
                          html_text(to_string(layer.output_shape)),
                          number_text(static_cast<double>(layer.num_parameters)),
                          element("span", html_text(fields[layer.name]), "class=\"note\"")});
  }
  std::string html;
  if (layers.size() <= kMostBlocks) html += figure(network_figure(report.result.model.trained()));
  return section("network", "Network", html + to_html(table));
}

}  // namespace sinapse
