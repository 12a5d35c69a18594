// The programs of examples/, run as a user runs them.
#include <cmath>

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
    return run_program(
        {.command = {program, file("circle.csv", circle()), "side"}, .folder = path("")});
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
  EXPECT_GT(std::stod(outcome.output.substr(9)), 0.9)
      << "the share of 'outside' alone is below 0.7";
  EXPECT_TRUE(exists("own_layer.onnx"));
}

// A line, but every tenth number is far off.
std::string line_with_errors() {
  std::string text = "x,z,y\n";
  for (int i = 0; i < 600; ++i) {
    const double x = (i * 37 % 101) / 50.0 - 1, z = (i * 53 % 97) / 48.0 - 1;
    const double y = 3 * x - z + (i % 10 == 3 ? 40 : 0);
    text += std::to_string(x) + "," + std::to_string(z) + "," + std::to_string(y) + "\n";
  }
  return text;
}

double number_after(const std::string& text, const std::string& words) {
  const size_t at = text.find(words);
  return at == std::string::npos ? NAN : std::stod(text.substr(at + words.size()));
}

TEST_F(Examples, OwnLossIsChosenByNameAndDoesWhatItIsFor) {
  const Outcome outcome =
      run_program({.command = {example_path("own_loss"), file("line.csv", line_with_errors()), "y"},
                   .folder = path("")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const double squared = number_after(outcome.output, "mean_squared_error: median absolute error ");
  const double cauchy = number_after(outcome.output, "cauchy(width=0.1): median absolute error ");
  EXPECT_LT(cauchy, 0.2 * squared) << outcome.output;
  EXPECT_TRUE(exists("own_loss.onnx"));
}

TEST_F(Examples, OwnLoopLearnsAndSaves) {
  const Outcome outcome = run_program({.command = {example_path("own_loop")}, .folder = path("")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_GT(number_after(outcome.output, "accuracy "), 0.97) << outcome.output;
  EXPECT_TRUE(exists("own_loop.onnx"));
}

TEST_F(Examples, CallbacksEndTheTraining) {
  const Outcome outcome = run("callbacks");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* words : {"output: 65 parameters", "epoch 1 * loss", "stopped after"}) {
    EXPECT_NE(outcome.output.find(words), std::string::npos) << words << outcome.output;
  }
}

TEST_F(Examples, ArraysInMemoryTrainAConvolution) {
  const Outcome outcome =
      run_program({.command = {example_path("train_arrays")}, .folder = path("")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_GT(number_after(outcome.output, "accuracy "), 0.95) << outcome.output;
}

// The whole run takes a quarter of an hour; that it can be read and fits together takes none.
TEST_F(Examples, TheRunFileForFashionMnistHoldsWhatItSays) {
  const Outcome outcome = sinapse({"train", "pictures", "--config",
                                   source_path("examples/fashion_mnist.yaml"), "--print-config"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* words : {"residual_block", "filters: 128", "nesterov(", "one_cycle(", "ema_decay: 0.998"}) {
    EXPECT_NE(outcome.output.find(words), std::string::npos) << words << outcome.output;
  }
}

}  // namespace

}  // namespace sinapse
