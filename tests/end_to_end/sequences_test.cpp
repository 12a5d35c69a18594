// Sequences of rows from the command line: training, files, and rows that come one by one.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "train/sequence_tables.h"

namespace sinapse {
namespace {

class SequencesOfRows : public EndToEnd {
 protected:
  Outcome trained(const std::string& target, const std::string& ignored) {
    file("machines.csv", machines_csv());
    return sinapse({"train", "machines.csv", "--target", target, "--ignore-column", ignored,
                    "--sequence-by", "machine", "--order-by", "t", "--epochs", "3", "--output",
                    target, "--json"});
  }
  // The first rows of the file, or those after them.
  std::string rows(size_t first, size_t last) {
    const auto cells = cells_of(machines_csv());
    std::string csv;
    for (size_t i = 0; i < cells.size() && i < last; ++i)
      if (i == 0 || i >= first)
        csv += cells[i][0] + "," + cells[i][1] + "," + cells[i][2] + "," + cells[i][3] + "\n";
    return csv;
  }
  Outcome stream(const std::string& model, const std::string& input,
                 std::vector<std::string> more = {}) {
    std::vector<std::string> command{"predict", model, "-", "--stream"};
    command.insert(command.end(), more.begin(), more.end());
    return sinapse(command, file("in.csv", input));
  }
};

TEST_F(SequencesOfRows, ALineForEachSequence) {
  const Outcome run = trained("sum", "so_far,level");
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_NE(run.errors.find("the network answers each sequence"), std::string::npos) << run.errors;
  const auto cells = cells_of(sinapse({"predict", "sum", "machines.csv"}).output);
  ASSERT_EQ(cells.size(), 61u);
  EXPECT_EQ(cells[0][0], "machine");
  EXPECT_EQ(cells[0][1], "sum_predictions");
  EXPECT_EQ(cells[1][0], "m0");
  EXPECT_EQ(cells[60][0], "m59");
  const Outcome measured = sinapse({"evaluate", "sum", "machines.csv"});
  EXPECT_NE(measured.output.find("60 rows"), std::string::npos) << measured.output;
}

TEST_F(SequencesOfRows, ALineForEachRowAndTheSameFromAStream) {
  ASSERT_EQ(trained("level", "so_far,sum").exit_code, 0);
  const std::string whole = sinapse({"predict", "level", "machines.csv"}).output;
  const Outcome streamed = stream("level", rows(1, 9999));
  ASSERT_EQ(streamed.exit_code, 0) << streamed.errors;
  EXPECT_EQ(streamed.output, whole);
}

TEST_F(SequencesOfRows, AStreamGoesOnFromItsState) {
  ASSERT_EQ(trained("sum", "so_far,level").exit_code, 0);
  const std::string whole = stream("sum", rows(1, 9999)).output;
  const Outcome first = stream("sum", rows(1, 101), {"--save-state", "s.safetensors"});
  const Outcome second = stream("sum", rows(101, 9999), {"--load-state", "s.safetensors"});
  ASSERT_EQ(second.exit_code, 0) << second.errors;
  EXPECT_EQ(first.output + second.output.substr(second.output.find('\n') + 1), whole);
  expect_failure(stream("sum", rows(100, 102), {"--load-state", "s.safetensors"}), 1,
                 {"standard input:2", "\"t\"", "must rise"});
}

TEST_F(SequencesOfRows, ErrorsNameThePlace) {
  file("twice.csv", "machine,t,x,y\na,1,1,0\na,2,2,0\na,1,3,0\nb,1,1,1\nb,2,1,1\n");
  expect_failure(sinapse({"train", "twice.csv", "--target", "y", "--sequence-by", "machine",
                          "--order-by", "t"}),
                 1, {"twice.csv:4", "\"t\"", "a second time"});
  ASSERT_EQ(trained("sum", "so_far,level").exit_code, 0);
  file("no_x.csv", "machine,t,color\nm1,1,red\n");
  expect_failure(sinapse({"predict", "sum", "no_x.csv"}), 1, {"\"x\""});
  // What stood before the mistake has been answered.
  Outcome streamed = stream("sum", "machine,t,x,color\nm1,1,0.5,red\nm1,2,much,red\n");
  EXPECT_EQ(cells_of(std::exchange(streamed.output, "")).size(), 2u);
  expect_failure(streamed, 1, {"standard input:3", "x"});
  streamed = stream("sum", "machine,t,x,color\nm1,3,0.5,red\nm1,2,0.5,red\n");
  EXPECT_EQ(cells_of(std::exchange(streamed.output, "")).size(), 2u);
  expect_failure(streamed, 1, {"standard input:3", "\"t\"", "must rise", "3"});
}

TEST_F(SequencesOfRows, WhatLooksAtEachRowAloneIsRefused) {
  ASSERT_EQ(trained("sum", "so_far,level").exit_code, 0);
  const std::vector<std::vector<std::string>> commands{
      {"explain", "sum", "machines.csv"},
      {"explain", "sum", "machines.csv", "--row", "1"},
      {"evaluate", "sum", "machines.csv", "--report", "page.html"},
      {"plot", "residuals", "sum", "machines.csv", "--output", "picture.svg"},
      {"plot", "activations", "sum", "machines.csv", "--row", "1", "--output", "picture.svg"},
  };
  for (const std::vector<std::string>& command : commands)
    expect_failure(sinapse(command), 2, {"each row alone", "the steps of sequences"});
  for (const char* const command : {"cv", "range"}) {
    expect_failure(sinapse({command, "machines.csv", "--target", "sum", "--sequence-by", "machine",
                            "--order-by", "t"}),
                   2, {"each row alone", "data.sequence_by"});
  }
}

// Random rows stand in for the sequences: their lengths are whole, and the last step's state
// counts.
TEST_F(SequencesOfRows, AreCheckedWithRandomRows) {
  ASSERT_EQ(trained("sum", "so_far,level").exit_code, 0);
  const Outcome checked = sinapse({"check", "sum", "machines.csv"});
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  EXPECT_NE(checked.output.find("random rows"), std::string::npos) << checked.output;
}

}  // namespace
}  // namespace sinapse
