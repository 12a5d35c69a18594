#include "train/catalogue.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/activation.h>
#include <sinapse/error.h>
#include <sinapse/initializer.h>
#include <sinapse/loss.h>
#include <sinapse/metric.h>
#include <sinapse/optimizer.h>
#include <sinapse/schedule.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "features/column_keys.h"
#include "features/date_feature.h"
#include "features/scaling.h"
#include "layers/layers.h"
#include "network/fields.h"
#include "network/presets.h"
#include "train/presets.h"
#include "train/run_file.h"
#include "train/run_values.h"

namespace sinapse {

namespace {

std::vector<std::string> texts(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

CatalogueConstant listed(const Constant& constant) {
  const bool chosen = constant.domain == Domain::choice;
  return {
      std::string(constant.name), value_text(constant, constant.default_value),
      chosen ? fmt::format("{}; {}", describe(constant), constant.doc) : std::string(constant.doc)};
}

CatalogueConstant listed(const ActivationConstant& constant) {
  return {std::string(constant.name), fmt::format("{}", constant.default_value),
          std::string(constant.doc)};
}

CatalogueConstant listed(const FieldDocument& field) {
  std::string value =
      std::visit([](const auto& typed) { return fmt::format("{}", typed); }, field.default_value);
  return {field.name, std::move(value), field.doc};
}

template <class Constants>
std::vector<CatalogueConstant> listed_all(const Constants& constants) {
  std::vector<CatalogueConstant> all;
  for (const auto& constant : constants) all.push_back(listed(constant));
  return all;
}

CatalogueEntry listed(const ActivationDefinition& activation) {
  return {.name = std::string(activation.name),
          .aliases = texts(activation.aliases),
          .formula = std::string(activation.formula),
          .derivative = std::string(activation.derivative),
          .doc = std::string(activation.doc),
          .source = std::string(activation.source),
          .constants = listed_all(activation.constants)};
}

CatalogueEntry listed(const OptimizerDefinition& optimizer) {
  return {.name = std::string(optimizer.name),
          .aliases = texts(optimizer.aliases),
          .formula = std::string(optimizer.formula),
          .doc = fmt::format("{} Learning rate {} unless said otherwise.", optimizer.doc,
                             optimizer.default_learning_rate),
          .source = std::string(optimizer.source),
          .constants = listed_all(optimizer.constants)};
}

CatalogueEntry listed(const ScheduleDefinition& schedule) {
  return {.name = std::string(schedule.name),
          .formula = std::string(schedule.formula),
          .doc = std::string(schedule.doc),
          .source = std::string(schedule.source),
          .constants = listed_all(schedule.constants)};
}

CatalogueEntry listed(const ScalingDefinition& scaling) {
  return {.name = std::string(scaling.name),
          .aliases = texts(scaling.aliases),
          .formula = std::string(scaling.formula),
          .doc = std::string(scaling.doc),
          .source = std::string(scaling.source),
          .constants = listed_all(scaling.constants)};
}

CatalogueEntry listed(const LossDefinition& loss) {
  return {.name = std::string(loss.name),
          .aliases = texts(loss.aliases),
          .formula = std::string(loss.formula),
          .doc = std::string(loss.doc),
          .source = std::string(loss.source),
          .constants = listed_all(loss.constants)};
}

CatalogueEntry listed(const InitializerDefinition& initializer) {
  return {.name = std::string(initializer.name),
          .aliases = texts(initializer.aliases),
          .formula = std::string(initializer.formula),
          .source = std::string(initializer.source),
          .constants = listed_all(initializer.constants)};
}

CatalogueEntry listed(const MetricDefinition* metric) {
  return {.name = std::string(metric->name),
          .formula = std::string(metric->formula),
          .doc = std::string(metric->doc),
          .source = std::string(metric->source)};
}

CatalogueEntry listed_layer(const std::string& type) {
  const auto layer = make_layer(type);
  return {.name = type,
          .doc = std::string(layer->doc()),
          .constants = listed_all(document_fields(*layer))};
}

CatalogueEntry listed(const NetworkPreset& preset) {
  std::string layers(preset.layers);
  while (layers.ends_with('\n')) layers.pop_back();
  return {.name = std::string(preset.name),
          .doc = std::string(preset.doc),
          .source = std::string(preset.source),
          .written_out = std::move(layers)};
}

CatalogueEntry listed(const PresetDefinition& preset) {
  return {.name = std::string(preset.name),
          .doc = std::string(preset.doc),
          .source = std::string(preset.source),
          .written_out = std::string(preset.keys)};
}

CatalogueEntry listed(const RunKey& key) {
  return {.name = key.path, .doc = key.doc, .constants = {{"", key.default_value, key.type}}};
}

CatalogueSection activation_section() {
  CatalogueSection section{
      "activations", "network.activation, --activation, and layers' fields", {}};
  for (const auto* activation : activations()) section.entries.push_back(listed(*activation));
  return section;
}

CatalogueSection column_section() {
  CatalogueSection section{"column_keys", "one column's keys in features.columns", {}};
  visit_column_keys([&](const char* key, auto member, ColumnUse use, const char* doc) {
    const std::string standard = written_value(ColumnDeclaration().*member);
    const std::string for_what =
        use == ColumnUse::any ? doc : fmt::format("{}: {}", name_of(use), doc);
    section.entries.push_back(
        {.name = key, .doc = for_what, .constants = {{"", standard, "unless given"}}});
  });
  return section;
}

CatalogueSection date_part_section() {
  CatalogueSection section{"date_parts", "parts of a date column in features.columns", {}};
  for (const DatePart& part : date_parts())
    section.entries.push_back({.name = part.name, .doc = part.doc});
  return section;
}

CatalogueSection layer_section() {
  CatalogueSection section{"layers", "the type of each of network.layers", {}};
  for (const std::string& type : layer_types()) section.entries.push_back(listed_layer(type));
  return section;
}

template <class Definitions>
CatalogueSection section_of(std::string name, std::string usage, const Definitions& definitions) {
  CatalogueSection section{std::move(name), std::move(usage), {}};
  for (const auto& definition : definitions) section.entries.push_back(listed(definition));
  return section;
}

template <class Named>
const Named& find_named(const std::vector<Named>& all, const std::string& name,
                        const std::string& what) {
  std::vector<std::string> known;
  for (const Named& one : all) {
    if (plain_name(one.name) == plain_name(name)) return one;
    known.push_back(one.name);
  }
  throw Error(ErrorCode::usage,
              fmt::format("There is no {} \"{}\".{}", what, name, did_you_mean(name, known)));
}

}  // namespace

std::string CatalogueEntry::signature() const {
  if (constants.size() == 1 && constants[0].name.empty()) {
    return fmt::format("{} = {}", name, constants[0].default_value);
  }
  std::vector<std::string> written;
  for (const CatalogueConstant& constant : constants) {
    written.push_back(constant.name + "=" + constant.default_value);
  }
  return written.empty() ? name : fmt::format("{}({})", name, fmt::join(written, ", "));
}

const CatalogueEntry& CatalogueSection::entry(const std::string& entry_name) const {
  for (const CatalogueEntry& one : entries) {
    for (const std::string& alias : one.aliases) {
      if (plain_name(alias) == plain_name(entry_name)) return one;
    }
  }
  return find_named(entries, entry_name, name.substr(0, name.size() - 1));
}

std::vector<CatalogueSection> catalogue() {
  return {layer_section(),
          section_of("networks", "network.preset, --network", network_presets()),
          activation_section(),
          section_of("initializers", "fields of layers such as kernel_initializer", initializers()),
          section_of("scalings", "features.scale, --scale, and a column's scale", scalings()),
          column_section(),
          date_part_section(),
          section_of("losses", "training.loss, --loss", losses()),
          section_of("optimizers", "training.optimizer, --optimizer", optimizers()),
          section_of("schedules", "training.schedule, --schedule", schedules()),
          section_of("presets", "--preset, and preset in a run file", presets()),
          section_of("metrics", "what evaluate, cv and tune tell", metrics()),
          section_of("keys", "a run file, and --set KEY=VALUE", run_keys())};
}

CatalogueSection catalogue_section(const std::string& name) {
  return find_named(catalogue(), name, "list of");
}

}  // namespace sinapse
