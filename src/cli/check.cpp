// sinapse check: what may be wrong with a model and its data.
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/check.h>

#include "cli/commands.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "network/trained_network.h"
#include "train/run_file.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse check sinapse_cars
  sinapse check sinapse_cars/model.onnx more_cars.csv --json
  sinapse check run.yaml

MODEL may be the folder of a run: then its data are checked, and duplicates are looked for between
its training, validation and test rows. Without data, random rows are taken. It may be a run file,
too: then the network is looked at as it would begin, before any training.
Exit code: 0 if nothing is found but notes, 3 if there are warnings or errors.)";

struct Options {
  std::string model, data;
  bool json = false;
  CheckOptions check;
};

struct Checked {
  std::string data;  // empty: random rows
  bool trained = true;
  std::vector<CheckResult> results;
};

// The run that a folder holds, if it does.
std::optional<RunDescription> run_of(const std::string& path) {
  const std::filesystem::path file = std::filesystem::path(path) / "run.yaml";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  RunDescription run;
  merge_run_file(run, file.string());
  return run;
}

Checked check_table(const Model& model, const Options& options) {
  std::optional<RunDescription> run = run_of(options.model);
  std::error_code ignored;
  std::string data = options.data;
  if (!answers_rows_alone(model.trained())) return {"", true, check(model, options.check)};
  if (data.empty() && run && std::filesystem::exists(run->data_path, ignored))
    data = run->data_path;
  if (data.empty()) return {"", true, check(model, options.check)};
  const bool same = run && std::filesystem::equivalent(data, run->data_path, ignored);
  const Table table = model.read(data);
  return {data, true, check(model, table, options.check, same ? &run->options : nullptr)};
}

Checked check_arrays(const Model& model, const Options& options) {
  if (options.data.empty()) return {"", true, check(model, options.check)};
  const NamedSamples data = read_labelled_samples(model, options.data);
  return {data.name, true, check(model, data.samples, options.check)};
}

// A run file that is named, or in the folder of a run that has no model yet; else empty.
std::string run_file_of(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    const std::string file = (std::filesystem::path(path) / "run.yaml").string();
    return !std::filesystem::exists(model_path(path), ignored) &&
                   std::filesystem::exists(file, ignored)
               ? file
               : "";
  }
  const bool named = path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
  return named ? path : "";
}

Checked check_run_file(const std::string& file, const Options& options) {
  RunDescription run;
  merge_run_file(run, file);
  if (!options.data.empty()) run.data_path = options.data;
  const std::string& data = run.data_path;
  if (data.empty()) return {"", false, check_untrained(run.options, options.check)};
  require_target("check", data, run.options.data.target);
  if (is_array_data(data)) {
    const ImageFolder images = read_training_images(data, "", run.options.image, run.memory);
    return {data, false, check_untrained(images, run.options, options.check)};
  }
  const Table table = read_training_table(data, run.memory);
  return {data, false, check_untrained(table, run.options, options.check)};
}

bool is_found(const CheckResult& result) {
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [](const Finding& one) { return one.severity != Severity::note; });
}

std::string verdict_of(const CheckResult& result) {
  if (result.findings.empty()) return "ok";
  Severity worst = Severity::note;
  for (const Finding& one : result.findings) worst = std::max(worst, one.severity);
  return std::string(name_of(worst));
}

std::string text_of(const Checked& checked) {
  std::string text =
      fmt::format("{}{}\n\n", checked.data.empty() ? "random rows" : printable(checked.data),
                  checked.trained ? "" : ", before training");
  std::vector<std::vector<std::string>> rows{{"check", "", "looked at"}};
  for (const CheckResult& result : checked.results)
    rows.push_back({result.name, verdict_of(result), result.result});
  text += format_table(rows, {});
  for (const CheckResult& result : checked.results)
    for (const Finding& one : result.findings)
      text += fmt::format("\n{}: {}\n  {}\n", name_of(one.severity), printable(one.what),
                          printable(one.advice));
  return text;
}

nlohmann::ordered_json to_json(const Checked& checked) {
  nlohmann::ordered_json json = {{"data", checked.data}, {"trained", checked.trained}};
  json["checks"] = nlohmann::ordered_json::array();
  json["findings"] = nlohmann::ordered_json::array();
  for (const CheckResult& result : checked.results) {
    json["checks"].push_back(
        {{"name", result.name}, {"verdict", verdict_of(result)}, {"result", result.result}});
    for (const Finding& one : result.findings)
      json["findings"].push_back({{"check", one.check},
                                  {"severity", name_of(one.severity)},
                                  {"where", one.where},
                                  {"what", one.what},
                                  {"advice", one.advice}});
  }
  return json;
}

Checked check_anything(const Options& options) {
  const std::string run_file = run_file_of(options.model);
  if (!run_file.empty()) return check_run_file(run_file, options);
  const Model model = load_model(options.model);
  return reads_arrays(model) ? check_arrays(model, options) : check_table(model, options);
}

int run_check(const Options& options) {
  const Checked checked = check_anything(options);
  print(options.json ? to_json(checked).dump(2) + "\n" : text_of(checked));
  return std::any_of(checked.results.begin(), checked.results.end(), is_found) ? kFound : kSuccess;
}

}  // namespace

void add_check(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("check", "Find what may be wrong with a model and its data");
  command->footer(kExamples);
  command->add_option("MODEL", options->model, "model.onnx, the folder of a run, or a run file")
      ->required()
      ->type_name("");
  command->add_option("DATA", options->data, "Data with known answers [those of the run]")
      ->type_name("");
  command->add_flag("--json", options->json, "Print one JSON object");
  command
      ->add_option("--max-rows", options->check.max_rows,
                   "For activations and gradients, at most [256]")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N")
      ->take_last();
  command->add_option("--seed", options->check.seed, "Of what is drawn [1]")
      ->type_name("N")
      ->take_last();
  command->add_option("--threads", options->check.threads, "0: one for each processor [1]")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->take_last();
  command->callback([options, &action] { action = [options] { return run_check(*options); }; });
}

}  // namespace sinapse::cli
