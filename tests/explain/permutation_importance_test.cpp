#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/permutation_importance.h>
#include <sinapse/train.h>

#include "explain/tables.h"
#include "network/trained_network.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 400;

// y = 3 a + b, missing cells in a; `unused` says nothing.
Table numbers_table() {
  std::vector<double> a = normal_numbers(kRows, 1), b = normal_numbers(kRows, 2), y;
  for (int64_t i = 0; i < kRows; ++i) {
    if (i % 10 == 0) a[i] = std::nan("");
    y.push_back(3 * (std::isnan(a[i]) ? 2 : a[i]) + b[i]);
  }
  return Table({number_column("a", a), number_column("b", b),
                number_column("unused", normal_numbers(kRows, 3)), number_column("y", y)});
}

RunOptions linear_run(const std::string& target) {
  RunOptions options;
  options.data.target = target;
  options.network.layers = {{.type = "dense", .fields = {{"units", int64_t{4}}}}};
  options.training.threads = 1;
  return options;
}

// The network without what stands at these places of the weights of its first layer.
Model without_inputs(const Model& model, const std::vector<int64_t>& inputs) {
  TrainedNetwork trained = model.trained();
  std::vector<float>& weights = trained.weights.at("dense1.weight");
  const int64_t width = trained.features->width();
  for (size_t i = 0; i < weights.size(); ++i)
    for (const int64_t input : inputs)
      if (static_cast<int64_t>(i) % width == input) weights[i] = 0;
  return Model(std::make_shared<const TrainedNetwork>(trained));
}

const ColumnImportance& of(const PermutationImportance& result, const std::string& name) {
  for (const ColumnImportance& column : result.columns)
    if (column.column == name) return column;
  throw std::out_of_range(name);
}

TEST(PermutationImportance, OrdersColumnsByWhatTheyTell) {
  const Table table = numbers_table();
  const Model model = train(table, linear_run("y")).model;
  const PermutationImportance result = permutation_importance(model, table);
  ASSERT_EQ(result.columns.size(), 3u);
  EXPECT_EQ(result.metric, "r2");
  EXPECT_EQ(result.rows, kRows);
  EXPECT_DOUBLE_EQ(result.score, model.evaluate(table).at("r2"));
  EXPECT_EQ(result.columns[0].column, "a");
  EXPECT_EQ(result.columns[1].column, "b");
  EXPECT_GT(result.columns[0].interval.low, result.columns[1].interval.high);
  EXPECT_GT(result.columns[1].interval.low, 0);
  // Shuffled, a column that carries the share s of the variance costs 2 s of R².
  EXPECT_NEAR(result.columns[1].importance, 2.0 / 10, 0.06);
}

TEST(PermutationImportance, AColumnWithoutWeightHasExactlyNone) {
  const Table table = numbers_table();
  const Model trained = train(table, linear_run("y")).model;
  const std::vector<std::string>& names = trained.trained().features->names();
  std::vector<int64_t> inputs;
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i].starts_with("unused")) inputs.push_back(static_cast<int64_t>(i));
  ASSERT_FALSE(inputs.empty());
  for (const char* metric : {"r2", "mae", "loss"}) {
    const PermutationImportance result =
        permutation_importance(without_inputs(trained, inputs), table, {.metric = metric});
    const ColumnImportance& unused = of(result, "unused");
    EXPECT_EQ(unused.importance, 0) << metric;
    EXPECT_EQ(unused.interval.low, 0) << metric;
    EXPECT_EQ(unused.interval.high, 0) << metric;
    EXPECT_GT(of(result, "a").importance, 0) << metric;
  }
}

