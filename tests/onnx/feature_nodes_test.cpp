// ONNX Runtime computes from raw cells what Features::encode computes.
#include "onnx/feature_nodes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/columns.h"
#include "features/scaling.h"
#include "onnx/graph_values.h"
#include "onnx/node_models.h"

namespace sinapse {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

struct FeatureModel {
  std::string bytes;
  Names outputs;
  int num_nodes;
};

FeatureModel model_of(const Features& features) {
  onnx::ModelProto model = empty_model();
  onnx::GraphProto& graph = *model.mutable_graph();
  const Names outputs = append_feature_nodes(graph, features);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const bool dense = i == 0 && features.width() > 0;
    describe_value(*graph.add_output(), outputs[i], onnx::TensorProto::FLOAT,
                   {dense ? features.width() : 1});
  }
  return {checked(model), outputs, graph.node_size()};
}

json cells_of(const Column& column, bool as_text) {
  json data = json::array();
  for (int64_t row = 0; row < column.num_rows(); ++row) {
    if (column.numbers.empty())
      data.push_back(column.codes[row] < 0 ? "" : column.categories[column.codes[row]]);
    else if (as_text)
      data.push_back(std::isnan(column.numbers[row])
                         ? ""
                         : format_day(static_cast<int64_t>(column.numbers[row] / kSecondsPerDay),
                                      column.date_format, row % 2 == 0));
    else
      data.push_back(json_number(column.numbers[row]));
  }
  return {{"data", data}, {"shape", {column.num_rows(), 1}}};
}

// The tokens of each text, rows filled up with empty ones.
json tokens_of(const TextFeature& feature, const Column& column) {
  size_t longest = 1;
  for (const std::string& text : column.categories)
    longest = std::max(longest, feature.tokens_of(text).size());
  json data = json::array();
  for (const int32_t code : column.codes) {
    Names tokens = code < 0 ? Names() : feature.tokens_of(column.categories[code]);
    tokens.resize(longest);
    for (const std::string& token : tokens) data.push_back(token);
  }
  return {{"data", data}, {"shape", {column.num_rows(), longest}}};
}

json inputs_of(const Features& features, const Table& table) {
  json inputs;
  for (const auto& [name, kind] : features.kinds()) {
    const auto text = std::find_if(features.texts().begin(), features.texts().end(),
                                   [&](const TextFeature& f) { return f.column == name; });
    if (text != features.texts().end()) {
      inputs[name] = tokens_of(*text, table.column(name));
      continue;
    }
    bool date_only = false;
    for (const DateFeature& date : features.dates())
      date_only |= date.column == name && !date.has_time;
    inputs[name] = cells_of(table.column(name), date_only);
  }
  return inputs;
}

void expect_agreement(const Features& features, const Table& table) {
  REQUIRE_ONNX_RUNTIME();
  const FeatureModel model = model_of(features);
  const json outputs = run_in_onnx_runtime({{model.bytes, inputs_of(features, table)}})[0];
  const Features::Encoded encoded = features.encode(table);
  size_t next = 0;
  if (features.width() > 0) expect_near(outputs.at(model.outputs[next++]), encoded.dense);
  for (const std::vector<float>& indices : encoded.indices)
    expect_near(outputs.at(model.outputs[next++]), indices);
}

constexpr int kRows = 120;

std::vector<double> numbers(double offset, double step, int missing_every = 0) {
  std::vector<double> values(kRows);
  for (int i = 0; i < kRows; ++i) {
    values[i] = offset + step * (i * i % 31);
    if (missing_every > 0 && i % missing_every == 0) values[i] = kMissing;
  }
  return values;
}

std::vector<double> days(double first, double step) {
  std::vector<double> values(kRows);
  for (int i = 0; i < kRows; ++i) values[i] = (first + step * i) * kSecondsPerDay;
  return values;
}

Names texts(const Names& choices) {
  Names cells;
  for (int i = 0; i < kRows; ++i) cells.push_back(choices[i % choices.size()]);
  return cells;
}

Names shops() {
  Names choices;
  for (int i = 0; i < 40; ++i) choices.push_back(fmt::format("shop {}", i));
  return choices;
}

