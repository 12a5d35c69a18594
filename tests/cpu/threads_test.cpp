// The same bits on any number of threads. Few and small networks: ThreadSanitizer runs these, too.
#include <gtest/gtest.h>

#include "compile/plan.h"
#include "cpu/kernels.h"
#include "cpu/plan_harness.h"

namespace sinapse {

namespace {

PlanCase large(std::string name, std::vector<LayerDescription> layers, std::string optimizer,
               int64_t inputs = 65, int64_t rows = 300) {
  return {std::move(name),
          {std::move(layers)},
          {{"x", {inputs}}},
          "categorical_crossentropy",
          std::move(optimizer),
          {rows, rows - 1, 1},
          rows};
}

PlanCase ruled(PlanCase tested) {
  tested.rules = {.l1 = 0.01, .clip_norm = 0.1, .clip_value = 0.01, .average = true};
  return tested;
}

PlanCase images(std::string name, std::vector<LayerDescription> layers, Shape row, int64_t rows) {
  PlanCase tested = large(std::move(name), std::move(layers), "momentum", 1, rows);
  tested.inputs = {{"x", std::move(row)}};
  return tested;
}

LayerDescription convolution(int64_t filters, std::string activation) {
  return layer("conv", {{"filters", filters},
                        {"padding", std::string("same")},
                        {"activation", std::move(activation)}});
}

// Enough arithmetic that stages of both kinds are shared out; else threads would prove nothing.
std::vector<PlanCase> cases() {
  return {
      large("dense", {dense(130, "relu"), dense(70, "tanh"), dense(10)}, "adam"),
      large("normalized",
            {layer("batch_normalization"), dense(100, "gelu"), layer("batch_normalization"),
             dense(33, "relu"), layer("layer_normalization"), dense(3)},
            "momentum"),
      images("images",
             {convolution(20, "relu"), layer("max_pool"), convolution(48, "tanh"),
              layer("batch_normalization"), layer("flatten"), dense(4)},
             {3, 12, 12}, 21),
      images("recurrent",
             {layer("gru", {{"units", int64_t{24}},
                            {"direction", std::string("bidirectional")},
                            {"reset_after", false},
                            {"return_sequences", true}}),
              layer("lstm", {{"units", int64_t{40}}}), dense(4)},
             {12, 9}, 70),
      images("transformer",
             {layer("dense_per_step", {{"units", int64_t{24}}}),
              layer("transformer_encoder", {{"heads", int64_t{3}}}), layer("sequence_pool"),
              dense(4)},
             {20, 9}, 50),
      large("random",
            {layer("dropout"), dense(120, "rrelu"), layer("dropout", {{"rate", 0.2}}),
             dense(64, "relu"), dense(2)},
            "adamw"),
      large("vectors",
            {layer("layer_normalization"), dense(150, "relu"), layer("layer_normalization"),
             layer("prelu"), dense(3)},
            "adam"),
      ruled(large("updates", {dense(130, "relu"), dense(70, "tanh"), dense(10)}, "adam")),
      large("branches",
            {layer("dense", {{"units", int64_t{90}}}, {"x"}, "a"),
             layer("dense", {{"units", int64_t{90}}}, {"x"}, "b"), layer("add", {}, {"a", "b"}),
             layer("prelu"), dense(4)},
            "nesterov"),
  };
}

class Threads : public testing::TestWithParam<PlanCase> {};

TEST_P(Threads, GiveTheSameBits) {
  const PreparedCase prepared(GetParam());
  Team alone(1);
  const PlanOutcome expected = train_by_plan(prepared, alone);
  for (const int num_threads : {2, 3, 8}) {
    Team team(num_threads);
    EXPECT_TRUE(train_by_plan(prepared, team) == expected) << num_threads << " threads";
  }
}

TEST_P(Threads, GiveTheSameBitsWithoutFusion) {
  const PreparedCase prepared(GetParam());
  const std::set<std::string> disabled{"fuse_activations", "fuse_activation_gradients",
                                       "fuse_updates", "block_channels"};
  Team alone(1), team(3);
  EXPECT_TRUE(train_by_plan(prepared, team, disabled) == train_by_plan(prepared, alone, disabled));
}

TEST_P(Threads, HaveWorkToShare) {
  const PreparedCase prepared(GetParam());
  const int64_t rows = prepared.described.max_rows;
  const auto plan =
      compile(prepared.training.graph, {.max_rows = rows, .training = true}, cpu_kernels());
  int64_t most_tiles = 0, most_slices = 0;
  for (const Stage& stage : plan->stages) {
    if (stage.parallel == Parallel::rows) {
      most_tiles =
          std::max(most_tiles, (rows + tile_rows(stage, rows, 2) - 1) / tile_rows(stage, rows, 2));
    } else {
      int64_t slices = 0;
      for (const Step& step : stage.steps) slices += step.kernel->num_slices();
      most_slices = std::max(most_slices, slices);
    }
  }
  EXPECT_GT(most_tiles, 1);
  EXPECT_GT(most_slices, 1);
}

TEST(ThreadsAndBatches, RowsDoNotInfluenceEachOther) {
  // The first rows of a batch give the same output whatever follows them and in however many tiles.
  const PlanCase whole = large("whole", {dense(130, "relu"), dense(70, "tanh"), dense(10)}, "sgd");
  PlanCase part = whole;
  part.batches = {40};
  PreparedCase prepared_whole(whole), prepared_part(part);
  for (const ValueId id : prepared_whole.training.inputs) {
    const int64_t columns = row_size(prepared_whole.training.graph.shape(id));
    const auto& from = prepared_whole.batches[0][id];
    prepared_part.batches[0][id].assign(from.begin(), from.begin() + 40 * columns);
  }
  Team team(2);
  const auto all = train_by_plan(prepared_whole, team).outputs[0];
  const auto some = train_by_plan(prepared_part, team).outputs[0];
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

INSTANTIATE_TEST_SUITE_P(Networks, Threads, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace

}  // namespace sinapse
