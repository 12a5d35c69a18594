// Penalties, clipping, constraints, gathered gradients and averaged weights against PyTorch in
// double precision, and in the training loop.
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>

#include "compile/interpreter.h"
#include "layers/layers.h"
#include "network/fields.h"
#include "paths.h"
#include "train/training_graph.h"

namespace sinapse {

namespace {

constexpr double kTolerance = 1e-10;

class RegularizedRun {
 public:
  RegularizedRun(const nlohmann::json& all, const nlohmann::json& run)
      : all_(all),
        run_(run),
        training_(build_training_graph(network(), {{"x", {4}}}, "mean_squared_error",
                                       parse_optimizer(run.at("optimizer").get<std::string>()),
                                       rules())),
        interpreter_(training_.graph) {
    for (const ParameterInfo& info : training_.parameters) {
      interpreter_.value(info.value) = all.at("initial").at(info.name).get<std::vector<double>>();
    }
  }

  void train_and_compare() {
    for (size_t step = 0; step < all_.at("x").size(); ++step) take_step(step);
    for (size_t p = 0; p < training_.parameters.size(); ++p) {
      const ParameterInfo& info = training_.parameters[p];
      compare(interpreter_.value(info.value), run_.at("final").at(info.name), info.name);
      if (!averages()) continue;
      compare(interpreter_.value(training_.averages[p]), run_.at("average").at(info.name),
              "average of " + info.name);
    }
  }

 private:
  bool averages() const { return run_.at("ema_decay") > 0 || run_.at("swa"); }

  NetworkDescription network() const {
    NetworkDescription network;
    for (const auto& [name, units] : {std::pair{"dense1", int64_t{5}}, {"dense2", int64_t{3}}}) {
      LayerDescription layer{"dense", name, {}, {{"units", units}}};
      layer.fields["kernel_constraint"] = run_.at("constraints").value(name, "");
      if (units == 5) layer.fields["activation"] = std::string("tanh");
      network.layers.push_back(layer);
    }
    return network;
  }

  UpdateRules rules() const {
    return {.l1 = run_.at("l1"),
            .l2 = run_.at("l2"),
            .clip_norm = run_.at("clip_norm"),
            .clip_value = run_.at("clip_value"),
            .accumulate = run_.at("parts") > 1,
            .average = averages()};
  }

  // One update, in as many batches as the case says.
  void take_step(size_t step) {
    const int64_t rows = all_.at("rows"), parts = run_.at("parts"), part_rows = rows / parts;
    TrainingOptions options;
    options.ema_decay = run_.at("ema_decay");
    options.swa_start = run_.at("swa") ? 1 : 0;
    for (int64_t part = 0; part < parts; ++part) {
      set(training_.inputs[0], all_.at("x").at(step), part * part_rows * 4, part_rows * 4);
      set(training_.target, all_.at("y").at(step), part * part_rows * 3, part_rows * 3);
      interpreter_.value(training_.row_weight).assign(part_rows, 1.0 / static_cast<double>(rows));
      StepState state{.step = static_cast<int64_t>(step) * parts + part + 1,
                      .learning_rate = all_.at("learning_rate")};
      state.update = static_cast<int64_t>(step) + 1;
      state.begins_update = part == 0;
      state.ends_update = part == parts - 1;
      state.average_share =
          average_share(options, state.update, state.update, state.ends_update, state.ends_update);
      interpreter_.run(part_rows, state);
    }
  }

  void set(ValueId id, const nlohmann::json& numbers, int64_t begin, int64_t count) {
    const auto all = numbers.get<std::vector<double>>();
    interpreter_.value(id).assign(all.begin() + begin, all.begin() + begin + count);
  }

  static void compare(const std::vector<double>& actual, const nlohmann::json& expected,
                      const std::string& what) {
    const auto numbers = expected.get<std::vector<double>>();
    ASSERT_EQ(actual.size(), numbers.size()) << what;
    for (size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_NEAR(actual[i], numbers[i], kTolerance) << what << "[" << i << "]";
    }
  }

