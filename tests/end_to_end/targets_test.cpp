// Several targets, weights of rows and of classes: from the command line to the model file.
#include <cmath>

#include <fmt/format.h>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

/// Columns a, b; two numbers, two labels, and shares that depend on them; a weight; a part. Every
/// fifth row lacks one of the targets, the 17th all of them.
std::string several_csv(bool flip_rows_without_weight = false, double weight_unit = 1) {
  Numbers numbers;
  std::string csv = "a,b,length,mass,red,big,p,q,r,weight,part\n";
  for (int i = 0; i < 200; ++i) {
    const double a = numbers.next(), b = numbers.next();
    const double p = a / (a + b + 1), q = b / (a + b + 1);
    const double weight = i % 4 == 0 ? 0 : weight_unit * (1 + i % 3);
    const bool flip = flip_rows_without_weight && weight == 0;
    const bool none = i == 17;
    csv += fmt::format("{:.4f},{:.4f},{},{},{},{},{:.5f},{:.5f},{:.5f},{},{}\n", a, b,
                       none || i % 10 == 0 ? "" : fmt::format("{:.4f}", 3 * a - b),
                       none || i % 10 == 5 ? "" : fmt::format("{:.2f}", 1000 * b + 500),
                       none || i % 10 == 0 ? ""
                       : (a > 0.5) != flip ? "yes"
                                           : "no",
                       none || i % 10 == 5 ? ""
                       : (b > 0.5) != flip ? "true"
                                           : "false",
                       p, q, 1 - p - q, weight, i % 5 == 0 ? "validation" : "train");
  }
  return csv;
}

constexpr const char* kOthers = "length,mass,red,big,p,q,r,weight,part";

class Targets : public EndToEnd {
 protected:
  /// Trains on the inputs a and b alone.
  nlohmann::json learn(const std::string& target, std::vector<std::string> more = {}) const {
    std::string ignored;
    std::string rest = std::string(kOthers) + ",";
    for (size_t at = rest.find(','); at != std::string::npos; at = rest.find(',')) {
      const std::string name = rest.substr(0, at);
      rest = rest.substr(at + 1);
      const bool used = ("," + target + ",").find("," + name + ",") != std::string::npos ||
                        (name == "weight" && std::count(more.begin(), more.end(), name) > 0);
      if (!used) ignored += (ignored.empty() ? "" : ",") + name;
    }
    more.insert(more.end(), {"--ignore-column", ignored});
    return train("data.csv", target, std::move(more));
  }

  std::vector<std::vector<std::string>> predictions() const {
    return cells_of(sinapse({"predict", "run", "data.csv"}).output);
  }

  /// Every column of numbers that `predict` writes is what ONNX Runtime says of the model file.
  void expect_agreement() const {
    const Outcome outcome =
        run_program({.command = {"node", source_path("tests/onnx_runtime/run_model.mjs"),
                                 path("run/model.onnx"), path("data.csv")},
                     .folder = path("")});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    const auto outputs = nlohmann::json::parse(outcome.output);
    const auto rows = predictions();
    for (const auto& [name, output] : outputs.items()) {
      const auto first = std::find_if(rows[0].begin(), rows[0].end(), [&](const std::string& cell) {
        return cell.starts_with(name);
      });
      ASSERT_NE(first, rows[0].end()) << name;
      const size_t width = output["data"].size() / (rows.size() - 1);
      for (size_t i = 0; i < output["data"].size(); ++i) {
        const auto& value = output["data"][i];
        const std::string& cell = rows[i / width + 1][first - rows[0].begin() + i % width];
        if (value.is_string()) {
          EXPECT_EQ(value, cell) << name;
        } else {
          EXPECT_NEAR(value.get<double>(), std::stod(cell),
                      1e-4 * std::max(1.0, std::abs(std::stod(cell))))
              << name;
        }
      }
    }
  }
};

