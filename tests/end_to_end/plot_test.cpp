// sinapse plot and sinapse neuron.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using Plot = EndToEnd;

TEST_F(Plot, WritesSvgToStandardOutput) {
  const Outcome outcome = sinapse({"plot", "activation", "tanh", "--range", "-4,4"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(outcome.output.starts_with("<svg ")) << outcome.output;
  EXPECT_TRUE(outcome.output.ends_with("</svg>\n"));
}

TEST_F(Plot, TheEndingOfAFileDecidesItsFormat) {
  EXPECT_EQ(sinapse({"plot", "neuron", "--biases", "-1,0,1", "-o", "a.svg"}).exit_code, 0);
  EXPECT_TRUE(text_of("a.svg").starts_with("<svg "));
  EXPECT_EQ(sinapse({"plot", "vanishing", "sigmoid", "relu", "-o", "b.png"}).exit_code, 0);
  EXPECT_TRUE(text_of("b.png").starts_with("\x89PNG"));
  expect_failure(sinapse({"plot", "neuron", "-o", "c.gif"}), 2, {"c.gif", ".svg"});
}

TEST_F(Plot, DrawsInTheTerminalWithoutColoursInAPipe) {
  const Outcome outcome = sinapse({"plot", "activation", "relu", "--terminal"});
  EXPECT_NE(outcome.output.find("⣀"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find('\x1b'), std::string::npos);
}

TEST_F(Plot, SpeaksPortuguese) {
  train(file("iris.csv", mixed_csv(2)), "class", {"--output", "run"});
  const std::string network = sinapse({"plot", "network", "run", "--language", "pt"}).output;
  EXPECT_NE(network.find("Camada de saída"), std::string::npos);
  EXPECT_EQ(network.find("layer"), std::string::npos);
  const std::string roc = sinapse({"plot", "roc", "run", "iris.csv", "--language", "pt"}).output;
  EXPECT_NE(roc.find(">taxa de falsos positivos<"), std::string::npos);
  EXPECT_NE(roc.find(">0,2<"), std::string::npos);
}

TEST_F(Plot, MistakesAreExplained) {
  expect_failure(sinapse({"plot", "activation", "relu", "--language", "fr"}), 2, {"fr", "pt"});
  expect_failure(sinapse({"plot", "activation", "rellu"}), 2, {"rellu", "relu"});
  expect_failure(sinapse({"plot", "activation", "relu", "--range", "6,-6"}), 2, {"6,-6"});
  expect_failure(sinapse({"plot", "history", "nowhere"}), 1, {"nowhere", "history.csv"});
  expect_failure(sinapse({"plot", "rocc"}), 2, {"rocc", "sinapse plot", "\"roc\""});
  expect_failure(sinapse({"plot"}), 2, {"plot --help"});
  expect_failure(sinapse({"plot", "activation"}), 2, {"plot activation --help"});
  expect_failure(sinapse({"plot", "activation", "relu", "--derivativ"}), 2,
                 {"sinapse plot activation", "--derivative"});
}

TEST_F(Plot, FiguresOfAClassifier) {
  train(file("iris.csv", mixed_csv(3)), "class", {"--output", "run"});
  for (const char* figure : {"confusion", "roc", "precision-recall", "calibration", "lift"}) {
    const Outcome outcome = sinapse({"plot", figure, "run", "iris.csv"});
    EXPECT_EQ(outcome.exit_code, 0) << figure << outcome.errors;
    EXPECT_TRUE(outcome.output.starts_with("<svg ")) << figure;
  }
  EXPECT_NE(sinapse({"plot", "network", "run"}).output.find("Output layer"), std::string::npos);
  EXPECT_NE(sinapse({"plot", "network", "run", "--blocks"}).output.find("output (dense)"),
            std::string::npos);
  EXPECT_EQ(sinapse({"plot", "weights", "run", "dense1"}).exit_code, 0);
  expect_failure(sinapse({"plot", "weights", "run", "dense9"}), 2, {"dense9", "dense1"});
  expect_failure(sinapse({"plot", "residuals", "run", "iris.csv"}), 2, {"number", "multiclass"});
  EXPECT_NE(sinapse({"plot", "history", "run"}).output.find("Loss"), std::string::npos);
}

TEST_F(Plot, FiguresOfARegression) {
  train(file("cars.csv", regression_csv()), "y", {"--output", "run"});
  EXPECT_NE(sinapse({"plot", "residuals", "run", "cars.csv"}).output.find("Residuals"),
            std::string::npos);
  expect_failure(sinapse({"plot", "roc", "run", "cars.csv"}), 2, {"probabilities", "regression"});
}

TEST_F(Plot, FiguresOfWhatIsInside) {
  train(file("cars.csv", regression_csv()), "y", {"--output", "run"});
  EXPECT_NE(
      sinapse({"plot", "surface", "run", "cars.csv", "--features", "a,b"}).output.find("<image"),
      std::string::npos);
  expect_failure(sinapse({"plot", "surface", "run", "cars.csv"}), 2, {"3 columns", "--features"});
  expect_failure(sinapse({"plot", "surface", "run", "cars.csv", "--features", "a,bb"}), 2, {"bb"});
  EXPECT_NE(sinapse({"plot", "activations", "run", "cars.csv", "--row", "3"}).output.find("dense1"),
            std::string::npos);
  expect_failure(sinapse({"plot", "activations", "run", "cars.csv", "--row", "0"}), 2, {"row 0"});
  expect_failure(sinapse({"plot", "filters", "run"}), 2, {"no convolution"});
}

TEST_F(Plot, NeuronAddsTheBiasLast) {
  const Outcome outcome =
      sinapse({"neuron", "--weights", "0.5,-1,0.25", "--inputs", "2,1", "--activation", "relu"});
  EXPECT_EQ(outcome.output,
            "sum     0.5 * 2 + -1 * 1 + 0.25 * 1 = 0.25\noutput  relu(0.25) = 0.25\n");
  expect_failure(sinapse({"neuron", "--weights", "1,2", "--inputs", "1,2"}), 2,
                 {"3 weights", "got 2"});
}

}  // namespace

}  // namespace sinapse
