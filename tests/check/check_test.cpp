#include <gtest/gtest.h>

#include <sinapse/check.h>

#include "check/layer_health.h"
#include "explain/tables.h"
#include "network/trained_network.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 300;

Table table_of() {
  const std::vector<double> a = normal_numbers(kRows, 1), b = normal_numbers(kRows, 2);
  std::vector<double> y;
  for (int64_t i = 0; i < kRows; ++i) y.push_back(a[i] + b[i] * b[i]);
  return Table({number_column("a", a), number_column("b", b), number_column("y", y)});
}

RunOptions run(const std::string& activation) {
  RunOptions options;
  options.data.target = "y";
  options.network.hidden = {8, 6};
  options.network.activation = activation;
  options.training = {.epochs = 3, .threads = 1};
  return options;
}

Model changed(const Model& model, const std::string& name,
              const std::function<float(size_t, float)>& f) {
  TrainedNetwork trained = model.trained();
  std::vector<float>& values = trained.weights.at(name);
  for (size_t i = 0; i < values.size(); ++i) values[i] = f(i, values[i]);
  return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
}

std::vector<Finding> findings(const std::vector<CheckResult>& results, const std::string& name) {
  for (const CheckResult& result : results)
    if (result.name == name) return result.findings;
  ADD_FAILURE() << "no check " << name;
  return {};
}

TEST(Check, AHealthyModelHasNoFindings) {
  const Table table = table_of();
  const Model model = train(table, run("tanh")).model;
  for (const CheckResult& result : check(model, table)) {
    if (result.name == "labels") continue;  // the model is not good yet
    EXPECT_TRUE(result.findings.empty()) << result.name << result.findings[0].what;
    EXPECT_FALSE(result.result.empty()) << result.name;
  }
  EXPECT_EQ(check(model).size(), 5u);  // without data
}

TEST(Check, DeadUnits) {
  const Table table = table_of();
  const Model model = changed(train(table, run("relu")).model, "dense1.bias",
                              [](size_t i, float x) { return i < 5 ? -1000.0f : x; });
  const auto found = findings(check(model, table), "dead_units");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].where, "dense1");
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_NE(found[0].what.find("of the 8 units"), std::string::npos) << found[0].what;
}

TEST(Check, SaturatedLayersAndVanishingGradients) {
  const Table table = table_of();
  const Model model = changed(train(table, run("sigmoid")).model, "dense2.weight",
                              [](size_t, float x) { return 1000 * x; });
  const auto results = check(model, table);
  const auto saturated = findings(results, "saturation");
  ASSERT_EQ(saturated.size(), 1u);
  EXPECT_EQ(saturated[0].where, "dense2");
}

TEST(Check, ExplodingAndVanishingGradients) {
  const Table table = table_of();
  const Model trained = train(table, run("elu")).model;
  for (const float factor : {1e-7f, 1e7f}) {
    const Model model =
        changed(trained, "output.weight", [&](size_t, float x) { return factor * x; });
    const auto found = findings(check(model, table), "gradient_flow");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].what.find(factor < 1 ? "vanish" : "explode"), std::string::npos);
  }
}

TEST(Check, WeightsThatAreNotFinite) {
  const Table table = table_of();
  const Model model = changed(train(table, run("relu")).model, "dense2.weight",
                              [](size_t i, float x) { return i == 3 ? NAN : x; });
  const auto found = findings(check(model), "weights");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].severity, Severity::error);
  EXPECT_EQ(found[0].where, "dense2.weight");
}

TEST(Check, ColumnsThatNothingDependsOn) {
  const Table table = table_of();
  const Model model = changed(train(table, run("relu")).model, "dense1.weight",
                              [](size_t i, float x) { return i % 2 == 1 ? 0.0f : x; });
  const auto found = findings(check(model, table), "unused_columns");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].where, "b");
}

TEST(Check, ColumnsThatGiveTheAnswerAway) {
  std::vector<Column> columns = table_of().columns();
  std::vector<double> leak;
  for (const double y : columns[2].numbers) leak.push_back(5 - 2 * y);
  columns.push_back(number_column("leak", leak));
  const Table table(columns);
  const auto found = findings(check(train(table, run("relu")).model, table), "leakage");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].where, "leak");
  EXPECT_NE(found[0].advice.find("--ignore-column leak"), std::string::npos);
}

TEST(Check, RowsOfTheTestPartThatAreTrainedOn) {
  std::vector<Column> columns = table_of().columns();
  for (Column& column : columns)
    column.numbers.insert(column.numbers.end(), column.numbers.begin(),
                          column.numbers.begin() + 200);
  const Table table(columns);
  RunOptions options = run("relu");
  options.data.test_split = 0.2;
  const TrainResult result = train(table, options);
  const auto found = findings(check(result.model, table, {}, &result.resolved), "duplicates");
  ASSERT_EQ(found.size(), 3u);  // validation and test with training, test with validation
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_NE(found[0].what.find("validation rows"), std::string::npos) << found[0].what;
  EXPECT_EQ(findings(check(result.model, table), "duplicates").size(), 1u);
}

TEST(Check, AnswersThatLookWrong) {
  std::vector<Column> columns = table_of().columns();
  std::vector<int32_t> codes;
  for (int64_t i = 0; i < kRows; ++i) codes.push_back(columns[0].numbers[i] > 0 ? 1 : 0);
  int64_t clear = 0;  // a row far from the border, whose label is exchanged
  for (int64_t i = 0; i < kRows; ++i)
    if (columns[0].numbers[i] > columns[0].numbers[clear]) clear = i;
  codes[clear] = 0;
  columns[2] = category_column("y", codes, {"no", "yes"});
  const Table table(columns);
  RunOptions options = run("relu");
  options.training.epochs = 40;
  const auto found = findings(check(train(table, options).model, table), "labels");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].severity, Severity::note);
  EXPECT_NE(found[0].what.find(table.location(clear) + " is \"no\", rather \"yes\""),
            std::string::npos)
      << found[0].what;
}

}  // namespace

}  // namespace sinapse
