// Metrics against scikit-learn's numbers (tests/golden/make_metrics.py), the awkward cases
// included.
#include <cmath>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "data/expect_error.h"
#include "data/philox.h"
#include "paths.h"
#include "train/bootstrap.h"
#include "train/metric_table.h"

namespace sinapse {

namespace {

using nlohmann::json;

json golden(const char* kind) {
  std::ifstream file(source_path("tests/golden/metrics.json"));
  return json::parse(file).at(kind);
}

int32_t largest(std::span<const double> row) {
  return static_cast<int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

ClassOutcomes class_outcomes_of(const json& c) {
  ClassOutcomes outcomes{.truth = c["targets"].get<std::vector<int32_t>>()};
  for (const json& p : c["probabilities"]) {
    const auto row = p.is_array() ? p.get<std::vector<double>>()
                                  : std::vector<double>{1 - p.get<double>(), p.get<double>()};
    outcomes.num_classes = static_cast<int>(row.size());
    outcomes.predicted.push_back(largest(row));
    for (const double one : row) outcomes.probabilities.push_back(one);
  }
  return outcomes;
}

std::vector<double> weights_of(const json& c) {
  return c["weights"].is_null() ? std::vector<double>() : c["weights"].get<std::vector<double>>();
}

NumberOutcomes number_outcomes_of(const json& c) {
  return {c["targets"].get<std::vector<double>>(), c["predictions"].get<std::vector<double>>()};
}

// A null in the golden file, or no value, is a metric that is not defined: NaN here.
template <class Outcomes>
void expect_metrics(const json& c, const Outcomes& outcomes) {
  size_t compared = 0;
  for (const Metric& metric : metric_table()) {
    if (!applies(metric, outcomes)) continue;
    const std::string name(metric.definition.name);
    const double actual = value_of(metric, outcomes, weights_of(c));
    const json expected = c["metrics"].contains(name) ? c["metrics"][name] : json();
    compared += c["metrics"].contains(name);
    if (expected.is_null()) {
      EXPECT_TRUE(std::isnan(actual)) << c["name"] << ": " << name << " is " << actual;
    } else {
      const double scale = std::max(1.0, std::abs(expected.get<double>()));
      EXPECT_NEAR(actual, expected.get<double>(), 1e-12 * scale) << c["name"] << ": " << name;
    }
  }
  EXPECT_EQ(compared, c["metrics"].size()) << c["name"] << " has metrics that the table lacks";
}

void expect_class_report(const json& c, const ClassOutcomes& outcomes) {
  const ClassCounts counts = count_classes(outcomes, weights_of(c));
  for (size_t k = 0; k < counts.hits.size(); ++k) {
    const json& expected = c["per_class"][k];
    EXPECT_NEAR(counts.precision(k), expected[0].get<double>(), 1e-12) << c["name"] << k;
    EXPECT_NEAR(counts.recall(k), expected[1].get<double>(), 1e-12) << c["name"] << k;
    EXPECT_NEAR(counts.f1(k), expected[2].get<double>(), 1e-12) << c["name"] << k;
    EXPECT_NEAR(counts.in_truth[k], expected[3].get<double>(), 1e-12) << c["name"] << k;
  }
}

TEST(Metrics, OfClassesEqualScikitLearn) {
  for (const char* kind : {"binary", "classes"}) {
    const json cases = golden(kind);
    ASSERT_FALSE(cases.empty());
    for (const json& c : cases) {
      const ClassOutcomes outcomes = class_outcomes_of(c);
      expect_metrics(c, outcomes);
      expect_class_report(c, outcomes);
    }
  }
}

TEST(Metrics, OfNumbersEqualScikitLearn) {
  const json cases = golden("regression");
  ASSERT_FALSE(cases.empty());
  for (const json& c : cases) expect_metrics(c, number_outcomes_of(c));
}

LabelOutcomes label_outcomes_of(const json& c) {
  const size_t width = c["targets"][0].size(), rows = c["targets"].size();
  LabelOutcomes labels{.targets = std::vector<ClassOutcomes>(width, {.num_classes = 2}),
                       .rows = std::vector<LongList<int64_t>>(width),
                       .all_rows = rows};
  for (size_t i = 0; i < rows * width; ++i) {
    const size_t row = i / width, label = i % width;
    const double p = c["probabilities"][row][label];
    labels.targets[label].truth.push_back(c["targets"][row][label]);
    labels.targets[label].predicted.push_back(p > 0.5 ? 1 : 0);
    for (const double one : {1 - p, p}) labels.targets[label].probabilities.push_back(one);
    labels.rows[label].push_back(static_cast<int64_t>(row));
  }
  return labels;
}

SeveralOutcomes<NumberOutcomes> several_numbers_of(const json& c) {
  const size_t width = c["targets"][0].size(), rows = c["targets"].size();
  SeveralOutcomes<NumberOutcomes> numbers{.targets = std::vector<NumberOutcomes>(width),
                                          .rows = std::vector<LongList<int64_t>>(width),
                                          .all_rows = rows};
  for (size_t i = 0; i < rows * width; ++i) {
    const size_t row = i / width, k = i % width;
    numbers.targets[k].truth.push_back(c["targets"][row][k]);
    numbers.targets[k].predicted.push_back(c["predictions"][row][k]);
    numbers.rows[k].push_back(static_cast<int64_t>(row));
  }
  return numbers;
}

// Those metrics that the golden file has.
template <class Outcomes>
void expect_some_metrics(const json& c, const Outcomes& outcomes) {
  size_t compared = 0;
  for (const Metric& metric : metric_table()) {
    const std::string name(metric.definition.name);
    if (!applies(metric, outcomes) || !c["metrics"].contains(name)) continue;
    ++compared;
    EXPECT_NEAR(value_of(metric, outcomes, weights_of(c)), c["metrics"][name].get<double>(), 1e-12)
        << c["name"] << ": " << name;
  }
  EXPECT_EQ(compared, c["metrics"].size()) << c["name"];
}

TEST(Metrics, OfSeveralTargetsEqualScikitLearn) {
  const json labels = golden("labels"), numbers = golden("numbers");
  ASSERT_FALSE(labels.empty() || numbers.empty());
  for (const json& c : labels) expect_some_metrics(c, label_outcomes_of(c));
  for (const json& c : numbers) expect_some_metrics(c, several_numbers_of(c));
}

TEST(Metrics, LeaveOutTargetsThatAreNotKnown) {
  // The second target is known in the last row only.
  const SeveralOutcomes<NumberOutcomes> numbers{
      .targets = {{{1, 2, 3}, {1, 2, 6}}, {{5}, {4}}}, .rows = {{0, 1, 2}, {2}}, .all_rows = 3};
  for (const Metric& metric : metric_table()) {
    if (metric.definition.name != "mae") continue;
    EXPECT_DOUBLE_EQ(value_of(metric, numbers, {}), (1.0 + 1.0) / 2);
    EXPECT_DOUBLE_EQ(value_of(metric, numbers, std::vector<double>{1, 0, 2}), (2.0 + 1.0) / 2);
    EXPECT_DOUBLE_EQ(value_of(metric, numbers, std::vector<double>{1, 1, 0}), 0);
  }
}

// The rows, each as often as `times` says.
ClassOutcomes repeated(const ClassOutcomes& outcomes, const std::vector<double>& times) {
  ClassOutcomes all{.num_classes = outcomes.num_classes};
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    for (int i = 0; i < times[row]; ++i) {
      all.truth.push_back(outcomes.truth[row]);
      all.predicted.push_back(outcomes.predicted[row]);
      for (int c = 0; c < outcomes.num_classes; ++c)
        all.probabilities.push_back(outcomes.probability(row, c));
    }
  }
  return all;
}

NumberOutcomes repeated(const NumberOutcomes& outcomes, const std::vector<double>& times) {
  NumberOutcomes all;
  for (size_t row = 0; row < outcomes.num_rows(); ++row) {
    for (int i = 0; i < times[row]; ++i) {
      all.truth.push_back(outcomes.truth[row]);
      all.predicted.push_back(outcomes.predicted[row]);
    }
  }
  return all;
}

template <class Outcomes>
void expect_weights_repeat_rows(const Outcomes& outcomes) {
  std::vector<double> times(outcomes.num_rows());
  for (size_t row = 0; row < times.size(); ++row) times[row] = (row * 5 + 2) % 4;  // some are 0
  for (const Metric& metric : metric_table()) {
    if (!applies(metric, outcomes)) continue;
    const double weighted = value_of(metric, outcomes, times);
    const double expected = value_of(metric, repeated(outcomes, times), {});
    EXPECT_EQ(std::isnan(weighted), std::isnan(expected)) << metric.definition.name;
    if (std::isnan(expected)) continue;
    EXPECT_NEAR(weighted, expected, 1e-12) << metric.definition.name;
  }
}

TEST(Metrics, WeightsCountRowsSeveralTimes) {
  expect_weights_repeat_rows(class_outcomes_of(golden("binary")[1]));
  expect_weights_repeat_rows(class_outcomes_of(golden("classes")[0]));
  expect_weights_repeat_rows(number_outcomes_of(golden("regression")[0]));
}

// Rows of which so many are on disk, and the same in memory; their weights.
template <class Outcomes>
struct ManyRows {
  static constexpr size_t kRows = LongList<double>::kMostInMemory + 5000;
  Outcomes on_disk, in_memory;
  std::vector<double> weights;
};

ManyRows<ClassOutcomes> many_class_outcomes(int num_classes) {
  ManyRows<ClassOutcomes> many;
  many.in_memory.keep_in_memory();
  const RandomStream random(3, Purpose::layer, 0);
  for (size_t row = 0; row < many.kRows; ++row) {
    const auto truth = static_cast<int32_t>(random.bits(row) % num_classes);
    std::vector<double> p(num_classes, 1);
    p[truth] += random.bits(many.kRows + row) % 50 / 10.0;  // with ties
    p[row % num_classes] += 1.5;
    many.weights.push_back(static_cast<double>(row % 4));
    for (ClassOutcomes* outcomes : {&many.on_disk, &many.in_memory}) {
      outcomes->num_classes = num_classes;
      outcomes->truth.push_back(truth);
      outcomes->predicted.push_back(largest(p));
      for (const double x : p)
        outcomes->probabilities.push_back(x / std::accumulate(p.begin(), p.end(), 0.0));
      if (num_classes == 2) outcomes->logits.push_back(p[1] - p[0]);
    }
  }
  return many;
}

ManyRows<NumberOutcomes> many_number_outcomes() {
  ManyRows<NumberOutcomes> many;
  many.in_memory.keep_in_memory();
  const RandomStream random(4, Purpose::layer, 0);
  for (size_t row = 0; row < many.kRows; ++row) {
    const double truth = random.normal(row), error = random.normal(many.kRows + row);
    many.weights.push_back(static_cast<double>(row % 3));
    for (NumberOutcomes* outcomes : {&many.on_disk, &many.in_memory}) {
      outcomes->truth.push_back(truth);
      outcomes->predicted.push_back(truth + error);
    }
  }
  return many;
}

template <class Outcomes>
void expect_same_on_disk(const ManyRows<Outcomes>& many) {
  ASSERT_TRUE(many.in_memory.truth.is_in_memory());
  ASSERT_FALSE(many.on_disk.truth.is_in_memory());
  for (const Metric& metric : metric_table()) {
    if (!applies(metric, many.on_disk)) continue;
    for (const RowWeights weights : {RowWeights(), RowWeights(many.weights)}) {
      const double expected = value_of(metric, many.in_memory, weights);
      const double actual = value_of(metric, many.on_disk, weights);
      if (std::isnan(expected))
        EXPECT_TRUE(std::isnan(actual)) << metric.definition.name;
      else
        EXPECT_EQ(actual, expected) << metric.definition.name;
    }
  }
}

TEST(Metrics, OfRowsOnDiskAreThoseOfRowsInMemory) {
  expect_same_on_disk(many_class_outcomes(2));
  expect_same_on_disk(many_class_outcomes(3));
  expect_same_on_disk(many_number_outcomes());
}

TEST(Metrics, NearestNameIsSuggested) {
  EXPECT_EQ(metric_named("rmse").larger_is_better, false);
  EXPECT_NE(message_of(ErrorCode::usage, [] { metric_named("acuracy"); }).find("\"accuracy\""),
            std::string::npos);
}

Metrics values_of(const NumberOutcomes& outcomes) {
  Metrics values;
  for (const Metric& metric : metric_table()) {
    if (metric.of_numbers) {
      values[std::string(metric.definition.name)] = metric.of_numbers(outcomes, {});
    }
  }
  return values;
}

// Errors of a known distribution: normal with deviation 2.
NumberOutcomes normal_errors(size_t rows, uint64_t seed) {
  const RandomStream random(seed, Purpose::layer, 0);
  NumberOutcomes outcomes;
  for (size_t i = 0; i < rows; ++i) {
    const auto truth = static_cast<double>(i % 10);
    outcomes.truth.push_back(truth);
    outcomes.predicted.push_back(truth + 2 * random.normal(i));
  }
  return outcomes;
}

TEST(Bootstrap, DoesNotDependOnThreads) {
  const NumberOutcomes outcomes = normal_errors(50, 1);
  Team one(1), three(3);
  const auto a = bootstrap_intervals(outcomes, {}, values_of(outcomes), {.bootstrap = 64}, one);
  const auto b = bootstrap_intervals(outcomes, {}, values_of(outcomes), {.bootstrap = 64}, three);
  ASSERT_EQ(a.size(), values_of(outcomes).size());
  for (const auto& [name, interval] : a) {
    EXPECT_EQ(interval.low, b.at(name).low) << name;
    EXPECT_EQ(interval.high, b.at(name).high) << name;
  }
}

TEST(Bootstrap, IntervalsCoverTheTrueValueAboutAsOftenAsTheySay) {
  Team team(1);
  int covered = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const NumberOutcomes outcomes = normal_errors(100, seed);
    const Metrics rmse{{"rmse", root_mean_squared_error(outcomes, {})}};
    const Interval interval =
        bootstrap_intervals(outcomes, {}, rmse, {.bootstrap = 200, .confidence = 0.9}, team)
            .at("rmse");
    covered += interval.low <= 2 && 2 <= interval.high;
  }
  EXPECT_GT(covered, 165);  // of 200; the percentile interval of 100 rows is a little narrow
  EXPECT_LT(covered, 192);
}

TEST(Bootstrap, RejectsSenselessOptions) {
  Team team(1);
  for (const EvaluationOptions& options :
       {EvaluationOptions{.bootstrap = -1}, {.bootstrap = 10, .confidence = 1}}) {
    message_of(ErrorCode::usage,
               [&] { bootstrap_intervals(normal_errors(5, 1), {}, {}, options, team); });
  }
}

TEST(Bootstrap, QuantilesLieBetweenNeighbours) {
  const std::vector<double> sorted = {1, 2, 4};
  EXPECT_EQ(quantile(sorted, 0), 1);
  EXPECT_EQ(quantile(sorted, 0.75), 3);
  EXPECT_EQ(quantile(sorted, 1), 4);
}

}  // namespace

}  // namespace sinapse