TEST_F(Targets, SeveralNumbersAreLearnedEachInItsUnit) {
  file("data.csv", several_csv());
  const auto report = learn("length,mass", {"--epochs", "400"});
  EXPECT_EQ(report["task"], "regression");
  EXPECT_EQ(predictions()[0], (std::vector<std::string>{"length_predictions", "mass_predictions"}));
  const auto& targets = report["targets"];
  EXPECT_GT(targets["length"]["validation"]["metrics"]["r2"], 0.8);
  EXPECT_GT(targets["mass"]["validation"]["metrics"]["r2"], 0.8);
  EXPECT_LT(targets["length"]["validation"]["metrics"]["rmse"], 1);
  EXPECT_GT(targets["mass"]["validation"]["metrics"]["rmse"], 1);
  const double mean = (targets["length"]["train"]["metrics"]["mae"].get<double>() +
                       targets["mass"]["train"]["metrics"]["mae"].get<double>()) /
                      2;
  EXPECT_DOUBLE_EQ(report["metrics"]["train"]["mae"], mean);
  expect_agreement();
}

TEST_F(Targets, LabelsHaveProbabilitiesOfTheirOwn) {
  file("data.csv", several_csv());
  const auto report = learn("red,big", {"--epochs", "400"});
  EXPECT_EQ(report["task"], "multilabel");
  EXPECT_GT(report["metrics"]["train"]["exact_match"], 0.7);
  EXPECT_GT(report["targets"]["red"]["train"]["metrics"]["accuracy"], 0.8);
  EXPECT_EQ(report["targets"]["big"]["train"]["per_class"][1]["class"], "true");
  EXPECT_EQ(predictions()[0],
            (std::vector<std::string>{"red_predictions", "red_probabilities_no",
                                      "red_probabilities_yes", "big_predictions",
                                      "big_probabilities_false", "big_probabilities_true"}));
  expect_agreement();
  for (const char* loss : {"binary_crossentropy(label_smoothing=0.1)", "focal", "hinge"}) {
    learn("red,big", {"--loss", loss});
    expect_agreement();
  }
}

TEST_F(Targets, CrossValidationAndSearchTellEach) {
  file("data.csv", several_csv());
  const std::vector<std::string> how = {
      "--target", "red,big", "--ignore-column", "length,mass,p,q,r,weight,part",
      "--epochs", "2",       "--hidden",        "4"};
  std::vector<std::string> cv = {"cv", "data.csv", "--folds", "3", "--output", "folds.csv"};
  cv.insert(cv.end(), how.begin(), how.end());
  const auto folds = sinapse_json(cv);
  EXPECT_TRUE(folds["targets"]["red"]["roc_auc"]["mean"].is_number()) << folds;
  EXPECT_EQ(folds["per_fold"][2]["targets"]["big"]["accuracy"].is_number(), true);
  const auto rows = cells_of(text_of("folds.csv"));
  for (const char* column : {"accuracy", "red_accuracy", "big_log_loss"}) {
    EXPECT_EQ(std::count(rows[0].begin(), rows[0].end(), column), 1) << column;
  }
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  EXPECT_NE(sinapse(cv).output.find("\nbig "), std::string::npos);

  std::vector<std::string> tune = {"tune",     "data.csv", "--space",  "network.hidden=[4]|[8]",
                                   "--trials", "2",        "--output", "tuned"};
  tune.insert(tune.end(), how.begin(), how.end() - 2);
  const auto tuned = sinapse_json(tune);
  const auto& best = tuned["best"];
  EXPECT_DOUBLE_EQ(
      best["score"],
      (best["targets"]["red"].get<double>() + best["targets"]["big"].get<double>()) / 2)
      << "the mean of log_loss";
  EXPECT_NE(text_of("tuned/trials.jsonl").find("\"targets\":{\"big\":"), std::string::npos);
}

TEST_F(Targets, SharesAndDirectionsAreLearnedAsAWhole) {
  file("data.csv", several_csv());
  const auto shares = learn("p,q,r", {"--loss", "kl_divergence", "--epochs", "400"});
  EXPECT_EQ(shares["task"], "distribution");
  EXPECT_LT(shares["metrics"]["train"]["mae"], 0.05);
  const auto rows = predictions();
  for (size_t i = 1; i < rows.size(); ++i) {
    EXPECT_NEAR(std::stod(rows[i][0]) + std::stod(rows[i][1]) + std::stod(rows[i][2]), 1, 1e-5);
  }
  expect_agreement();
  learn("length,mass", {"--loss", "cosine_similarity"});
  expect_agreement();
}

