// Texts read token by token, from the command line.
#include <fmt/format.h>

#include "end_to_end/program.h"

namespace sinapse {
namespace {

class Texts : public EndToEnd {
 protected:
  void SetUp() override {
    std::string csv = "note,label\n";
    for (int i = 0; i < 120; ++i)
      csv += fmt::format("\"it was, as number {} says, {}\",{}\n", i,
                         i % 2 ? "not good but bad" : "good but not bad", i % 2 ? "sad" : "glad");
    file("messages.csv", csv);
  }
  Outcome trained(const std::string& network, std::vector<std::string> more = {}) {
    std::vector<std::string> command{"train",     "messages.csv", "--target", "label",
                                     "--network", network,        "--epochs", "3",
                                     "--output",  "messages",     "--json"};
    command.insert(command.end(), more.begin(), more.end());
    return sinapse(command);
  }
};

TEST_F(Texts, ANetworkNamedIsAllThatIsNeeded) {
  const Outcome run = trained("text_cnn");
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_NE(run.errors.find("first 256 words are read in order"), std::string::npos) << run.errors;
  const std::string answers = sinapse({"predict", "messages", "messages.csv"}).output;
  EXPECT_EQ(cells_of(answers).size(), 121u);
  const Outcome streamed = sinapse({"predict", "messages", "-", "--stream"}, path("messages.csv"));
  EXPECT_EQ(streamed.output, answers) << streamed.errors;
  EXPECT_EQ(sinapse({"evaluate", "messages", "messages.csv"}).exit_code, 0);
  const auto described = sinapse_json({"inspect", "messages", "--json"});
  EXPECT_NE(described.dump().find("tokens in order"), std::string::npos);
}

TEST_F(Texts, TheRunFileRepeatsTheRun) {
  ASSERT_EQ(trained("text_gru").exit_code, 0);
  const std::string model = text_of("messages/model.onnx");
  const Outcome again = sinapse({"train", "--config", "messages/run.yaml", "--output", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_EQ(text_of("again/model.onnx"), model);
}

TEST_F(Texts, FromDiskTheModelIsTheSame) {
  ASSERT_EQ(trained("text_gru").exit_code, 0);
  const std::string model = text_of("messages/model.onnx");
  const Outcome run = trained("text_gru", {"--memory-limit", "1K"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(text_of("messages/model.onnx"), model);
}

TEST_F(Texts, AreExplainedAsColumnsAndChecked) {
  ASSERT_EQ(trained("text_transformer").exit_code, 0);
  EXPECT_EQ(sinapse({"explain", "messages", "messages.csv"}).exit_code, 0);
  expect_failure(sinapse({"explain", "messages", "messages.csv", "--row", "1"}), 2,
                 {"note", "token by token"});
  const Outcome checked = sinapse({"check", "messages", "messages.csv"});
  EXPECT_EQ(checked.errors, "");
  EXPECT_LE(checked.exit_code, 1);
}

TEST_F(Texts, ANetworkForTextsNeedsOne) {
  file("numbers.csv", "a,b\n1,2\n2,3\n3,5\n4,8\n5,1\n6,2\n");
  expect_failure(sinapse({"train", "numbers.csv", "--target", "b", "--network", "text_gru"}), 2,
                 {"text_gru", "no input column looks like one"});
}

}  // namespace
}  // namespace sinapse
