// sinapse range.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using Range = EndToEnd;

TEST_F(Range, PrintsATableAndWritesEveryBatch) {
  file("data.csv", mixed_csv(2));
  const std::vector<std::string> command = {
      "range",    "data.csv", "--target",  "class", "--hidden", "8",   "--optimizer", "sgd",
      "--lowest", "1e-4",     "--highest", "1e4",   "--steps",  "100", "--output",    "range.csv"};
  const Outcome text = sinapse(command);
  EXPECT_EQ(text.exit_code, 0) << text.errors;
  for (const char* word : {"learning rate", "<- falls fastest", "Suggested: --learning-rate"}) {
    EXPECT_NE(text.output.find(word), std::string::npos) << word << text.output;
  }
  const auto rows = cells_of(text_of("range.csv"));
  EXPECT_EQ(rows[0], (std::vector<std::string>{"learning_rate", "loss", "smoothed_loss"}));
  EXPECT_EQ(rows[1][0], "0.0001");

  const auto json = sinapse_json(command);
  EXPECT_EQ(json["points"].size() + 1, rows.size());
  EXPECT_LE(json["suggested"], json["lowest"]);
  EXPECT_TRUE(json["broke_down"]);
}

TEST_F(Range, MistakesAreExplained) {
  file("data.csv", mixed_csv(2));
  expect_failure(sinapse({"range"}), 2, {"which data"});
  expect_failure(sinapse({"range", "data.csv"}), 2, {"--target"});
  expect_failure(sinapse({"range", "data.csv", "--target", "class", "--lowest", "2"}), 2,
                 {"from 2 to 1"});
}

}  // namespace

}  // namespace sinapse