  const nlohmann::json& all_;
  const nlohmann::json& run_;
  const TrainingGraph training_;
  Interpreter<double> interpreter_;
};

TEST(Regularization, EqualsPyTorch) {
  std::ifstream file(source_path("tests/golden/regularization.json"));
  const auto golden = nlohmann::json::parse(file);
  for (const auto& run : golden.at("cases")) {
    SCOPED_TRACE(run.at("name").get<std::string>());
    RegularizedRun(golden, run).train_and_compare();
  }
  EXPECT_GE(golden.at("cases").size(), 15u);
}

// A layer between inputs and an output, after one step of learning: its weights, and what they are.
std::vector<std::pair<ParameterInfo, std::vector<double>>> learned(LayerDescription layer,
                                                                   const Shape& row) {
  NetworkDescription network;
  network.layers = {
      std::move(layer), {"flatten", "", {}, {}}, {"dense", "", {}, {{"units", int64_t{1}}}}};
  const TrainingGraph training =
      build_training_graph(network, {{"x", row}}, "mean_squared_error", parse_optimizer("sgd"), {});
  Interpreter<double> interpreter(training.graph);
  int64_t k = 0;
  for (const ParameterInfo& info : training.parameters)
    for (double& w : interpreter.value(info.value)) w = std::sin(1.3 * static_cast<double>(++k));
  constexpr int64_t kRows = 3;
  interpreter.value(training.inputs[0]).assign(kRows * row_size(batched(row)), 0.5);
  interpreter.value(training.target).assign(kRows, 1);
  interpreter.value(training.row_weight).assign(kRows, 1.0 / kRows);
  interpreter.run(kRows, {.step = 1, .learning_rate = 0.01});
  std::vector<std::pair<ParameterInfo, std::vector<double>>> weights;
  for (const ParameterInfo& info : training.parameters)
    weights.emplace_back(info, interpreter.value(info.value));
  return weights;
}

// What rows a layer takes, as far as it matters here.
Shape row_for(const std::string& type, bool in_time) {
  if (type == "dense") return {6};
  if (type == "conv3d") return {2, 4, 4, 4};
  if (in_time || type == "conv1d") return {4, 4};
  return {4, 4, 4};
}

TEST(Regularization, ConstraintsHoldInEveryLayerThatHasThem) {
  int layers = 0;
  for (const std::string& type : layer_types()) {
    const auto fields = get_fields(*make_layer(type));
    if (!fields.contains("kernel_constraint")) continue;
    SCOPED_TRACE(type);
    ++layers;
    LayerDescription layer{.type = type, .name = "a"};
    for (const char* size : {"units", "filters"})
      if (fields.contains(size)) layer.fields[size] = int64_t{4};
    for (const char* constraint : {"kernel_constraint", "recurrent_constraint"})
      if (fields.contains(constraint)) layer.fields[constraint] = std::string("unit_norm");
    const bool in_time = fields.contains("recurrent_constraint") || type == "dense_per_step";
    for (const auto& [info, values] : learned(layer, row_for(type, in_time))) {
      if (!info.name.starts_with("a.") || !info.name.ends_with("weight")) continue;
      const auto n = static_cast<std::ptrdiff_t>(values.size()) / info.shape[0];
      for (auto neuron = values.begin(); neuron != values.end(); neuron += n)
        EXPECT_NEAR(std::inner_product(neuron, neuron + n, neuron, 0.0), 1, 1e-6) << info.name;
    }
  }
  EXPECT_GE(layers, 12);
}

Table curve(int64_t rows) {
  Column x{.name = "x", .kind = ColumnKind::number}, y{.name = "y", .kind = ColumnKind::number};
  for (int64_t r = 0; r < rows; ++r) {
    x.numbers.push_back(std::sin(0.7 * static_cast<double>(r)));
    y.numbers.push_back(std::sin(3 * x.numbers.back()));
  }
  return Table({x, y});
}

RunOptions options_for(int64_t batch_size, int64_t accumulate) {
  RunOptions run;
  run.data.target = "y";
  run.data.validation_split = 0.25;
  run.network.hidden = {16};
  run.training.epochs = 4;
  run.training.batch_size = batch_size;
  run.training.accumulate = accumulate;
  run.training.optimizer = "adam(epsilon=0.01)";
  run.training.threads = 1;
  return run;
}

// 75 rows: the last update of an epoch gathers fewer batches, and the last batch has fewer rows.
TEST(Regularization, GatheredBatchesLearnAsOneLargeBatch) {
  const TrainResult small = train(curve(100), options_for(8, 4));
  const TrainResult large = train(curve(100), options_for(32, 1));
  EXPECT_NEAR(small.history.back().validation.at("loss"),
              large.history.back().validation.at("loss"), 1e-5);
  EXPECT_EQ(small.history.back().learning_rate, large.history.back().learning_rate);
}

TEST(Regularization, AveragesAreWhatIsValidatedAndKept) {
  for (const bool swa : {false, true}) {
    RunOptions run = options_for(8, 1);
    const TrainResult plain = train(curve(100), run);
    (swa ? run.training.swa_start : run.training.epochs) = swa ? 2 : 4;
    if (!swa) run.training.ema_decay = 0.9;
    const TrainResult averaged = train(curve(100), run);
    EXPECT_EQ(averaged.history[0].loss, plain.history[0].loss) << "learning itself is not changed";
    EXPECT_NE(averaged.weights_sha256, plain.weights_sha256);
    EXPECT_NEAR(averaged.metrics.at("validation").at("loss"),
                averaged.history[averaged.best_epoch - 1].validation.at("loss"), 1e-12);
  }
}

TEST(Regularization, RejectsRulesThatMakeNoSense) {
  const auto expect_refused = [](auto change) {
    RunOptions run = options_for(8, 1);
    change(run.training);
    EXPECT_THROW(train(curve(20), run), Error);
  };
  expect_refused([](TrainingOptions& t) { t.clip_norm = -1; });
  expect_refused([](TrainingOptions& t) { t.accumulate = 0; });
  expect_refused([](TrainingOptions& t) { t.ema_decay = 1; });
  expect_refused([](TrainingOptions& t) { t.ema_decay = 0.9, t.swa_start = 3; });
}

}  // namespace

}  // namespace sinapse