Table mixed() {
  std::vector<double> constant(kRows, 3);
  constant[5] = kMissing;
  std::vector<double> bought = days(-3000, 77), changed = days(15000, 0.37);
  bought[3] = changed[7] = kMissing;
  return Table({
      number_column("age", numbers(20, 1.5)),
      number_column("income", numbers(-1e5, 12345.678, 7)),
      number_column("only sometimes there", constant),
      number_column("timestamp", numbers(1.7e9, 0.25, 11)),
      number_column("huge", numbers(1e100, 3e100)),
      text_column("city", texts({"São Paulo", "Ávila", "", "O\"Hara, Inc."})),
      text_column("member", texts({"yes", "no"}), ColumnKind::boolean),
      text_column("shop", texts(shops())),
      date_column("bought", bought, "%d/%m/%Y"),
      date_column("born", days(-9000, 91), "%Y-%m-%d"),
      date_column("changed", changed, "%Y-%m-%d %H:%M:%S"),
  });
}

TEST(FeatureNodes, AgreeOnEveryKindOfColumn) {
  const Table table = mixed();
  const Features features = Features::fit(table, all_rows(kRows), {});
  ASSERT_EQ(features.embedded().size(), 1u);
  ASSERT_EQ(features.kinds().size(), 11u);
  expect_agreement(features, table);
}

TEST(FeatureNodes, AgreeOnCellsNeverSeenInTraining) {
  const Features features = Features::fit(mixed(), all_rows(kRows), {});
  const Table strange({
      number_column("age", {kMissing, HUGE_VAL, -1e38, 1e300}),
      number_column("income", {kMissing, -HUGE_VAL, 0, 1e300}),
      number_column("only sometimes there", {3, 4, kMissing, HUGE_VAL}),
      number_column("timestamp", {0, kMissing, 1.7e9 + 0.125, HUGE_VAL}),
      number_column("huge", {1e308, -1e308, 0, kMissing}),
      text_column("city", {"", "Oslo", "são paulo", "Ávila"}),
      text_column("member", {"", "YES", "yes", "maybe"}),
      text_column("shop", {"shop 39", "shop 40", "", "shop 0"}),
      date_column("bought", {-40000.0 * kSecondsPerDay, kMissing, 0, 30000.0 * kSecondsPerDay},
                  "%d/%m/%Y"),
      date_column("born", {11016.0 * kSecondsPerDay, kMissing, 400.0 * kSecondsPerDay, 0}),
      date_column("changed", {-5e10, kMissing, 86399.5, 1e15}, "%Y-%m-%d %H:%M:%S"),
  });
  expect_agreement(features, strange);
}

TEST(FeatureNodes, AgreeOnOneColumnOfAKind) {
  const Table all = mixed();
  for (const Column& column : all.columns()) {
    const Table table({column});
    expect_agreement(Features::fit(table, all_rows(kRows), {}), table);
  }
}

TEST(FeatureNodes, StayFewWithManyColumns) {
  std::vector<Column> columns;
  for (int i = 0; i < 300; ++i)
    columns.push_back(number_column(fmt::format("x{}", i), numbers(i, 1 + i, i % 3 == 0 ? 5 : 0)));
  const Table table(columns);
  const Features features = Features::fit(table, all_rows(kRows), {});
  EXPECT_LT(model_of(features).num_nodes, 15);
  expect_agreement(features, table);
}

TEST(FeatureNodes, KeepApartColumnsNamedLikeTheGraphsOwnValues) {
  const Table table({number_column("features/numbers/Mul", numbers(0, 1)),
                     number_column("constant 0", numbers(1, 2)),
                     text_column("features/one_hot/Equal", texts({"a", "b"}))});
  expect_agreement(Features::fit(table, all_rows(kRows), {}), table);
}

Features fit_declared(const Table& table, const FeatureDeclarations& declarations) {
  return Features::fit(table, all_rows(table.num_rows()), {.declarations = declarations});
}

// Each scaling of each of several columns, all in one table: starting ONNX Runtime takes longest.
struct ScaledColumns {
  std::vector<Column> columns, strange;
  FeatureDeclarations declarations;

  void add(const std::string& scale, const std::vector<double>& values,
           const std::vector<double>& strange_values) {
    const std::string name = fmt::format("{} of {}", scale, columns.size());
    columns.push_back(number_column(name, values));
    strange.push_back(number_column(name, strange_values));
    declarations.columns[name].scale = scale;
  }
};

