#include "figures/curves.h"

#include <gtest/gtest.h>

namespace sinapse {

namespace {

struct Rows {
  std::vector<double> scores;
  std::vector<uint8_t> positive;
  ScoredRows view() const { return {scores, positive}; }
};

const Rows kFour{{0.9, 0.4, 0.6, 0.1}, {1, 1, 0, 0}};

double area_under(const Curve& curve) {
  double area = 0;
  for (size_t i = 1; i < curve.x.size(); ++i) {
    area += (curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1]) / 2;
  }
  return area;
}

TEST(RocCurve, StepsThroughTheThresholds) {
  const Curve curve = roc_curve(kFour.view());
  EXPECT_EQ(curve.x, (std::vector<double>{0, 0, 0.5, 0.5, 1}));
  EXPECT_EQ(curve.y, (std::vector<double>{0, 0.5, 0.5, 1, 1}));
  EXPECT_DOUBLE_EQ(area_under(curve), 0.75);  // 3 of 4 pairs stand in order
}

TEST(RocCurve, EqualScoresAreOneThreshold) {
  const Rows rows{{0.5, 0.5, 0.5, 0.5}, {1, 0, 1, 0}};
  const Curve curve = roc_curve(rows.view());
  EXPECT_EQ(curve.x, (std::vector<double>{0, 1}));
  EXPECT_DOUBLE_EQ(area_under(curve), 0.5);
}

TEST(RocCurve, NeedsBothClasses) {
  const Rows rows{{0.5, 0.6}, {1, 1}};
  EXPECT_TRUE(roc_curve(rows.view()).x.empty());
}

TEST(PrecisionRecallCurve, StepsThroughTheThresholds) {
  const Curve curve = precision_recall_curve(kFour.view());
  EXPECT_EQ(curve.x, (std::vector<double>{0.5, 0.5, 1, 1}));
  EXPECT_EQ(curve.y, (std::vector<double>{1, 0.5, 2.0 / 3, 0.5}));
}

TEST(LiftCurve, EndsAtOne) {
  const Curve curve = lift_curve(kFour.view());
  EXPECT_EQ(curve.y.front(), 2);  // the first row is positive, as half of all are
  EXPECT_EQ(curve.x.back(), 1);
  EXPECT_EQ(curve.y.back(), 1);
}

TEST(Calibration, CountsTheRowsOfEachBin) {
  const Rows rows{{0.05, 0.15, 0.12, 0.95, 1.0}, {0, 1, 0, 1, 1}};
  const Calibration bins = calibrate(rows.view(), 10);
  EXPECT_EQ(bins.rows, (std::vector<int64_t>{1, 2, 2}));
  EXPECT_EQ(bins.share, (std::vector<double>{0, 0.5, 1}));
  EXPECT_NEAR(bins.confidence[1], 0.135, 1e-12);
  // Wilson's interval of 1 in 2.
  EXPECT_NEAR(bins.low[1], 0.0945, 1e-4);
  EXPECT_NEAR(bins.high[1], 0.9055, 1e-4);
}

}  // namespace

}  // namespace sinapse