TEST_F(Targets, AreToldByEveryCommand) {
  file("data.csv", several_csv());
  learn("length,mass");
  const Outcome evaluated = sinapse({"evaluate", "run", "data.csv"});
  EXPECT_NE(evaluated.output.find("199 rows"), std::string::npos);
  EXPECT_NE(evaluated.output.find("\nmass "), std::string::npos);
  const auto json = sinapse_json({"evaluate", "run", "data.csv", "--bootstrap", "20"});
  EXPECT_EQ(json["targets"]["length"]["rows"], 179);
  EXPECT_TRUE(json["targets"]["mass"]["intervals"].contains("r2"));
  EXPECT_TRUE(json["intervals"].contains("r2"));
  EXPECT_EQ(sinapse_json({"inspect", "run"})["target"]["columns"][1]["column"], "mass");
  EXPECT_NE(sinapse({"inspect", "run"}).output.find("Target: \"mass\", regression"),
            std::string::npos);
  const auto cv = sinapse_json(
      {"cv", "data.csv", "--target", "length,mass", "--folds", "2", "--epochs", "2", "--quiet"});
  EXPECT_TRUE(cv["metrics"].contains("rmse"));
}

TEST_F(Targets, OfARunFileRepeatTheRunOnAnyNumberOfThreads) {
  file("data.csv", several_csv());
  const auto report = learn("length,mass", {"--weight-column", "weight", "--batch-size", "150"});
  for (const char* threads : {"1", "2", "3", "8"}) {
    const auto again = sinapse_json({"train", "--config", path("run/run.yaml"), "--threads",
                                     threads, "--quiet", "--output", path("again")});
    EXPECT_EQ(again["weights_sha256"], report["weights_sha256"]) << threads;
  }
}

TEST_F(Targets, RowsWithoutWeightTeachNothing) {
  const auto learned = [&](bool flip, double unit) {
    file("data.csv", several_csv(flip, unit));
    return train("data.csv", "red",
                 {"--weight-column", "weight", "--split-column", "part", "--ignore-column",
                  "length,mass,big,p,q,r"});
  };
  const auto plain = learned(false, 1);
  const auto flipped = learned(true, 1), scaled = learned(false, 4);
  EXPECT_EQ(plain["weights_sha256"], flipped["weights_sha256"]);
  EXPECT_EQ(plain["metrics"], flipped["metrics"]);
  EXPECT_EQ(plain["weights_sha256"], scaled["weights_sha256"]);
  const auto evaluated = sinapse_json({"evaluate", "run", "data.csv"});
  EXPECT_EQ(evaluated["per_class"][0]["support"].get<int64_t>() +
                evaluated["per_class"][1]["support"].get<int64_t>(),
            evaluated["confusion"][0][0].get<int64_t>() +
                evaluated["confusion"][0][1].get<int64_t>() +
                evaluated["confusion"][1][0].get<int64_t>() +
                evaluated["confusion"][1][1].get<int64_t>());
  EXPECT_EQ(sinapse_json({"inspect", "run"})["weighting"]["column"], "weight");
  file("new.csv", "a,b\n0.5,0.25\n");
  EXPECT_EQ(sinapse({"predict", "run", "new.csv"}).exit_code, 0);  // weights are not needed
}

TEST_F(Targets, BalancedClassesFindMoreOfTheRareOne) {
  Numbers numbers;
  std::string csv = "x,class\n";
  for (int i = 0; i < 400; ++i) {
    const double x = numbers.next();
    csv += fmt::format("{:.4f},{}\n", x, x + 0.6 * numbers.next() > 1.3 ? "rare" : "common");
  }
  file("data.csv", csv);
  const auto recall = [&](const std::vector<std::string>& flags) {
    const auto report = train("data.csv", "class", flags);
    return report["class_reports"]["train"]["per_class"][1]["recall"].get<double>();
  };
  const double plain = recall({"--epochs", "30"});
  EXPECT_GT(recall({"--epochs", "30", "--class-weight", "balanced"}), plain);
  EXPECT_GT(recall({"--epochs", "30", "--class-weight", "{rare: 8, common: 1}"}), plain);
  EXPECT_NE(text_of("run/run.yaml").find("class_weight: {common: 1, rare: 8}"), std::string::npos);
  EXPECT_EQ(sinapse_json({"inspect", "run"})["weighting"]["class_weights"], nlohmann::json({1, 8}));
}

