// Evaluating, predicting with and inspecting a model.
#include <algorithm>
#include <sstream>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class Use : public EndToEnd {
 protected:
  // A model of "class" in run/, and the table in data.csv.
  void train_classes(int classes) {
    file("data.csv", mixed_csv(classes));
    train("data.csv", "class", {"--epochs", "10"});
  }

  std::string predictions(const std::string& data) {
    const Outcome outcome = sinapse({"predict", "run", data});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return outcome.output;
  }
};

// The rows of a CSV with its columns picked by a function of their cells; no quoted commas.
std::string with_columns(const std::string& csv, const std::vector<size_t>& order) {
  std::string result;
  for (const auto& row : cells_of(csv)) {
    std::string line;
    for (const size_t i : order) line += (line.empty() ? "" : ",") + row[i];
    result += line + "\n";
  }
  return result;
}

TEST_F(Use, EvaluateGivesTheMetricsOfTraining) {
  file("data.csv", mixed_csv(3));
  const auto report = train("data.csv", "class", {"--validation-split", "0"});
  const auto evaluation = sinapse_json({"evaluate", "run/model.onnx", "data.csv"});
  EXPECT_EQ(evaluation["rows"], 240);
  EXPECT_EQ(evaluation["metrics"]["accuracy"], report["metrics"]["train"]["accuracy"]);
  EXPECT_NEAR(evaluation["metrics"]["loss"], report["metrics"]["train"]["loss"], 1e-6);
}

// The commands of docs/manual/data.md for NumPy's arrays.
TEST_F(Use, NumPyArraysAreData) {
  std::filesystem::copy_file(source_path("tests/golden/arrays_deflated.npz"), path("arrays.npz"));
  const Outcome trained = sinapse(
      {"train", "arrays.npz", "--output", "run", "--epochs", "2", "--validation-split", "0"});
  EXPECT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_EQ(sinapse_json({"evaluate", "run", "arrays.npz"})["rows"], 1);
  EXPECT_EQ(cells_of(predictions("arrays.npz")).size(), 2u);
}

TEST_F(Use, EvaluateTellsClassByClassWithIntervals) {
  train_classes(3);
  const auto json =
      sinapse_json({"evaluate", "run", "data.csv", "--bootstrap", "100", "--threads", "2"});
  ASSERT_EQ(json["per_class"].size(), 3u);
  int64_t rows = 0, right = 0;
  for (size_t c = 0; c < 3; ++c) {
    rows += json["per_class"][c]["support"].get<int64_t>();
    right += json["confusion"][c][c].get<int64_t>();
  }
  EXPECT_EQ(rows, 240);
  const double accuracy = json["metrics"]["accuracy"];
  EXPECT_EQ(accuracy, static_cast<double>(right) / 240);
  EXPECT_LT(json["intervals"]["accuracy"][0], accuracy);
  EXPECT_GT(json["intervals"]["accuracy"][1], accuracy);
  EXPECT_EQ(sinapse_json({"evaluate", "run", "data.csv", "--bootstrap", "100"}), json);

  const Outcome text = sinapse({"evaluate", "run", "data.csv", "--bootstrap", "100"});
  EXPECT_NE(text.output.find("100 resamples"), std::string::npos) << text.output;
  EXPECT_NE(text.output.find("roc_auc"), std::string::npos);
  EXPECT_EQ(text.output.find("kappa"), std::string::npos) << "only the essential ones";
}

TEST_F(Use, PredictNamesItsColumns) {
  train_classes(3);
  const auto rows = cells_of(predictions("data.csv"));
  ASSERT_EQ(rows.size(), 241u);
  EXPECT_EQ(rows[0],
            (std::vector<std::string>{"class_predictions", "class_probabilities_no",
                                      "class_probabilities_perhaps", "class_probabilities_yes"}));
  for (size_t i = 1; i < rows.size(); ++i) {
    EXPECT_NEAR(std::stod(rows[i][1]) + std::stod(rows[i][2]) + std::stod(rows[i][3]), 1, 1e-5);
  }
}

TEST_F(Use, PredictQuotesClassesWithCommas) {
  std::string csv = "x,kind\n";
  for (int i = 0; i < 40; ++i) csv += i % 2 == 0 ? "1,\"a, b\"\n" : "2,\"c \"\"d\"\"\"\n";
  file("data.csv", csv);
  train("data.csv", "kind");
  const std::string head = predictions("data.csv");
  EXPECT_TRUE(
      head.starts_with("kind_predictions,\"kind_probabilities_a, b\","
                       "\"kind_probabilities_c \"\"d\"\"\"\n"))
      << head;
}

