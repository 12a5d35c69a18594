#include <numeric>

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/partial_dependence.h>
#include <sinapse/train.h>

#include "explain/tables.h"

namespace sinapse {

namespace {

constexpr int64_t kRows = 150;

Table table_of(bool classes) {
  std::vector<double> a = normal_numbers(kRows, 1), day, y;
  std::vector<int32_t> few, codes;
  for (int i = 0; i < kRows; ++i) {
    if (i % 9 == 0) a[i] = std::nan("");
    few.push_back(i % 7 == 0 ? -1 : i % 3);
    day.push_back(86400.0 * (15000 + 13 * i));
    y.push_back((few.back() == 1 ? 2 : 0) + (std::isnan(a[i]) ? 1 : a[i]));
    codes.push_back(y.back() < 0 ? 0 : y.back() < 1.5 ? 1 : 2);
  }
  Column date = number_column("day", day);
  date.kind = ColumnKind::date;
  date.date_format = "%Y-%m-%d";
  return Table(
      {number_column("a", a), category_column("few", few, {"x", "y", "z"}), date,
       classes ? category_column("y", codes, {"high", "low", "middle"}) : number_column("y", y)});
}

RunOptions run() {
  RunOptions options;
  options.data.target = "y";
  options.network.hidden = {8};
  options.features.interactions = {{"a", "few"}};
  options.training = {.epochs = 5, .threads = 1};
  return options;
}

double mean_of(const std::vector<float>& values, size_t column, size_t width) {
  double sum = 0;
  for (size_t i = column; i < values.size(); i += width) sum += double{values[i]};
  return sum / (static_cast<double>(values.size()) / static_cast<double>(width));
}

// The same as predicting a table in which all cells of the column are replaced.
TEST(PartialDependence, IsTheMeanPredictionOfAChangedTable) {
  const Table table = table_of(false);
  const Model model = train(table, run()).model;
  for (const size_t place : {0, 1, 2}) {
    const PartialDependence along = partial_dependence(model, table, table.columns()[place].name);
    ASSERT_GE(along.texts.size(), 3u);
    EXPECT_EQ(along.rows, kRows);
    EXPECT_EQ(along.outputs, std::vector<std::string>{"y"});
    for (const size_t i : {size_t{0}, along.texts.size() - 1}) {
      std::vector<Column> columns = table.columns();
      if (along.numbers.empty()) {
        const bool missing = along.texts[i] == "missing";
        columns[place].codes.assign(kRows, missing ? -1 : static_cast<int32_t>(i));
      } else {
        columns[place].numbers.assign(kRows, along.numbers[i]);
      }
      const std::vector<float> values = model.predict(Table(columns)).values;
      EXPECT_NEAR(along.mean[i], mean_of(values, 0, 1), 1e-5) << along.column << along.texts[i];
      EXPECT_LE(along.low[i], along.mean[i]);
      EXPECT_GE(along.high[i], along.mean[i]);
    }
  }
}

TEST(PartialDependence, OfClassesIsTheirProbabilities) {
  const Table table = table_of(true);
  const Model model = train(table, run()).model;
  const PartialDependence along = partial_dependence(model, table, "few");
  EXPECT_EQ(along.texts, (std::vector<std::string>{"x", "y", "z", "missing"}));
  ASSERT_EQ(along.outputs, (std::vector<std::string>{"high", "low", "middle"}));
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(std::accumulate(along.mean.begin() + 3 * i, along.mean.begin() + 3 * i + 3, 0.0), 1,
                1e-6);
  }
  std::vector<Column> columns = table.columns();
  columns[1].codes.assign(kRows, 2);
  const std::vector<float> probabilities = model.predict(Table(columns)).probabilities;
  for (size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(along.mean[3 * 2 + c], mean_of(probabilities, c, 3), 1e-5);
}

TEST(PartialDependence, TakesValuesThatOccur) {
  const Table table = table_of(false);
  const Model model = train(table, run()).model;
  const PartialDependence along = partial_dependence(model, table, "a", {.points = 7});
  ASSERT_EQ(along.numbers.size(), 7u);
  const std::vector<double>& cells = table.columns()[0].numbers;
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_NE(std::find(cells.begin(), cells.end(), along.numbers[i]), cells.end());
    EXPECT_TRUE(i == 0 || along.numbers[i] > along.numbers[i - 1]) << i;
  }
  EXPECT_EQ(partial_dependence(model, table, "day").texts[0].size(), 10u);
}

TEST(PartialDependence, RejectsWhatThereIsNot) {
  const Table table = table_of(false);
  const Model model = train(table, run()).model;
  EXPECT_THROW(partial_dependence(model, table, "y"), Error);
  EXPECT_THROW(partial_dependence(model, table, "feew"), Error);
  EXPECT_THROW(partial_dependence(model, table, "a", {.points = 1}), Error);
}

}  // namespace

}  // namespace sinapse
