// Training that begins from a model, and layers that do not learn.
#include "train/fine_tune.h"

#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"
#include "graph/operator.h"

namespace sinapse {

namespace {

// x, z, a column of classes and one of numbers.
Table table(int64_t rows, int64_t num_classes, double scale = 1) {
  Column x{.name = "x", .kind = ColumnKind::number}, z = x, y = x;
  z.name = "z";
  y.name = "y";
  Column kind{.name = "kind", .kind = ColumnKind::category};
  for (int64_t c = 0; c < num_classes; ++c) kind.categories.push_back(std::string(1, 'a' + c));
  for (int64_t r = 0; r < rows; ++r) {
    const auto t = static_cast<double>(r);
    x.numbers.push_back(scale * std::sin(0.7 * t));
    z.numbers.push_back(std::cos(1.3 * t));
    y.numbers.push_back(std::sin(0.7 * t) * std::cos(1.3 * t) + 3);
    kind.codes.push_back(static_cast<int32_t>(r * 7 % num_classes));
  }
  return Table({x, z, y, kind});
}

constexpr double kAlmostNoRate = 1e-30;  // no weight moves by a bit

class FineTune : public testing::Test {
 protected:
  RunOptions options(const std::string& target, double learning_rate = 0.05) const {
    RunOptions run;
    run.data.target = target;
    run.data.ignore = {target == "y" ? "kind" : "y"};
    run.network.hidden = {8, 6};
    run.network.batch_normalization = true;
    run.training.epochs = 3;
    run.training.batch_size = 16;
    run.training.optimizer = "sgd";
    run.training.learning_rate = learning_rate;
    run.training.threads = 1;
    run.training.restore_best_weights = false;
    return run;
  }

  // A saved model, and options that begin from it.
  RunOptions begun(const std::string& target, double learning_rate) {
    const TrainResult first = train(table(120, 3), options(target));
    first.model.save(folder_.path("model.onnx"));
    before_ = first.model.trained().weights;
    RunOptions run = options(target, learning_rate);
    run.network = {};
    run.network.from = folder_.path("model.onnx");
    return run;
  }

  static std::set<std::string> changed(const std::map<std::string, std::vector<float>>& before,
                                       const std::map<std::string, std::vector<float>>& after) {
    std::set<std::string> names;
    for (const auto& [name, values] : after) {
      if (!before.contains(name) || before.at(name) != values) names.insert(name);
    }
    return names;
  }

  std::set<std::string> changed_by(const TrainResult& result) const {
    return changed(before_, result.model.trained().weights);
  }

