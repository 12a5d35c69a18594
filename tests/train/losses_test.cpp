// Losses and their gradients in double precision against PyTorch, with weights, masked rows and
// batches of one class.
#include "train/losses.h"

#include <cmath>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sinapse/train.h>

#include "compile/differentiate.h"
#include "compile/interpreter.h"
#include "network/expect_words.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-10;

std::vector<double> flat(const Json& rows) {
  std::vector<double> numbers;
  for (const Json& row : rows) {
    for (const Json& number : row) numbers.push_back(number.is_null() ? NAN : number.get<double>());
  }
  return numbers;
}

void expect_close(const std::vector<double>& actual, const std::vector<double>& expected,
                  const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], kTolerance) << what << "[" << i << "]";
  }
}

void compare(const Json& tested) {
  const Loss loss = parse_loss(tested.at("loss").get<std::string>());
  const auto width = static_cast<int64_t>(tested.at("outputs")[0].size());
  const auto rows = static_cast<int64_t>(tested.at("outputs").size());
  Graph graph;
  const ValueId output = graph.add_parameter("output", batched({width}));
  const ValueId target = graph.add_input("target", target_shape(loss, batched({width})));
  const ValueId row_weight = graph.add_input("row_weight", batched({1}));
  const ValueId losses = append_loss(graph, loss, output, target);
  const ValueId gradient =
      differentiate(graph, losses, row_weight, std::vector<ValueId>{output}).front();

  Interpreter<double> interpreter(graph);
  interpreter.value(output) = flat(tested.at("outputs"));
  interpreter.value(target) = flat(tested.at("targets"));
  std::vector<double> weights = tested.at("weights");
  double total = 0;
  for (const double weight : weights) total += weight;
  for (double& weight : weights) weight /= total;
  interpreter.value(row_weight) = weights;
  interpreter.run(rows);

  expect_close(interpreter.value(losses), tested.at("losses"), "losses");
  expect_close(interpreter.value(gradient), flat(tested.at("gradient")), "gradient");
  double mean = 0;
  for (int64_t r = 0; r < rows; ++r) mean += weights[r] * interpreter.value(losses)[r];
  EXPECT_NEAR(mean, tested.at("mean"), kTolerance);
}

TEST(Losses, EqualPyTorchWithWeightsMasksAndOneClass) {
  std::ifstream file(source_path("tests/golden/losses.json"));
  const Json cases = Json::parse(file);
  std::set<std::string_view> covered;
  for (const Json& tested : cases) {
    SCOPED_TRACE(tested.at("loss").get<std::string>() + ", " +
                 tested.at("name").get<std::string>());
    compare(tested);
    covered.insert(parse_loss(tested.at("loss").get<std::string>()).definition->name);
  }
  for (const LossDefinition& definition : losses()) {
    EXPECT_TRUE(covered.contains(definition.name)) << definition.name;
  }
}

TEST(Losses, MeanLeavesOutRowsWithoutWeight) {
  const std::vector<float> outputs{1, 5, 2}, targets{0, 0, 0};
  const Loss loss = parse_loss("mse");
  EXPECT_DOUBLE_EQ(mean_loss(loss, outputs, targets, 1, {}), 10);
  EXPECT_DOUBLE_EQ(mean_loss(loss, outputs, targets, 1, std::vector<float>{3, 0, 1}), 7.0 / 4);
}

TEST(Losses, LabelsAreWeighedByTheirClass) {
  const Loss loss = parse_loss("BCE weighted 1,3, 0.5 ,2");
  EXPECT_EQ(to_string(loss), "binary_crossentropy weighted 1, 3, 0.5, 2");
  EXPECT_EQ(parse_loss(to_string(loss)).label_weights, (std::vector<double>{1, 3, 0.5, 2}));
  const float missing = NAN;
  const std::vector<float> outputs{0.5f, -2, 1, 4, 3, 1}, targets{1, 0, 0, missing, 0, 1};
  const auto of_no = [](double p) { return std::log1p(std::exp(p)); };
  const std::vector<double> losses = row_losses(loss, outputs, targets, 2);
  EXPECT_NEAR(losses[0], (3 * of_no(-0.5) + 0.5 * of_no(-2)) / 2, 1e-12);
  EXPECT_NEAR(losses[1], of_no(1), 1e-12);
  EXPECT_NEAR(losses[2], (of_no(3) + 2 * of_no(-1)) / 2, 1e-12);
}

TEST(Losses, RejectWeightsOfLabelsThatMakeNoSense) {
  for (const char* text : {"bce weighted 1, -2", "bce weighted 1, x", "bce weighted 1, inf",
                           "bce weighted 1, nan", "bce weighted 1,,2"}) {
    expect_error(ErrorCode::usage, {"at least 0"}, [&] { return parse_loss(text); });
  }
  expect_error(ErrorCode::usage, {"weighs labels", "binary"},
               [] { return choose_loss("bce weighted 1, 2", Task::binary); });
}

TEST(Losses, AreChosenByNameAliasAndTask) {
  EXPECT_EQ(to_string(choose_loss("auto", Task::regression)), "mean_squared_error");
  EXPECT_EQ(to_string(choose_loss("auto", Task::binary)), "binary_crossentropy");
  EXPECT_EQ(to_string(choose_loss("auto", Task::multiclass)), "categorical_crossentropy");
  EXPECT_EQ(to_string(choose_loss("focal(gamma=1)", Task::binary)),
            "binary_focal_crossentropy(gamma=1)");
  EXPECT_EQ(to_string(choose_loss("focal", Task::multiclass)), "categorical_focal_crossentropy");
  EXPECT_EQ(to_string(choose_loss("Huber(2)", Task::regression)), "huber(delta=2)");
  EXPECT_EQ(to_string(choose_loss("auto", Task::multilabel)), "binary_crossentropy");
  EXPECT_EQ(to_string(choose_loss("auto", Task::distribution)), "kl_divergence");
}

