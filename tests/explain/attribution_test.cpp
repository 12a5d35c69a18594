#include <gtest/gtest.h>

#include <sinapse/attribution.h>
#include <sinapse/error.h>
#include <sinapse/train.h>

#include "explain/integrated_gradients.h"
#include "explain/tables.h"
#include "network/trained_network.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 120;

Table numbers_table() {
  const std::vector<double> a = normal_numbers(kRows, 1), b = normal_numbers(kRows, 2);
  std::vector<double> y;
  for (int64_t i = 0; i < kRows; ++i) y.push_back(100 + 3 * a[i] - 2 * a[i] * b[i]);
  return Table({number_column("a", a), number_column("b", b), number_column("y", y)});
}

// Columns of every kind, with missing cells, more categories than are one-hot, and a product.
Table mixed_table() {
  std::vector<double> a = normal_numbers(kRows, 1), day, y;
  std::vector<int32_t> few, many;
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("name" + std::to_string(100 + i));
  for (int i = 0; i < kRows; ++i) {
    if (i % 9 == 0) a[i] = std::nan("");
    few.push_back(i % 7 == 0 ? -1 : i % 3);
    many.push_back((i * 7) % 40);
    day.push_back(86400.0 * (15000 + 13 * i));
    y.push_back((few.back() == 1 ? 2 : 0) + (std::isnan(a[i]) ? 1 : a[i]) + 0.1 * many.back());
  }
  Column date = number_column("day", day);
  date.kind = ColumnKind::date;
  date.date_format = "%Y-%m-%d";
  return Table({number_column("a", a), category_column("few", few, {"x", "y", "z"}),
                category_column("many", many, names), date, number_column("y", y)});
}

RunOptions run_for(const std::string& target, std::vector<int64_t> hidden) {
  RunOptions options;
  options.data.target = target;
  options.network.hidden = std::move(hidden);
  options.training = {.epochs = 8, .threads = 1};
  return options;
}

RunOptions linear_run() {
  RunOptions options = run_for("y", {});
  options.network.layers = {
      {.type = "dense", .fields = {{"units", int64_t{3}}, {"use_bias", false}}}};
  return options;
}

double sum_of(const RowExplanation& explanation) {
  double sum = 0;
  for (const Contribution& one : explanation.contributions) sum += one.amount;
  return sum;
}

double amount_of(const RowExplanation& explanation, const std::string& column) {
  for (const Contribution& one : explanation.contributions)
    if (one.column == column) return one.amount;
  throw std::out_of_range(column);
}

TEST(Attribution, OfALinearModelIsWeightTimesValue) {
  const Table table = numbers_table();
  const Model model = train(table, linear_run()).model;
  const TrainedNetwork& trained = model.trained();
  const std::vector<float>& first = trained.weights.at("dense1.weight");  // [3, 2]
  const std::vector<float>& last = trained.weights.at("output.weight");   // [1, 3]
  const Features::Encoded encoded = trained.features->encode(table);
  for (const int64_t row : {0, 5, 77}) {
    const RowExplanation why = explain_row(model, table, row, {.baseline = "zero"});
    for (const int input : {0, 1}) {
      double weight = 0;
      for (int unit = 0; unit < 3; ++unit)
        weight += double{last[unit]} * double{first[2 * unit + input]};
      const double expected =
          weight * double{encoded.dense[2 * row + input]} * double{trained.target.deviation()};
      EXPECT_NEAR(amount_of(why, input == 0 ? "a" : "b"), expected, 1e-9);
    }
  }
}

TEST(Attribution, SumsToTheDifferenceOfTheOutputs) {
  const Table table = mixed_table();
  RunOptions options = run_for("y", {32, 16});
  options.features.interactions = {{"a", "few"}};
  for (const char* activation : {"relu", "tanh", "gelu", "hard_sigmoid"}) {
    options.network.activation = activation;
    const Model model = train(table, options).model;
    ASSERT_EQ(model.trained().features->embedded().size(), 1u);
    const Predictions predictions = model.predict(table);
    for (const char* baseline : {"mean", "zero"}) {
      const auto all = explain_rows(model, table, {0, 1, 50, 119}, {.baseline = baseline});
      for (const RowExplanation& why : all) {
        EXPECT_NEAR(sum_of(why), why.value - why.baseline, 1e-5) << activation << " " << baseline;
        EXPECT_NEAR(why.gap, why.value - why.baseline - sum_of(why), 1e-9);
        EXPECT_NEAR(why.value, predictions.values[why.row], 1e-4);
        EXPECT_EQ(why.contributions.size(), 4u);
        EXPECT_EQ(why.unit, "y");
      }
    }
  }
}