  TemporaryFolder folder_;
  std::map<std::string, std::vector<float>> before_;
};

const std::set<std::string> kStatistics{
    "batch_normalization1.running_mean", "batch_normalization1.running_var",
    "batch_normalization2.running_mean", "batch_normalization2.running_var"};

TEST_F(FineTune, BeginsFromTheModelsWeightsAndPreprocessing) {
  for (const char* target : {"y", "kind"}) {
    RunOptions run = begun(target, kAlmostNoRate);
    run.data.target.clear();  // the model knows it
    const TrainResult result = train(table(80, 3, 5.0), run);
    EXPECT_EQ(changed_by(result), kStatistics) << target;
    const Model model = Model::load(run.network.from);
    EXPECT_EQ(result.model.trained().features->to_json(), model.trained().features->to_json());
    EXPECT_EQ(result.model.trained().target.to_json(), model.trained().target.to_json());
    EXPECT_EQ(result.model.trained().loss, model.trained().loss);
  }
}

TEST_F(FineTune, RefitLearnsPreprocessingAndTargetAnew) {
  RunOptions run = begun("y", kAlmostNoRate);
  run.network.refit = true;
  const TrainResult result = train(table(80, 3, 5.0), run);
  const Model model = Model::load(run.network.from);
  EXPECT_NE(result.model.trained().features->to_json(), model.trained().features->to_json());
  EXPECT_NE(result.model.trained().target.to_json(), model.trained().target.to_json());
}

TEST_F(FineTune, OtherClassesBeginTheOutputLayerAnew) {
  const RunOptions run = begun("kind", kAlmostNoRate);
  std::string remarks;
  const TrainResult result = train(
      table(80, 5), run, {.on_remark = [&](const std::string& remark) { remarks += remark; }});
  auto expected = kStatistics;
  expected.insert({"output.weight", "output.bias"});
  EXPECT_EQ(changed_by(result), expected);
  EXPECT_EQ(result.model.trained().target.classes().size(), 5u);
  EXPECT_NE(remarks.find("output.weight, output.bias"), std::string::npos) << remarks;
}

TEST_F(FineTune, FewerClassesAreThoseOfTheModel) {
  const RunOptions run = begun("kind", kAlmostNoRate);
  const TrainResult result = train(table(80, 2), run);
  EXPECT_EQ(result.model.trained().target.classes().size(), 3u);
  EXPECT_EQ(changed_by(result), kStatistics);
}

TEST_F(FineTune, FrozenLayersKeepWeightsAndStatistics) {
  RunOptions run = begun("y", 0.05);
  run.network.freeze = {"dense1", "batch*1"};
  const std::set<std::string> frozen{
      "dense1.weight", "batch_normalization1.weight", "batch_normalization1.bias",
      "batch_normalization1.running_mean", "batch_normalization1.running_var"};
  for (const double ema_decay : {0.0, 0.9}) {
    run.training.ema_decay = ema_decay;
    const auto moved = changed_by(train(table(80, 3), run));
    for (const auto& [name, values] : before_)
      EXPECT_NE(moved.contains(name), frozen.contains(name)) << name;
  }
}

// The gradient flows through a frozen normalisation to the layer before it.
TEST_F(FineTune, FrozenNormalizationLetsTheGradientThrough) {
  RunOptions run = begun("y", 0.05);
  run.network.freeze = {"batch_normalization*"};
  const TrainResult fast = train(table(80, 3), run);
  EXPECT_TRUE(changed_by(fast).contains("dense1.weight"));
  run.training.reference = true;
  const TrainResult reference = train(table(80, 3), run);
  for (const auto& [name, values] : fast.model.trained().weights) {
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(values[i], reference.model.trained().weights.at(name)[i], 1e-4) << name;
    }
  }
}

TEST_F(FineTune, FrozenLayersHaveNoUpdate) {
  const NetworkDescription network = dense_network({4, 3}, "relu", 1);
  const auto updates_of = [&](const LayerPatterns& frozen) {
    const TrainingGraph graph = build_training_graph(network, {{"x", {2}}}, "mean_squared_error",
                                                     parse_optimizer("adam"), {}, frozen);
    std::vector<std::string> names;
    for (const Node& node : graph.graph.nodes()) {
      if (node.op->name == "Update") names.push_back(node.name);
    }
    return names;
  };
  EXPECT_EQ(updates_of({}).size(), 6u);
  EXPECT_EQ(updates_of({"dense*"}),
            (std::vector<std::string>{"output.weight.update", "output.bias.update"}));
}

TEST_F(FineTune, StoppedAndResumedItHasTheSameBits) {
  RunOptions run = begun("kind", 0.05);
  run.network.freeze = {"dense1"};
  const TrainResult whole = train(table(80, 5), run);
  run.checkpoint.folder = folder_.path("checkpoints");
  int steps = 7;
  train(table(80, 5), run, {.should_stop = [&] { return --steps == 0; }});
  run.checkpoint.resume = run.checkpoint.folder;
  EXPECT_EQ(train(table(80, 5), run).weights_sha256, whole.weights_sha256);
}

TEST_F(FineTune, NamesLayerAndBothShapesThatDiffer) {
  RunOptions run = begun("y", 0.05);
  run.network.hidden = {8, 7};
  run.network.batch_normalization = true;
  EXPECT_EQ(message_of(ErrorCode::usage, [&] { train(table(80, 3), run); }),
            "network.from: \"dense2.weight\" is [6, 8] in the model, but [7, 8] in this network. "
            "Give the layer the size that it has there, or another name to begin it anew.");
}

TEST_F(FineTune, LayersOfOtherNamesBeginAnew) {
  RunOptions run = begun("y", kAlmostNoRate);
  run.network.layers = {{"dense", "dense1", {}, {{"units", int64_t{8}}, {"use_bias", false}}},
                        {"dense", "added", {}, {{"units", int64_t{6}}}}};
  const TrainResult result = train(table(80, 3), run);
  EXPECT_EQ(changed_by(result), (std::set<std::string>{"added.weight", "added.bias"}));
  run.network.layers = {{"dense", "other", {}, {{"units", int64_t{4}}}}};
  EXPECT_NE(
      message_of(ErrorCode::usage, [&] { train(table(80, 3), run); }).find("\"output.weight\" is"),
      std::string::npos);
}

TEST_F(FineTune, RefusesUnknownLayersAndFreezingAll) {
  RunOptions run = options("y");
  run.network.freeze = {"dens1"};
  EXPECT_EQ(message_of(ErrorCode::usage, [&] { train(table(80, 3), run); }),
            "freeze: no layer is named \"dens1\". Did you mean \"dense1\"?");
  run.network.freeze = {"*"};
  EXPECT_EQ(message_of(ErrorCode::usage, [&] { train(table(80, 3), run); }),
            "freeze: every layer with weights is frozen; nothing is left to learn.");
}

TEST_F(FineTune, RefusesATableWithoutTheModelsColumns) {
  const RunOptions run = begun("y", 0.05);
  std::vector<Column> columns = table(80, 3).columns();
  columns.erase(columns.begin());
  EXPECT_NE(message_of(ErrorCode::data, [&] { train(Table(columns), run); }).find("x"),
            std::string::npos);
}

}  // namespace

}  // namespace sinapse
