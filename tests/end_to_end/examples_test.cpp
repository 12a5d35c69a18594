// The programs of examples/, run as a user runs them.
#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

namespace {

// Two classes that a straight line cannot part: inside and outside of a circle.
std::string circle() {
  std::string text = "x,y,side\n";
  for (int i = 0; i < 400; ++i) {
    const double x = (i * 37 % 101) / 50.0 - 1, y = (i * 53 % 97) / 48.0 - 1;
    text += std::to_string(x) + "," + std::to_string(y) + "," +
            (x * x + y * y < 0.5 ? "inside" : "outside") + "\n";
  }
  return text;
}

class Examples : public EndToEnd {
 protected:
  Outcome run(const std::string& example) const {
    const std::string program = example_path(example);
    return run_program({.command = {program, file("circle.csv", circle()), "side"},
                        .folder = path("")});
  }
};

TEST_F(Examples, TrainTableSavesAModelThatPredicts) {
  const Outcome outcome = run("train_table");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("400 rows predicted"), std::string::npos) << outcome.output;
  EXPECT_TRUE(exists("model.onnx"));
}

TEST_F(Examples, OwnActivationAndLayerTrainSaveAndLoad) {
  const Outcome outcome = run("own_layer");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  ASSERT_EQ(outcome.output.rfind("accuracy ", 0), 0u) << outcome.output;
  EXPECT_GT(std::stod(outcome.output.substr(9)), 0.9) << "the share of 'outside' alone is below 0.7";
  EXPECT_TRUE(exists("own_layer.onnx"));
}

}  // namespace

}  // namespace sinapse