TEST(Losses, HaveTheNamesOfDeeplearning4j) {
  const std::pair<const char*, const char*> names[] = {
      {"MSE", "mean_squared_error"},
      {"SQUARED_LOSS", "mean_squared_error"},
      {"L2", "mean_squared_error"},
      {"L1", "mean_absolute_error"},
      {"MEAN_ABSOLUTE_ERROR", "mean_absolute_error"},
      {"MEAN_ABSOLUTE_PERCENTAGE_ERROR", "mean_absolute_percentage_error"},
      {"MEAN_SQUARED_LOGARITHMIC_ERROR", "mean_squared_logarithmic_error"},
      {"POISSON", "poisson"},
      {"XENT", "binary_crossentropy"},
      {"RECONSTRUCTION_CROSSENTROPY", "binary_crossentropy"},
      {"HINGE", "hinge"},
      {"SQUARED_HINGE", "squared_hinge"},
      {"MCXENT", "categorical_crossentropy"},
      {"SPARSE_MCXENT", "categorical_crossentropy"},
      {"NEGATIVELOGLIKELIHOOD", "categorical_crossentropy"},
      {"KL_DIVERGENCE", "kl_divergence"},
      {"COSINE_PROXIMITY", "cosine_similarity"}};
  for (const auto& [name, own] : names) EXPECT_EQ(parse_loss(name).definition->name, own) << name;
}

TEST(Losses, RejectWhatDoesNotFit) {
  expect_error(ErrorCode::usage, {"hubert", "huber"},
               [] { return choose_loss("hubert", Task::regression); });
  expect_error(ErrorCode::usage, {"hinge", "regression", "mean_squared_error", "poisson"},
               [] { return choose_loss("hinge", Task::regression); });
  expect_error(ErrorCode::usage, {"multiclass", "focal"},
               [] { return choose_loss("mse", Task::multiclass); });
  expect_error(ErrorCode::usage, {"kl_divergence", "regression"},
               [] { return choose_loss("kl_divergence", Task::regression); });
  expect_error(ErrorCode::usage, {"delta", "above 0"}, [] { return parse_loss("huber(delta=0)"); });
  expect_error(ErrorCode::usage, {"q", "at most 1"}, [] { return parse_loss("quantile(q=1.5)"); });
}

// 400 rows of x = 0 .. 1 and y = x plus noise from 0 to 1; its quantile q at x is x + q.
Table noisy_line() {
  Column x{.name = "x"}, y{.name = "y"};
  for (int i = 0; i < 400; ++i) {
    x.numbers.push_back(i / 400.0);
    y.numbers.push_back(i / 400.0 + std::fmod(i * 0.6180339887, 1));
  }
  return Table({x, y});
}

std::vector<float> predictions_by(const std::string& loss, const Table& table) {
  RunOptions options;
  options.data.target = "y";
  options.training.loss = loss;
  options.training.optimizer = "adam";
  options.training.learning_rate = 0.01;
  options.training.epochs = 40;
  options.training.threads = 1;
  return train(table, options).model.predict(table).values;
}

TEST(Losses, QuantileLiesAboveItsShareOfTheTargets) {
  const Table table = noisy_line();
  const std::vector<float> predicted = predictions_by("quantile(q=0.9)", table);
  int above = 0;
  for (size_t i = 0; i < predicted.size(); ++i)
    above += predicted[i] > table.column("y").numbers[i];
  EXPECT_NEAR(above / 400.0, 0.9, 0.05);
}

TEST(Losses, PoissonPredictsTheMeanOfCounts) {
  Column x{.name = "x"}, y{.name = "y"};
  for (int i = 0; i < 400; ++i) {
    x.numbers.push_back(i % 2);
    y.numbers.push_back(i % 2 == 0 ? (i / 2) % 3 : 20 + (i / 2) % 11);  // means 1 and 25
  }
  const std::vector<float> predicted = predictions_by("poisson", Table({x, y}));
  EXPECT_NEAR(predicted[0], 1, 0.15);
  EXPECT_NEAR(predicted[1], 25, 1.5);
}

// Whatever form the loss gives targets and outputs, metrics are in the unit of the column.
TEST(Losses, MetricsCompareNumbersInTheTargetsUnit) {
  Column x{.name = "x"}, y{.name = "y"};
  for (int i = 0; i < 300; ++i) {
    x.numbers.push_back(i / 300.0);
    y.numbers.push_back(20 + i / 10.0 + std::fmod(i * 0.6180339887, 1));
  }
  const Table table({x, y});
  for (const LossDefinition& loss : losses()) {
    if (loss.tasks.front() != Task::regression || loss.form == OutputForm::direction) continue;
    RunOptions options;
    options.data.target = "y";
    options.training.loss = loss.name;
    options.training.epochs = 3;
    options.training.threads = 1;
    const Model model = train(table, options).model;
    const std::vector<float> predicted = model.predict(table).values;
    double squares = 0;
    for (size_t i = 0; i < predicted.size(); ++i) {
      squares += (predicted[i] - y.numbers[i]) * (predicted[i] - y.numbers[i]);
    }
    const double expected = std::sqrt(squares / static_cast<double>(predicted.size()));
    EXPECT_NEAR(model.evaluate(table).at("rmse"), expected, 1e-4 * expected) << loss.name;
  }
}

}  // namespace

}  // namespace sinapse
