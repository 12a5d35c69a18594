// Presets: where a run starts; what the user sets counts more.
#include "train/presets.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/preset.h>

#include "network/expect_words.h"
#include "train/run_file.h"

namespace sinapse {

namespace {

Table table(bool classes) {
  Column x{.name = "x", .kind = ColumnKind::number}, y = x;
  y.name = "y";
  if (classes) y = {.name = "y", .kind = ColumnKind::category, .categories = {"a", "b"}};
  for (int r = 0; r < 40; ++r) {
    x.numbers.push_back(std::sin(0.7 * r));
    if (classes) y.codes.push_back(r % 2);
    if (!classes) y.numbers.push_back(std::cos(1.3 * r));
  }
  return Table({x, y});
}

std::string activation_of(const RunOptions& run, size_t layer) {
  return std::get<std::string>(run.network.layers.at(layer).fields.at("activation"));
}

TEST(Presets, EachTrains) {
  for (const PresetDefinition& preset : presets()) {
    RunOptions run;
    apply_preset(run, std::string(preset.name));
    run.data.target = "y";
    run.training.epochs = 1;
    run.training.threads = 1;
    const TrainResult result = train(table(false), run);
    EXPECT_TRUE(std::isfinite(result.metrics.at("train").at("rmse"))) << preset.name;
    EXPECT_FALSE(preset.doc.empty()) << preset.name;
  }
}

TEST(Presets, StartARunFileWhoseKeysCountMore) {
  RunDescription run;
  merge_run_text(run, "training: {epochs: 7}\npreset: RealMLP", "run.yaml");
  EXPECT_EQ(run.options.training.epochs, 7);
  EXPECT_EQ(run.options.features.scale, "robust");
  EXPECT_EQ(run.options.training.schedule, "coslog");
  EXPECT_EQ(run.options.network.layers.size(), 5u);
}

TEST(Presets, LeaveOtherOptionsAsTheyAre) {
  RunOptions run;
  run.data.target = "y";
  run.training.seed = 9;
  apply_preset(run, "realmlp");
  EXPECT_EQ(run.data.target, "y");
  EXPECT_EQ(run.training.seed, 9u);
}

TEST(Presets, ActivationsFollowTheTask) {
  RunOptions run;
  apply_preset(run, "realmlp");
  run.data.target = "y";
  run.training.epochs = 1;
  EXPECT_EQ(activation_of(train(table(false), run).resolved, 2), "mish");
  EXPECT_EQ(activation_of(train(table(true), run).resolved, 2), "relu");
  run.network.activation = "selu";
  EXPECT_EQ(activation_of(train(table(true), run).resolved, 2), "selu");
}

TEST(Presets, SuggestTheNearestName) {
  expect_error(ErrorCode::usage, {"realmpl", "Did you mean \"realmlp\"?"}, [] {
    RunDescription run;
    merge_run_text(run, "preset: realmpl", "run.yaml");
  });
  expect_error(ErrorCode::usage, {"run.yaml:1", "preset", "a list"}, [] {
    RunDescription run;
    merge_run_text(run, "preset: [realmlp]", "run.yaml");
  });
}

}  // namespace

}  // namespace sinapse
