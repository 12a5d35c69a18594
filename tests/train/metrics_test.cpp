// Metrics against scikit-learn's numbers (tests/golden/make_metrics.py), the awkward cases included.
#include "paths.h"
#include "train/metrics.h"

#include <cmath>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sinapse {

namespace {

using nlohmann::json;

json golden(const char* kind) {
  std::ifstream file(source_path("tests/golden/metrics.json"));
  return json::parse(file).at(kind);
}

// A null in the golden file is a metric that is not defined: NaN here.
void expect_metric(double actual, const json& expected, const std::string& what) {
  if (expected.is_null()) {
    EXPECT_TRUE(std::isnan(actual)) << what << " is " << actual;
  } else {
    EXPECT_NEAR(actual, expected.get<double>(), 1e-12) << what;
  }
}

std::vector<int32_t> largest(const std::vector<std::vector<double>>& rows) {
  std::vector<int32_t> labels;
  for (const auto& row : rows) {
    labels.push_back(static_cast<int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return labels;
}

std::vector<double> flat(const std::vector<std::vector<double>>& rows) {
  std::vector<double> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  return all;
}

TEST(Metrics, OfTwoClassesEqualScikitLearn) {
  const json cases = golden("binary");
  ASSERT_FALSE(cases.empty());
  for (const json& c : cases) {
    const std::string name = c["name"];
    const auto truth = c["targets"].get<std::vector<int32_t>>();
    const auto score = c["probabilities"].get<std::vector<double>>();
    std::vector<int32_t> predicted;
    std::vector<double> both;
    const auto positive = std::make_unique<bool[]>(truth.size());
    for (size_t i = 0; i < truth.size(); ++i) {
      predicted.push_back(score[i] > 0.5);
      both.push_back(1 - score[i]);
      both.push_back(score[i]);
      positive[i] = truth[i] == 1;
    }
    expect_metric(accuracy(truth, predicted), c["accuracy"], name + ": accuracy");
    expect_metric(f1_macro(truth, predicted, 2), c["f1_macro"], name + ": f1_macro");
    expect_metric(roc_auc({positive.get(), truth.size()}, score), c["roc_auc"], name + ": roc_auc");
    expect_metric(log_loss(truth, both, 2), c["log_loss"], name + ": log_loss");
  }
}

TEST(Metrics, OfSeveralClassesEqualScikitLearn) {
  const json cases = golden("classes");
  ASSERT_FALSE(cases.empty());
  for (const json& c : cases) {
    const std::string name = c["name"];
    const auto truth = c["targets"].get<std::vector<int32_t>>();
    const auto rows = c["probabilities"].get<std::vector<std::vector<double>>>();
    const auto classes = static_cast<int>(rows[0].size());
    const std::vector<double> probabilities = flat(rows);
    expect_metric(accuracy(truth, largest(rows)), c["accuracy"], name + ": accuracy");
    expect_metric(f1_macro(truth, largest(rows), classes), c["f1_macro"], name + ": f1_macro");
    expect_metric(roc_auc_one_vs_rest(truth, probabilities, classes), c["roc_auc_ovr_macro"],
                  name + ": roc_auc");
    expect_metric(log_loss(truth, probabilities, classes), c["log_loss"], name + ": log_loss");
  }
}

TEST(Metrics, OfNumbersEqualScikitLearn) {
  const json cases = golden("regression");
  ASSERT_FALSE(cases.empty());
  for (const json& c : cases) {
    const std::string name = c["name"];
    const auto truth = c["targets"].get<std::vector<double>>();
    const auto predicted = c["predictions"].get<std::vector<double>>();
    expect_metric(root_mean_squared_error(truth, predicted), c["rmse"], name + ": rmse");
    expect_metric(mean_absolute_error(truth, predicted), c["mae"], name + ": mae");
    expect_metric(r2_score(truth, predicted), c["r2"], name + ": r2");
  }
}

}  // namespace

}  // namespace sinapse
