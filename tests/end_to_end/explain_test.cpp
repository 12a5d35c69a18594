// sinapse explain.
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using Explain = EndToEnd;

TEST_F(Explain, TellsWhichColumnsMatter) {
  train(file("cars.csv", regression_csv()), "y", {"--output", "run", "--epochs", "60"});
  const Outcome outcome = sinapse({"explain", "run", "cars.csv", "--output", "why/figures"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("200 rows; r2"), std::string::npos) << outcome.output;
  EXPECT_LT(outcome.output.find("\na  "), outcome.output.find("\nc  "));
  EXPECT_TRUE(text_of("why/figures/importance.svg").starts_with("<svg "));
  EXPECT_TRUE(text_of("why/figures/importance.png").starts_with("\x89PNG"));

  const auto json = sinapse_json({"explain", "run", "cars.csv", "--json", "--metric", "mae",
                                  "--repeats", "3", "--threads", "2"});
  const auto& importance = json["importance"];
  EXPECT_EQ(importance["metric"], "mae");
  EXPECT_EQ(importance["columns"][0]["column"], "a");
  EXPECT_EQ(importance["columns"][0]["repeats"].size(), 3u);
  EXPECT_GT(importance["columns"][0]["low"], importance["columns"][2]["high"]);
}

TEST_F(Explain, TellsWhatIsPredictedAlongAColumn) {
  train(file("flowers.csv", mixed_csv(3)), "class", {"--output", "run"});
  const Outcome outcome =
      sinapse({"explain", "run", "flowers.csv", "--dependence", "age,city,joined", "-o", "along"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("Paris"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("missing"), std::string::npos) << outcome.output;
  for (const char* name : {"age", "city", "joined"})
    EXPECT_TRUE(exists(fmt::format("along/dependence_{}.png", name))) << name;
}

TEST_F(Explain, TellsWhatEachColumnAddsToARow) {
  train(file("cars.csv", regression_csv()), "y", {"--output", "run"});
  const auto json = sinapse_json({"explain", "run", "cars.csv", "--row", "1,200", "--json"});
  ASSERT_EQ(json["rows"].size(), 2u);
  const auto& row = json["rows"][1];
  EXPECT_EQ(row["row"], 200);
  EXPECT_EQ(row["location"], "cars.csv:201");
  double sum = row["baseline"].get<double>() + row["gap"].get<double>();
  for (const auto& one : row["contributions"]) sum += one["adds"].get<double>();
  EXPECT_NEAR(sum, row["prediction"].get<double>(), 1e-6);
  const Outcome text = sinapse({"explain", "run", "cars.csv", "--row", "1", "-o", "rows"});
  EXPECT_NE(text.output.find("row 1 (cars.csv:2): y\n"), std::string::npos) << text.output;
  EXPECT_TRUE(text_of("rows/row_1.svg").starts_with("<svg "));
  expect_failure(sinapse({"explain", "run", "cars.csv", "--row", "201"}), 2, {"201", "200 rows"});
}

TEST_F(Explain, MistakesAreExplained) {
  train(file("flowers.csv", mixed_csv(3)), "class", {"--output", "run"});
  expect_failure(sinapse({"explain", "run", "flowers.csv", "--metric", "mae"}), 2,
                 {"mae", "numbers", "multiclass"});
  expect_failure(sinapse({"explain", "run", "flowers.csv", "--metric", "acuracy"}), 2,
                 {"acuracy", "accuracy"});
  expect_failure(sinapse({"explain", "run", "flowers.csv", "--repeats", "0"}), 2, {"repeats"});
}

}  // namespace

}  // namespace sinapse