TEST_F(Use, PredictWritesRegressionInTheTargetsUnit) {
  file("data.csv", regression_csv());
  train("data.csv", "y", {"--epochs", "60"});
  const Outcome outcome = sinapse({"predict", "run", "data.csv", "--output", "y.csv"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
  const auto rows = cells_of(text_of("y.csv"));
  ASSERT_EQ(rows.size(), 201u);
  EXPECT_EQ(rows[0], std::vector<std::string>{"y_predictions"});
  EXPECT_NEAR(std::stod(rows[1][0]), 10.5, 3);
}

TEST_F(Use, OrderOfColumnsAndFurtherOnesDoNotMatter) {
  const std::string csv = regression_csv();
  file("data.csv", csv);
  train("data.csv", "y");
  const std::string expected = predictions("data.csv");
  EXPECT_EQ(predictions(file("permuted.csv", with_columns(csv, {3, 2, 1, 0}))), expected);
  EXPECT_EQ(predictions(file("extra.csv", with_columns(csv, {0, 1, 2, 3, 0}).replace(8, 1, "z"))),
            expected);
  EXPECT_EQ(predictions(file("unlabelled.csv", with_columns(csv, {0, 1, 2}))), expected);
}

TEST_F(Use, TextsThatTrainingHasNotSeenAreToldIfTheyAreTheMost) {
  const auto csv = [](const char* yes, const char* no) {
    std::string rows = "flag,y\n";
    for (int i = 0; i < 40; ++i)
      rows += i % 3 == 0 ? no + std::string(",1.5\n") : yes + std::string(",7.25\n");
    return rows;
  };
  file("data.csv", csv("yes", "no"));
  train("data.csv", "y");
  file("other.csv", csv("1", "0"));
  for (const char* command : {"predict", "evaluate"}) {
    const Outcome outcome = sinapse({command, "run", "other.csv"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_NE(outcome.errors.find("other.csv:2: column \"flag\": training has never seen \"0\"; 40 "
                                  "of 40 cells"),
              std::string::npos)
        << outcome.errors;
    EXPECT_EQ(sinapse({command, "run", "data.csv"}).errors, "");
  }
}

TEST_F(Use, MissingAndRenamedColumnsAreNamed) {
  const std::string csv = regression_csv();
  file("data.csv", csv);
  train("data.csv", "y");
  file("missing.csv", with_columns(csv, {0, 2}));
  expect_failure(sinapse({"predict", "run", "missing.csv"}), 1, {"\"b\""});
  std::string renamed = csv;
  renamed.replace(renamed.find("b,"), 1, "bb");
  file("renamed.csv", renamed);
  expect_failure(sinapse({"predict", "run", "renamed.csv"}), 1, {"\"b\"", "bb"});
}

TEST_F(Use, ThreadsDoNotChangePredictions) {
  train_classes(2);
  EXPECT_EQ(sinapse({"predict", "run", "data.csv", "--threads", "3"}).output,
            predictions("data.csv"));
}

TEST_F(Use, InspectDescribesTheModel) {
  train_classes(3);
  const auto json = sinapse_json({"inspect", "run"});
  EXPECT_EQ(json["target"]["classes"], (nlohmann::json{"no", "perhaps", "yes"}));
  EXPECT_EQ(json["layers"].back()["output_shape"], (nlohmann::json{"batch", 3}));
  EXPECT_GT(json["parameters"]["total"], 0);
  EXPECT_EQ(json["training"]["epochs"], 10);
  const auto score = std::find_if(json["features"].begin(), json["features"].end(),
                                  [](const auto& f) { return f["column"] == "score"; });
  ASSERT_NE(score, json["features"].end());
  EXPECT_NEAR((*score)["mean"], 0.5, 0.1);
  const Outcome text = sinapse({"inspect", "run/model.onnx"});
  EXPECT_EQ(text.exit_code, 0);
  for (const char* words :
       {"Layer (type)", "dense1 (dense)", "relu", "one-hot", "Paris", "perhaps"}) {
    EXPECT_NE(text.output.find(words), std::string::npos) << words << "\n" << text.output;
  }
}

TEST_F(Use, OnnxRuntimeAgreesOnTheRawTable) {
  if (!std::filesystem::exists(source_path("tests/onnx_runtime/node_modules"))) {
    FAIL() << "run scripts/install-node-modules tests/onnx_runtime first";
  }
  train_classes(3);
  const Outcome outcome =
      run_program({.command = {"node", source_path("tests/onnx_runtime/run_model.mjs"),
                               path("run/model.onnx"), path("data.csv")},
                   .folder = path("")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto outputs = nlohmann::json::parse(outcome.output);
  std::vector<std::string> labels;
  std::vector<double> probabilities;
  for (const auto& [name, tensor] : outputs.items()) {
    if (tensor["type"] == "string") labels = tensor["data"].get<std::vector<std::string>>();
    if (tensor["type"] == "float32") probabilities = tensor["data"].get<std::vector<double>>();
  }
  const auto rows = cells_of(predictions("data.csv"));
  ASSERT_EQ(labels.size(), 240u);
  ASSERT_EQ(probabilities.size(), 720u);
  for (size_t i = 0; i < labels.size(); ++i) {
    EXPECT_EQ(labels[i], rows[i + 1][0]) << "row " << i;
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(probabilities[3 * i + k], std::stod(rows[i + 1][k + 1]), 1e-5) << "row " << i;
    }
  }
}

}  // namespace

}  // namespace sinapse
