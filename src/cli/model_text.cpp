// The text form of a model's description.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/model_description.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxListed = 8;  // categories or classes shown of a long list

std::string number(const Json& value) {
  if (value.is_array()) {
    std::vector<std::string> numbers;
    for (const Json& one : value) numbers.push_back(number(one));
    return fmt::format("[{}]", fmt::join(numbers, ", "));
  }
  return fmt::format("{:.6g}", value.get<double>());
}

std::string listed(const Json& names) {
  std::vector<std::string> shown;
  for (const Json& name : names) {
    if (shown.size() == kMaxListed) break;
    shown.push_back(name.get<std::string>());
  }
  const size_t left = names.size() - shown.size();
  const std::string more = left > 0 ? fmt::format(", and {} more", left) : "";
  return fmt::format("{}{}", fmt::join(shown, ", "), more);
}

std::string layers_text(const Json& description) {
  std::vector<std::vector<std::string>> rows = {
      {"Layer (type)", "Output shape", "Parameters", "Multiply-adds", "Bytes", "Activation"}};
  int64_t multiply_adds = 0;
  for (const Json& layer : description["layers"]) {
    rows.push_back(
        {fmt::format("{} ({})", layer["name"].get<std::string>(), layer["type"].get<std::string>()),
         layer["shape"], with_thousands(layer["parameters"]),
         with_thousands(layer["multiply_adds"]), with_thousands(layer["bytes"]),
         layer["activation"]});
    multiply_adds += layer["multiply_adds"].get<int64_t>();
  }
  const Json& parameters = description["parameters"];
  return format_table(rows, {Align::left, Align::left, Align::right, Align::right, Align::right}) +
         fmt::format(
             "Total: {} parameters, {} trainable, {} non-trainable; {} multiply-adds a row\n",
             with_thousands(parameters["total"]), with_thousands(parameters["trainable"]),
             with_thousands(parameters["non_trainable"]), with_thousands(multiply_adds));
}

std::string fitted(const Json& feature) {
  std::vector<std::string> parts;
  if (feature.contains("shape")) parts.push_back("shape " + feature["shape"].dump());
  for (const char* name :
       {"mean", "deviation", "mean_seconds", "deviation_seconds", "mean_year", "deviation_year"}) {
    if (feature.contains(name)) parts.push_back(fmt::format("{} {}", name, number(feature[name])));
  }
  if (feature.contains("window")) {
    parts.push_back(fmt::format("{} steps of {} to the next {}", feature["window"].get<int64_t>(),
                                feature["step"].get<std::string>(),
                                feature["horizon"].get<int64_t>()));
    parts.push_back(fmt::format("season {}", feature["season"].get<int64_t>()));
  }
  if (feature.contains("categories")) parts.push_back(listed(feature["categories"]));
  if (feature.contains("vocabulary")) {
    parts.push_back(
        fmt::format("the first {} {} of a text, {} known", feature["length"].get<int64_t>(),
                    feature["tokens"].get<std::string>(), with_thousands(feature["vocabulary"])));
  }
  if (feature.contains("format")) parts.push_back("format " + feature["format"].get<std::string>());
  if (feature.value("marks_missing", false)) parts.push_back("marks missing cells");
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string encoding_of(const Json& feature) {
  const std::string encoding = feature["encoding"];
  if (!feature.contains("dimension")) return encoding;
  return fmt::format("{} [{}]", encoding, feature["dimension"].get<int64_t>());
}

std::string features_text(const Json& features) {
  std::vector<std::vector<std::string>> rows = {{"Column", "Kind", "Encoding", "Fitted"}};
  for (const Json& feature : features) {
    rows.push_back({feature["column"], feature["kind"], encoding_of(feature), fitted(feature)});
  }
  return format_table(rows, {});
}

std::string inputs_text(const Json& inputs) {
  std::vector<std::string> parts;
  for (const Json& input : inputs) {
    parts.push_back(fmt::format("{} {}", input["name"].get<std::string>(), input["shape"].dump()));
  }
  return fmt::format("Inputs: {}\n", fmt::join(parts, ", "));
}

std::string column_text(const Json& column, const std::string& task) {
  const std::string detail =
      column.contains("classes")
          ? fmt::format("{} classes: {}", column["classes"].size(), listed(column["classes"]))
          : fmt::format("mean {}, deviation {}", number(column["mean"]),
                        number(column["deviation"]));
  return fmt::format("Target: \"{}\", {}, {}\n", column["column"].get<std::string>(), task, detail);
}

std::string target_text(const Json& target) {
  const std::string task = target["task"];
  if (!target.contains("columns")) return column_text(target, task);
  std::string text;
  for (const Json& column : target["columns"]) text += column_text(column, task);
  return text;
}

std::string weighting_text(const Json& weighting) {
  std::string text;
  if (weighting.contains("column"))
    text += fmt::format("Weights of rows: \"{}\"\n", weighting["column"].get<std::string>());
  if (!weighting.contains("class_weights")) return text;
  std::vector<std::string> weights;
  for (const Json& weight : weighting["class_weights"]) weights.push_back(number(weight));
  return text + fmt::format("Weights of classes: {}\n", fmt::join(weights, ", "));
}

void add_record(std::string& text, const std::string& name, const Json& value) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      add_record(text, name.empty() ? key : name + "." + key, inner);
    }
  } else {
    text += fmt::format("  {}: {}\n", name,
                        value.is_string() ? value.get<std::string>() : value.dump());
  }
}

std::string record_text(const Json& record) {
  std::string text = "Training:\n";
  if (record.is_object()) add_record(text, "", record);
  return text;
}

}  // namespace

std::string model_text(const Json& description) {
  const std::string text =
      layers_text(description) + "\n" + inputs_text(description["inputs"]) + "\n" +
      features_text(description["features"]) + "\n" + target_text(description["target"]) +
      weighting_text(description["weighting"]) + "\n" + record_text(description["training"]) +
      "\nWeights (SHA-256): " + description["weights_sha256"].get<std::string>() + "\n";
  return printable(text);
}

}  // namespace sinapse::cli
