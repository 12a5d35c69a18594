// sinapse range: the learning-rate range test.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>
#include <sinapse/image_set.h>
#include <sinapse/learning_rate_range.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/model_data.h"
#include "cli/output.h"
#include "cli/run_flags.h"
#include "data/atomic_file.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse range cars.csv --target price
  sinapse range cars.csv --target price --optimizer momentum --lowest 1e-4 --highest 10 --output range.csv
  sinapse range --config sinapse_cars/run.yaml

Takes all flags of train. Trains for some batches while the learning rate grows, and shows at which
rates the loss falls (Smith 2017). The suggested rate is where it falls fastest; from the lowest
loss on, rates are too high, and a little below is a good max of one_cycle.)";

constexpr size_t kRowsShown = 20;

struct Options {
  RunFlags flags;
  LearningRateRangeOptions range;
  std::string output;
  bool json = false;
};

void check(const RunDescription& run) {
  if (run.data_path.empty()) {
    throw Error(ErrorCode::usage,
                "range: which data? Give a file, as in: sinapse range cars.csv --target price");
  }
  require_target("range", run.data_path, run.options.data.target);
}

LearningRateRange test(const RunDescription& run, const LearningRateRangeOptions& range) {
  const TrainCallbacks callbacks{.should_stop = [] { return InterruptGuard::interrupted(); }};
  if (is_array_data(run.data_path)) {
    return test_learning_rates(
        read_training_images(run.data_path, "", run.options.image, run.memory), run.options, range,
        callbacks);
  }
  return test_learning_rates(read_training_table(run.data_path, run.memory), run.options, range,
                             callbacks);
}

std::string points_csv(const LearningRateRange& range) {
  std::string csv = "learning_rate,loss,smoothed_loss\n";
  for (const LearningRatePoint& point : range.points) {
    csv += fmt::format("{},{},{}\n", point.learning_rate, point.loss, point.smoothed_loss);
  }
  return csv;
}

std::string range_text(const LearningRateRange& range) {
  std::vector<std::vector<std::string>> rows = {{"learning rate", "loss", ""}};
  const size_t stride = std::max<size_t>(1, range.points.size() / kRowsShown);
  for (size_t i = stride - 1; i < range.points.size(); i += stride) {
    const LearningRatePoint& point = range.points[i];
    const bool crosses_suggested =
        point.learning_rate >= range.suggested &&
        (i < stride || range.points[i - stride].learning_rate < range.suggested);
    rows.push_back({fmt::format("{:.2e}", point.learning_rate),
                    fmt::format("{:.5g}", point.smoothed_loss),
                    crosses_suggested ? "<- falls fastest" : ""});
  }
  return fmt::format(
      "{}\n{}Suggested: --learning-rate {:.2g}; the loss is lowest at {:.2g}.\n",
      format_table(rows, {Align::right, Align::right, Align::left}),
      range.broke_down
          ? ""
          : "Learning did not break down; a larger --highest would show where it does.\n",
      range.suggested, range.lowest);
}

nlohmann::ordered_json range_json(const LearningRateRange& range) {
  nlohmann::ordered_json json = {{"suggested", range.suggested},
                                 {"lowest", range.lowest},
                                 {"broke_down", range.broke_down},
                                 {"points", nlohmann::ordered_json::array()}};
  for (const LearningRatePoint& point : range.points) {
    json["points"].push_back({{"learning_rate", point.learning_rate},
                              {"loss", point.loss},
                              {"smoothed_loss", point.smoothed_loss}});
  }
  return json;
}

int run_range(const Options& options) {
  const RunDescription run = configured_run(options.flags);
  check(run);
  const InterruptGuard guard;
  const LearningRateRange range = test(run, options.range);
  if (InterruptGuard::interrupted()) return kInterrupted;
  if (!options.output.empty()) write_file_atomically(options.output, points_csv(range));
  print(options.json ? range_json(range).dump(2) + "\n" : range_text(range));
  return kSuccess;
}

}  // namespace

void add_range(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("range", "Find good learning rates: a range test of a few batches");
  command->footer(kExamples);
  add_run_flags(*command, options->flags);
  LearningRateRangeOptions& range = options->range;
  const auto add = [&](const char* flag, auto& value, const char* type, const char* doc) {
    command->add_option(flag, value, doc)->type_name(type)->take_last();
  };
  add("--lowest", range.from, "X", "The first learning rate [1e-6]");
  add("--highest", range.to, "X", "The last learning rate [1]");
  add("--steps", range.steps, "N", "Batches, each with a rate by the same factor larger [200]");
  add("--smoothing", range.smoothing, "X", "Decay of the mean loss [0.95]");
  add("-o,--output", options->output, "FILE", "Write one CSV row a batch");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &action] { action = [options] { return run_range(*options); }; });
}

}  // namespace sinapse::cli