TEST_F(Targets, RareLabelsCountMoreWithWeights) {
  Numbers numbers;
  std::string csv = "x,z,rare,even\n";
  for (int i = 0; i < 400; ++i) {
    const double x = numbers.next(), z = numbers.next();
    csv += fmt::format("{:.4f},{:.4f},{},{}\n", x, z, x + 0.6 * numbers.next() > 1.3 ? "yes" : "no",
                       i % 7 == 0 ? ""
                       : z > 0.5  ? "yes"
                                  : "no");
  }
  file("data.csv", csv);
  const auto recall = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--epochs", "30"});
    const auto report = train("data.csv", "rare,even", flags);
    return report["targets"]["rare"]["train"]["per_class"][1]["recall"].get<double>();
  };
  const double plain = recall({});
  EXPECT_GT(recall({"--class-weight", "balanced"}), plain);
  EXPECT_NE(text_of("run/run.yaml").find("class_weight: balanced"), std::string::npos);
  EXPECT_EQ(text_of("run/run.yaml").find("weighted"), std::string::npos);
  EXPECT_EQ(sinapse_json({"inspect", "run"})["weighting"]["class_weights"].size(), 4u);
  const auto trained =
      train("data.csv", "rare,even", {"--class-weight", "{yes: 8}", "--epochs", "9"});
  const auto evaluated = sinapse_json({"evaluate", "run", "data.csv"});
  EXPECT_NEAR(evaluated["metrics"]["loss"], trained["metrics"]["train"]["loss"], 0.2);
  EXPECT_NE(evaluated["metrics"]["loss"], evaluated["metrics"]["log_loss"]);
}

TEST_F(Targets, BadInputIsNamed) {
  file("data.csv", several_csv());
  const auto fails = [&](std::vector<std::string> arguments, int code,
                         const std::vector<std::string>& words) {
    arguments.insert(arguments.begin(), {"train", "data.csv"});
    expect_failure(sinapse(arguments), code, words);
  };
  fails({"--target", "length,mass,length"}, 2, {"\"length\" stands twice"});
  fails({"--target", "length,masss"}, 2, {"masss", "\"mass\""});
  fails({"--target", "length,red"}, 1, {"\"length\" is a number", "\"red\" has two classes"});
  fails({"--target", "a,b", "--loss", "kl_divergence"}, 1, {"data.csv:2", "\"a\", \"b\"", "1"});
  fails({"--target", "length", "--loss", "cosine_similarity"}, 2, {"direction", "--target a,b,c"});
  fails({"--target", "red", "--class-weight", "{yess: 2}"}, 2, {"\"yess\"", "\"yes\""});
  fails({"--target", "red", "--class-weight", "heavy"}, 2, {"balanced", "heavy"});
  fails({"--target", "length,mass", "--class-weight", "balanced"}, 2, {"class_weight"});
  file("data.csv", "x,w,y\n1,1,2.5\n2,-1,3.5\n3,1,1\n4,1,7\n");
  fails({"--target", "y", "--weight-column", "w"}, 1, {"data.csv:3", "\"w\"", "-1"});
  file("data.csv", "x,w,y\n1,1,2.5\n2,,3.5\n3,1,1\n4,1,7\n");
  fails({"--target", "y", "--weight-column", "w"}, 1, {"data.csv:3", "missing"});
  file("data.csv", "x,w,y\n1,0,2.5\n2,0,3.5\n3,0,1\n4,0,7\n");
  fails({"--target", "y", "--weight-column", "w"}, 1, {"weight 0", "to train on"});
}

}  // namespace

}  // namespace sinapse
