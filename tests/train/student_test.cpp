// Student's quantiles against scipy's (tests/golden/make_metrics.py).
#include "train/student.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "paths.h"

namespace sinapse {

namespace {

TEST(Student, QuantilesEqualScipys) {
  std::ifstream file(source_path("tests/golden/metrics.json"));
  const auto quantiles = nlohmann::json::parse(file).at("t_quantiles");
  ASSERT_FALSE(quantiles.empty());
  for (const auto& row : quantiles) {
    const double expected = row[2];
    EXPECT_NEAR(student_quantile(row[0], row[1]), expected, 1e-11 * expected) << row;
  }
}

}  // namespace

}  // namespace sinapse
