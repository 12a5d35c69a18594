// The small commands, help, and mistyped command lines.
#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

namespace {

using Commands = EndToEnd;

TEST_F(Commands, SoftmaxOfArguments) {
  EXPECT_EQ(sinapse({"softmax", "0.9", "0.4", "0.2"}).output, "0.47548496 0.2883962 0.23611884\n");
  EXPECT_EQ(sinapse({"softmax", "-1", "-1"}).output, "0.5 0.5\n");
  EXPECT_EQ(sinapse({"softmax", "1000", "1000"}).output, "0.5 0.5\n");
}

TEST_F(Commands, SoftmaxOfAMatrixGoesDownItsColumns) {
  const std::string matrix = file("matrix", "1 5\n1 5\n");
  EXPECT_EQ(sinapse({"softmax"}, matrix).output, "0.5 0.5\n0.5 0.5\n");
  const std::string scores = file("scores", "0.9, 0\n0.4, 0\n0.2, 0\n");
  EXPECT_EQ(sinapse({"softmax"}, scores).output,
            "0.47548496 0.33333333\n0.2883962 0.33333333\n0.23611884 0.33333333\n");
}

TEST_F(Commands, SoftmaxRejectsWhatAreNoScores) {
  expect_failure(sinapse({"softmax", "1", "two"}), 2, {"two"});
  expect_failure(sinapse({"softmax"}), 2, {"no scores"});
  expect_failure(sinapse({"softmax"}, file("ragged", "1 2\n3\n")), 1, {"standard input:2"});
}

TEST_F(Commands, ActivationsAreListed) {
  const auto json = sinapse_json({"activations"});
  EXPECT_GT(json["activations"].size(), 20u);
  for (const auto& activation : json["activations"]) {
    EXPECT_NE(activation["formula"], "") << activation["name"];
    EXPECT_NE(activation["derivative"], "") << activation["name"];
  }
  EXPECT_NE(sinapse({"activations", "leakyrelu"}).output.find("leaky_relu(alpha=0.01)"),
            std::string::npos);
}

TEST_F(Commands, VersionNamesTheInstructionSet) {
  const Outcome outcome = sinapse({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(outcome.output.starts_with("sinapse " SINAPSE_VERSION "\n")) << outcome.output;
  EXPECT_NE(outcome.output.find("in use: "), std::string::npos);
}

TEST_F(Commands, EveryCommandHasHelpWithExamples) {
  for (const char* command : {"train", "evaluate", "predict", "inspect", "list", "schema",
                              "activations", "softmax", "neuron", "plot"}) {
    const Outcome outcome = sinapse({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.output.find(std::string("sinapse ") + command), std::string::npos);
    EXPECT_NE(outcome.output.find("Examples:"), std::string::npos) << command;
  }
  EXPECT_NE(sinapse({"--help"}).output.find("evaluate"), std::string::npos);
}

TEST_F(Commands, MistypedWordsSuggestTheNearest) {
  expect_failure(sinapse({"trian"}), 2, {"\"trian\"", "Did you mean \"train\"?"});
  expect_failure(sinapse({"train", "x.csv", "--epoch", "3"}), 2,
                 {"--epoch", "Did you mean \"--epochs\"?"});
  expect_failure(sinapse({"predict", "m.onnx", "x.csv", "--ouput=y"}), 2,
                 {"Did you mean \"--output\"?"});
  expect_failure(sinapse({"predict", "m.onnx"}), 2, {"DATA"});
  EXPECT_EQ(sinapse({}).exit_code, 2);
}

TEST_F(Commands, FullDiskIsAnError) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"softmax", "1", "2"},
                                                    {"activations"},
                                                    {"--version"},
                                                    {"--help"}}) {
    std::vector<std::string> command = {program_path()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome =
        run_program({.command = command, .folder = path(""), .output = "/dev/full"});
    EXPECT_EQ(outcome.exit_code, 1) << arguments[0];
    EXPECT_NE(outcome.errors.find("standard output"), std::string::npos) << outcome.errors;
  }
}

}  // namespace

}  // namespace sinapse
