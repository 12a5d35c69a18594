// Losses chosen on the command line: what the model predicts, and that its file says the same.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class ChosenLoss : public EndToEnd {
 protected:
  std::vector<std::vector<std::string>> predictions() {
    return cells_of(sinapse({"predict", "run", "data.csv"}).output);
  }

  /// The outputs of the model file in ONNX Runtime, by their names.
  nlohmann::json runtime_outputs() {
    const Outcome outcome =
        run_program({.command = {"node", source_path("tests/onnx_runtime/run_model.mjs"),
                                 path("run/model.onnx"), path("data.csv")},
                     .folder = path("")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return nlohmann::json::parse(outcome.output);
  }

  /// Every float column of `predict` is an output of the model file.
  void expect_agreement() {
    const auto rows = predictions();
    const nlohmann::json outputs = runtime_outputs();
    int compared = 0;
    for (size_t c = 0; c < rows.at(0).size(); ++c) {
      if (!outputs.contains(rows[0][c]) || outputs[rows[0][c]]["type"] != "float32") continue;
      const auto numbers = outputs[rows[0][c]]["data"].get<std::vector<double>>();
      ASSERT_EQ(numbers.size() + 1, rows.size());
      for (size_t i = 0; i < numbers.size(); ++i) {
        const double predicted = std::stod(rows[i + 1][c]);
        EXPECT_NEAR(numbers[i], predicted, 1e-4 * std::max(1.0, std::abs(predicted)));
      }
      ++compared;
    }
    EXPECT_GE(compared, 1);
  }
};

TEST_F(ChosenLoss, OfANumberIsTheSameInTheModelFile) {
  file("data.csv", regression_csv());  // y lies between 8 and 13
  for (const char* loss : {"poisson", "msle", "mape", "quantile(q=0.8)"}) {
    SCOPED_TRACE(loss);
    train("data.csv", "y", {"--epochs", "60", "--loss", loss});
    expect_agreement();
    double sum = 0;
    const auto rows = predictions();
    for (size_t i = 1; i < rows.size(); ++i) sum += std::stod(rows[i][0]);
    EXPECT_NEAR(sum / 200, 10.5, 3);  // after few steps
  }
}

TEST_F(ChosenLoss, HingeGivesScoresInsteadOfProbabilities) {
  file("data.csv", mixed_csv(2));
  const auto report = train("data.csv", "class", {"--loss", "hinge", "--epochs", "20"});
  EXPECT_FALSE(report["metrics"]["train"].contains("log_loss"));
  EXPECT_GT(report["metrics"]["train"]["accuracy"], 0.7);
  expect_agreement();
  const auto rows = predictions();
  EXPECT_EQ(rows[0], (std::vector<std::string>{"class_predictions", "class_scores"}));
  for (size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i][0], std::stod(rows[i][1]) > 0 ? "yes" : "no");
  }
  const auto evaluation = sinapse_json({"evaluate", "run", "data.csv"});
  EXPECT_FALSE(evaluation["metrics"].contains("log_loss"));
}

TEST_F(ChosenLoss, StandsInTheRunFileWithItsFullName) {
  file("data.csv", mixed_csv(3));
  train("data.csv", "class", {"--loss", "focal(gamma=1)"});
  EXPECT_NE(text_of("run/run.yaml").find("categorical_focal_crossentropy(gamma=1)"),
            std::string::npos);
  EXPECT_EQ(sinapse_json({"inspect", "run"})["training"]["loss"],
            "categorical_focal_crossentropy(gamma=1)");
}

TEST_F(ChosenLoss, MustFitTheTaskAndTheData) {
  file("data.csv", "x,y\n1,2\n2,0.5\n3,-1\n4,7.25\n5,3.5\n");
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--loss", "hinge"}), 2,
                 {"hinge", "regression", "mean_squared_error"});
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--loss", "poisson"}), 1,
                 {"data.csv:4", "\"y\"", "at least 0", "-1"});
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--loss", "hubber"}), 2,
                 {"hubber", "huber"});
}

}  // namespace

}  // namespace sinapse
