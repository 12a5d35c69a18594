// Every name of the tables works: in a run file, on the command line and in C++, and it trains.
#include "train/catalogue.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/loss.h>

#include "data/temporary_folder.h"
#include "end_to_end/tables.h"
#include "train/run_file.h"

namespace sinapse {

namespace {

struct NamedOption {
  const char* section;
  const char* key;
  std::string& (*member)(RunOptions&);
};

constexpr NamedOption kOptions[] = {
    {"activations", "network.activation",
     [](RunOptions& o) -> std::string& { return o.network.activation; }},
    {"optimizers", "training.optimizer",
     [](RunOptions& o) -> std::string& { return o.training.optimizer; }},
    {"schedules", "training.schedule",
     [](RunOptions& o) -> std::string& { return o.training.schedule; }},
    {"losses", "training.loss", [](RunOptions& o) -> std::string& { return o.training.loss; }},
};

RunDescription quick_run() {
  RunDescription run;
  run.options.data.target = "y";
  run.options.network.hidden = {4};
  run.options.training.epochs = 1;
  run.options.training.threads = 1;
  return run;
}

RunDescription by_run_file(const std::string& key, const std::string& name) {
  RunDescription run = quick_run();
  const size_t dot = key.find('.');
  merge_run_text(run, key.substr(0, dot) + ": {" + key.substr(dot + 1) + ": " + name + "}", "run");
  return run;
}

RunDescription by_flag(const std::string& key, const std::string& name) {
  RunDescription run = quick_run();
  set_run_key(run, key, name, "--set");
  return run;
}

RunDescription by_member(const NamedOption& option, const std::string& name) {
  RunDescription run = quick_run();
  option.member(run.options) = name;
  return run;
}

class EveryName : public testing::TestWithParam<NamedOption> {};

// Such losses need several targets.
bool predicts_whole_rows(const NamedOption& option, const std::string& name) {
  if (std::string_view(option.key) != "training.loss") return false;
  const OutputForm form = parse_loss(name).definition->form;
  return form == OutputForm::direction || form == OutputForm::distribution;
}

// A table that the name can learn from: a loss may be for classes.
Table table_for(const NamedOption& option, const std::string& name, const TemporaryFolder& folder) {
  if (std::string_view(option.key) != "training.loss") {
    return read_table(folder.file("y.csv", regression_csv(48)));
  }
  std::string csv = predicts_whole_rows(option, name) ? "a,y,z\n" : "a,y\n";
  const Task task = parse_loss(name).definition->tasks.front();
  for (int i = 0; i < 48; ++i) {
    const std::string target = task == Task::regression && predicts_whole_rows(option, name)
                                   ? fmt::format("{}.5,{}", i + 1, i % 5)
                               : task == Task::regression   ? fmt::format("{}.5", i + 1)
                               : task == Task::binary       ? (i % 2 == 0 ? "no" : "yes")
                               : task == Task::distribution ? "0.25,0.75"
                                                            : fmt::format("class{}", i % 3);
    csv += fmt::format("{}.25,{}\n", i * 7 % 48, target);
  }
  return read_table(folder.file("y.csv", csv));
}

TEST_P(EveryName, IsTheSameInRunFileFlagAndProgramAndTrains) {
  const TemporaryFolder folder;
  const NamedOption& option = GetParam();
  for (const CatalogueEntry& entry : catalogue_section(option.section).entries) {
    RunDescription run = by_run_file(option.key, entry.name);
    EXPECT_EQ(to_yaml(run), to_yaml(by_flag(option.key, entry.name)));
    EXPECT_EQ(to_yaml(run), to_yaml(by_member(option, entry.name)));
    if (predicts_whole_rows(option, entry.name)) run.options.data.target = "y,z";
    const TrainResult result = train(table_for(option, entry.name, folder), run.options);
    EXPECT_TRUE(std::isfinite(result.history.at(0).loss)) << entry.name;
    RunOptions resolved = result.resolved;
    EXPECT_EQ(option.member(resolved).rfind(entry.name, 0), 0u) << entry.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, EveryName, testing::ValuesIn(kOptions),
                         [](const auto& info) { return info.param.section; });

// One alias may stand for a loss of each task, as "focal" does.
TEST(Catalogue, FindsEveryNameAndAlias) {
  for (const CatalogueSection& section : catalogue()) {
    for (const CatalogueEntry& entry : section.entries) {
      EXPECT_EQ(section.entry(entry.name).name, entry.name);
      for (const std::string& alias : entry.aliases) {
        const auto& found = section.entry(alias).aliases;
        EXPECT_NE(std::find(found.begin(), found.end(), alias), found.end()) << alias;
      }
    }
  }
}

}  // namespace

}  // namespace sinapse