TEST(FeatureNodes, AgreeOnEveryScaling) {
  std::vector<std::string> scales = {"robust(clip=0)", "min_max(low=-1)", "quantile(quantiles=2)"};
  for (const ScalingDefinition& scaling : scalings()) scales.emplace_back(scaling.name);
  std::vector<double> constant(kRows, 3);
  constant[5] = kMissing;
  ScaledColumns all;
  for (const std::string& scale : scales) {
    all.add(scale, numbers(20, 1.5), {kMissing, HUGE_VAL, -1e38, 1e300, 20.1, -3});
    all.add(scale, numbers(-1e5, 12345.678, 7), {kMissing, -HUGE_VAL, 0, 1e300, 1e30, 777});
    all.add(scale, constant, {3, 4, kMissing, HUGE_VAL, 1, 2});
    if (scale != "log")  // its differences are at the end of a double's digits
      all.add(scale, numbers(1.7e9, 0.25, 11), {0, kMissing, 1.7e9 + 0.125, HUGE_VAL, -1, 1e18});
    if (scale != "none")
      all.add(scale, numbers(1e100, 3e100), {1e308, -1e308, 0, kMissing, 5e100, 1});
  }
  const Table table(all.columns);
  const Features features = fit_declared(table, all.declarations);
  ASSERT_EQ(features.kinds().size(), all.columns.size());
  expect_agreement(features, table);
  expect_agreement(features, Table(all.strange));
}

TEST(FeatureNodes, AgreeOnDeclaredCategories) {
  const Table table({text_column("grade", texts({"low", "mid", "", "high"})),
                     text_column("size", texts({"S", "M", "L"})),
                     text_column("city", texts({"A", "B", "", "C", "D"})),
                     text_column("shop", texts(shops())), text_column("street", texts(shops()))});
  const Features features = fit_declared(
      table, {.columns = {{"grade", {.ordered = {"low", "mid", "high"}}},
                          {"size", {.scale = "quantile", .ordered = {"S", "M", "L", "XL"}}},
                          {"city", {.embedding = 4}},
                          {"shop", {.hash = 7}},
                          {"street", {.hash = 5, .embedding = 2}}}});
  ASSERT_EQ(features.embedded().size(), 2u);
  expect_agreement(features, table);
  const Table strange({text_column("grade", {"", "hih", "low"}),
                       text_column("size", {"XL", "", "s"}), text_column("city", {"", "Z", "A"}),
                       text_column("shop", {"", "x", "shop 3"}),
                       text_column("street", {"", "x", "shop 3"})});
  expect_agreement(features, strange);
}

TEST(FeatureNodes, AgreeOnDeclaredPartsOfDates) {
  const Table table({date_column("day", days(15000, 3)),
                     date_column("moment", days(15000, 0.37), "%Y-%m-%d %H:%M:%S"),
                     date_column("other", days(100, 11.21), "%Y-%m-%d %H:%M:%S")});
  const Names all = {"elapsed", "year",        "month",       "day_of_month",
                     "weekday", "day_of_year", "time_of_day", "hour"};
  const Features features =
      fit_declared(table, {.columns = {{"day", {.parts = {"month", "weekday"}, .cyclic = false}},
                                       {"moment", {.parts = all}},
                                       {"other", {.parts = all, .cyclic = false}}}});
  expect_agreement(features, table);
}

TEST(FeatureNodes, AgreeOnTexts) {
  const Names notes =
      texts({"The quick brown fox", "the dog, the DOG", "", "São Paulo 42", "fox the"});
  std::vector<Column> columns, strange;
  FeatureDeclarations declarations;
  for (const char* weights : {"tf_idf", "count", "binary"})
    for (const char* tokens : {"words", "characters"})
      for (const std::vector<int64_t>& ngrams : {std::vector<int64_t>{1}, {1, 2}, {2, 3}, {3}}) {
        const std::string name = fmt::format("note {}", columns.size());
        columns.push_back(text_column(name, notes));
        strange.push_back(text_column(name, {"nothing", "the fox the fox", "", "the"}));
        declarations.columns[name] = {
            .type = "text", .tokens = tokens, .ngrams = ngrams, .weights = weights};
      }
  const Table table(columns);
  const Features features = fit_declared(table, declarations);
  ASSERT_EQ(features.texts().size(), columns.size());
  expect_agreement(features, table);
  expect_agreement(features, Table(strange));
}

TEST(FeatureNodes, AgreeOnInteractions) {
  const Table table = mixed();
  const Features features = fit_declared(table, {.columns = {{"shop", {.hash = 3}}},
                                                 .interactions = {{"age", "income"},
                                                                  {"age", "city"},
                                                                  {"city", "member"},
                                                                  {"shop", "born"},
                                                                  {"age", "age"}}});
  expect_agreement(features, table);
}

}  // namespace
}  // namespace sinapse