TEST(Attribution, NamesTheCells) {
  const Table table = mixed_table();
  const Model model = train(table, run_for("y", {8})).model;
  std::map<std::string, std::string> cells;
  for (const Contribution& one : explain_row(model, table, 0).contributions)
    cells[one.column] = one.value;
  EXPECT_EQ(cells["a"], "missing");
  EXPECT_EQ(cells["few"], "missing");
  EXPECT_EQ(cells["many"], "name100");
  EXPECT_EQ(cells["day"], "2011-01-26");
}

TEST(Attribution, AColumnWithoutWeightAddsNothing) {
  const Table table = numbers_table();
  TrainedNetwork trained = train(table, run_for("y", {8})).model.trained();
  std::vector<float>& weights = trained.weights.at("dense1.weight");
  for (size_t i = 1; i < weights.size(); i += 2) weights[i] = 0;
  const Model model(std::make_shared<const TrainedNetwork>(trained));
  EXPECT_EQ(amount_of(explain_row(model, table, 3), "b"), 0);
  EXPECT_NE(amount_of(explain_row(model, table, 3), "a"), 0);
}

TEST(Attribution, TheFirstOfTwoClassesIsTheOppositeOfTheSecond) {
  std::vector<Column> columns = numbers_table().columns();
  std::vector<int32_t> codes;
  for (int64_t i = 0; i < kRows; ++i) codes.push_back(columns[0].numbers[i] > 0 ? 1 : 0);
  columns[2] = category_column("y", codes, {"no", "yes"});
  const Table table(columns);
  const Model model = train(table, run_for("y", {8})).model;
  const RowExplanation yes = explain_row(model, table, 4, {.output = "yes"});
  const RowExplanation no = explain_row(model, table, 4, {.output = "no"});
  EXPECT_EQ(yes.unit, "log odds");
  EXPECT_EQ(no.output, "no");
  EXPECT_EQ(amount_of(yes, "a"), -amount_of(no, "a"));
  EXPECT_NEAR(1 / (1 + std::exp(-yes.value)), model.predict(table).probabilities[2 * 4 + 1], 1e-5);
  EXPECT_THROW(explain_row(model, table, 4, {.output = "maybe"}), Error);
}

TEST(Attribution, RejectsWhatThereIsNot) {
  const Table table = numbers_table();
  const Model model = train(table, run_for("y", {8})).model;
  EXPECT_THROW(explain_row(model, table, kRows), Error);
  EXPECT_THROW(explain_row(model, table, -1), Error);
  EXPECT_THROW(explain_row(model, table, 0, {.baseline = "median"}), Error);
  EXPECT_THROW(explain_row(model, table, 0, {.target = "z"}), Error);
}

// Both precisions, and the slope of the outputs along each input.
TEST(InputGradient, MatchesFiniteDifferences) {
  const Table table = mixed_table();
  const Model model = train(table, run_for("y", {16})).model;
  const TrainedNetwork& trained = model.trained();
  const InputGradient exact(trained, Precision::twofold, 7), quick(trained, Precision::single, 7);
  Team team(2);
  const std::vector<double> points = exact.points(encode_inputs(trained, table));
  const InputGradient::Values one = exact.evaluate(points, 0, team);
  const InputGradient::Values other = quick.evaluate(points, 0, team);
  ASSERT_EQ(one.gradients.size(), points.size());
  for (size_t i = 0; i < one.gradients.size(); ++i)
    EXPECT_NEAR(one.gradients[i], other.gradients[i], 1e-5);
  const double step = 1e-6;
  for (int64_t input = 0; input < exact.width(); ++input) {
    std::vector<double> up(points.begin(), points.begin() + exact.width()), down = up;
    up[input] += step;
    down[input] -= step;
    EXPECT_NEAR(
        (exact.evaluate(up, 0, team).outputs[0] - exact.evaluate(down, 0, team).outputs[0]) /
            (2 * step),
        one.gradients[input], 1e-6);
  }
}

}  // namespace

}  // namespace sinapse
