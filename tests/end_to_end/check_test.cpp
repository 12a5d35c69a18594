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
