// sinapse check.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using CheckCommand = EndToEnd;

TEST_F(CheckCommand, LooksAtTheDataOfARun) {
  train(file("cars.csv", regression_csv()), "y", {"--output", "run", "--epochs", "30"});
  const Outcome outcome = sinapse({"check", "run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output << outcome.errors;
  EXPECT_NE(outcome.output.find("gradients"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("training, validation"), std::string::npos) << outcome.output;
  EXPECT_EQ(sinapse_json({"check", "run/model.onnx", "--json"})["data"], "");
}

TEST_F(CheckCommand, LooksAtRunsBeforeTraining) {
  file("cars.csv", regression_csv());
  const Outcome printed = sinapse({"train", "cars.csv", "--target", "y", "--print-config"});
  file("run.yaml", printed.output);
  const auto json = sinapse_json({"check", "run.yaml", "--json"});
  EXPECT_EQ(json["trained"], false);
  std::vector<std::string> names;
  for (const auto& one : json["checks"]) names.push_back(one["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"gradients", "dead_units", "saturation",
                                             "gradient_flow", "leakage", "duplicates"}));
  EXPECT_EQ(json["data"], "cars.csv");
  EXPECT_FALSE(exists("sinapse_cars")) << "nothing is trained, nothing written";
  train("cars.csv", "y", {"--output", "done", "--epochs", "2"});
  std::filesystem::remove(path("done/model.onnx"));
  EXPECT_EQ(sinapse_json({"check", "done", "--json"})["trained"], false);
}

TEST_F(CheckCommand, LooksAtNetworksWithoutData) {
  file(
      "deep.yaml", "network:\n  layers:\n    - {type: input, shape: [4]}\n" + [] {
        std::string layers;
        for (int i = 0; i < 20; ++i)
          layers += "    - {type: dense, units: 8, activation: sigmoid}\n";
        return layers;
      }());
  const Outcome outcome = sinapse({"check", "deep.yaml"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.output << outcome.errors;
  EXPECT_NE(outcome.output.find("random rows, before training"), std::string::npos);
  EXPECT_NE(outcome.output.find("Gradients vanish"), std::string::npos) << outcome.output;
  file("classes.yaml",
       "network: {layers: [{type: input, shape: [1, 8, 8]}, {type: conv2d, filters: 2}, {type: "
       "flatten}]}\ntraining: {loss: categorical_crossentropy}\n");
  EXPECT_EQ(sinapse({"check", "classes.yaml"}).exit_code, 0);
  file("open.yaml", "network: {hidden: [4]}\n");
  expect_failure(sinapse({"check", "open.yaml"}), 2, {"how long is a row", "type: input"});
}

TEST_F(CheckCommand, LooksAtNetworksOfSeries) {
  std::string csv = "day,sales\n";
  for (int i = 0; i < 120; ++i) csv += fmt::format("{},{}\n", i, 50 + 10 * (i % 7));
  file("sales.csv", csv);
  const Outcome outcome = sinapse({"train", "sales.csv", "--target", "sales", "--time", "day",
                                   "--horizon", "7", "--epochs", "2", "--output", "run"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(sinapse_json({"check", "run", "--json"})["data"], "");
  const std::string data = sinapse_json({"check", "run/run.yaml", "--json"})["data"];
  EXPECT_TRUE(data.ends_with("sales.csv")) << data;
}

TEST_F(CheckCommand, ExitsWithThreeIfItFindsSomething) {
  std::string csv = regression_csv();
  csv += csv.substr(csv.find('\n') + 1);
  train(file("twice.csv", csv), "y", {"--output", "run"});
  const Outcome outcome = sinapse({"check", "run", "--json"});
  EXPECT_EQ(outcome.exit_code, 3);
  const auto json = nlohmann::json::parse(outcome.output);
  bool found = false;
  for (const auto& one : json["findings"])
    found = found || (one["check"] == "duplicates" && one["severity"] == "warning" &&
                      one["what"].get<std::string>().find("validation rows") != std::string::npos);
  EXPECT_TRUE(found) << outcome.output;
  expect_failure(sinapse({"check", "nowhere"}), 1, {"nowhere"});
}

}  // namespace

}  // namespace sinapse
