// sinapse cv.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using CrossValidate = EndToEnd;

TEST_F(CrossValidate, PrintsATableAndWritesEveryTraining) {
  file("data.csv", mixed_csv(2));
  const std::vector<std::string> command = {"cv",       "data.csv", "--target", "class",
                                            "--epochs", "2",        "--hidden", "4",
                                            "--folds",  "3",        "--output", "folds.csv"};
  const Outcome text = sinapse(command);
  EXPECT_EQ(text.exit_code, 0) << text.errors;
  for (const char* word : {"3 trainings", "mean", "std", "from", "accuracy"}) {
    EXPECT_NE(text.output.find(word), std::string::npos) << word << text.output;
  }
  EXPECT_NE(text.errors.find("fold 3/3"), std::string::npos) << text.errors;
  const auto rows = cells_of(text_of("folds.csv"));
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0][1], "fold");
  EXPECT_EQ(rows[3][1], "3");

  const auto json = sinapse_json(command);
  EXPECT_EQ(json["per_fold"].size(), 3u);
  EXPECT_LT(json["metrics"]["log_loss"]["interval"][0], json["metrics"]["log_loss"]["mean"]);
  EXPECT_EQ(sinapse_json(command), json);
}

TEST_F(CrossValidate, MistakesAreExplained) {
  file("data.csv", mixed_csv(2));
  expect_failure(sinapse({"cv"}), 2, {"which data"});
  expect_failure(sinapse({"cv", "data.csv"}), 2, {"--target"});
  expect_failure(sinapse({"cv", "data.csv", "--target", "class", "--folds", "1"}), 2, {"folds"});
  expect_failure(sinapse({"cv", "data.csv", "--target", "class", "--test", "data.csv"}), 2,
                 {"data.test"});
}

}  // namespace

}  // namespace sinapse