// What a column is made into is shuffled together: the value with the mark that it is missing, all
// places of a category, and products with other columns.
TEST(PermutationImportance, ShufflesAllInputsOfAColumn) {
  const Table table = numbers_table();
  RunOptions options = linear_run("y");
  options.features.interactions = {{"a", "b"}};
  const Model model = train(table, options).model;
  const PermutationImportance result =
      permutation_importance(model, table, {.repeats = 2, .seed = 5});

  // The same with a table whose column is shuffled before it is encoded.
  const std::vector<int64_t> order = RandomStream(5, purpose_of("shuffle a"), 0).permutation(kRows);
  std::vector<Column> columns = table.columns();
  for (int64_t i = 0; i < kRows; ++i) columns[0].numbers[i] = table.columns()[0].numbers[order[i]];
  const double after = model.evaluate(Table(columns)).at("r2");
  EXPECT_NEAR(of(result, "a").repeats[0], result.score - after, 1e-12);
}

TEST(PermutationImportance, ShufflesCategoriesOneHotAndEmbedded) {
  std::vector<int32_t> few, many;
  std::vector<double> y;
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) names.push_back("name" + std::to_string(100 + i));
  for (int i = 0; i < kRows; ++i) {
    few.push_back(i % 3);
    many.push_back((i * 7) % 50);
    y.push_back(few.back() == 1 ? 5 : few.back() - 0.1 * many.back());
  }
  const Table table({category_column("few", few, {"x", "y", "z"}),
                     category_column("many", many, {names.begin(), names.begin() + 50}),
                     number_column("y", y)});
  const Model model = train(table, linear_run("y")).model;
  ASSERT_EQ(model.trained().features->embedded().size(), 1u);
  const PermutationImportance result = permutation_importance(model, table);
  EXPECT_GT(of(result, "few").importance, 0.01);
  EXPECT_GT(of(result, "many").importance, 0.01);
  for (const char* name : {"few", "many"}) {
    const size_t place = name == std::string("few") ? 0 : 1;
    const std::vector<int64_t> order =
        RandomStream(1, purpose_of(std::string("shuffle ") + name), 0).permutation(kRows);
    std::vector<Column> columns = table.columns();
    for (int64_t i = 0; i < kRows; ++i)
      columns[place].codes[i] = table.columns()[place].codes[order[i]];
    EXPECT_NEAR(of(result, name).repeats[0], result.score - model.evaluate(Table(columns)).at("r2"),
                1e-12);
  }
}

TEST(PermutationImportance, TheSameForAnyNumberOfThreads) {
  const Table table = numbers_table();
  const Model model = train(table, linear_run("y")).model;
  const PermutationImportance one = permutation_importance(model, table, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const PermutationImportance other = permutation_importance(model, table, {.threads = threads});
    for (size_t i = 0; i < one.columns.size(); ++i) {
      EXPECT_EQ(one.columns[i].column, other.columns[i].column);
      EXPECT_EQ(one.columns[i].repeats, other.columns[i].repeats);
      EXPECT_EQ(one.columns[i].interval.low, other.columns[i].interval.low);
    }
  }
}

TEST(PermutationImportance, AsksAboutTheRowsItIsGiven) {
  const Table table = numbers_table();
  const Model model = train(table, linear_run("y")).model;
  EXPECT_EQ(permutation_importance(model, table, {.rows = {7, 3, 9, 4}}).rows, 4);
  EXPECT_EQ(permutation_importance(model, table, {.max_rows = 50}).rows, 50);
}

TEST(PermutationImportance, RejectsWhatCannotBeMeasured) {
  const Table table = numbers_table();
  const Model model = train(table, linear_run("y")).model;
  EXPECT_THROW(permutation_importance(model, table, {.metric = "accuracy"}), Error);
  EXPECT_THROW(permutation_importance(model, table, {.metric = "rr2"}), Error);
  EXPECT_THROW(permutation_importance(model, table, {.repeats = 1}), Error);
  EXPECT_THROW(permutation_importance(model, table, {.confidence = 1}), Error);
  EXPECT_THROW(permutation_importance(model, table, {.rows = {5}}), Error);  // R² of one row
  std::vector<Column> columns = table.columns();
  columns[3].numbers.assign(kRows, std::nan(""));
  EXPECT_THROW(permutation_importance(model, Table(columns)), Error);
}

}  // namespace

}  // namespace sinapse
