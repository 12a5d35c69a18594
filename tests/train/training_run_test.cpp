#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/train.h>

#include "data/temporary_folder.h"
#include "end_to_end/tables.h"
#include "train/observer.h"

namespace sinapse {
namespace {

constexpr int kClasses = 60;

// Half of the rows tell their class by x.
Table classes_table(int rows) {
  Numbers numbers;
  std::string csv = "x,y\n";
  for (int i = 0; i < rows; ++i) {
    const int64_t label = numbers.below(kClasses);
    const bool told = numbers.below(2) == 0;
    csv += fmt::format("{},class {}\n", told ? label : numbers.below(kClasses), label);
  }
  const TemporaryFolder folder;
  return read_table(folder.file("data.csv", csv));
}

class MeasuredRows : public TrainingObserver {
 public:
  void on_start(const RunStart& start) override {
    training_rows.assign(start.training_rows.begin(), start.training_rows.end());
  }
  void on_measured(const MeasuredPart& part) override {
    rows[part.name].assign(part.rows.begin(), part.rows.end());
  }

  std::vector<int64_t> training_rows;
  std::map<std::string, std::vector<int64_t>> rows;
};

struct Measured {
  MeasuredRows seen;
  std::vector<std::string> remarks;
  TrainResult result;
};

Measured measured(int rows) {
  Measured all;
  RunOptions options;
  options.data.target = "y";
  options.network.hidden = {8};
  options.training.epochs = 1;
  all.result =
      train(classes_table(rows), options,
            {.on_remark = [&](const std::string& remark) { all.remarks.push_back(remark); },
             .observers = {&all.seen}});
  return all;
}

TEST(TrainingRun, MeasuresAllTrainingRowsOfASmallTable) {
  const Measured all = measured(2000);
  EXPECT_EQ(all.seen.rows.at("train"), all.seen.training_rows);
  for (const std::string& remark : all.remarks)
    EXPECT_EQ(remark.find("metrics of the training part"), remark.npos) << remark;
}

TEST(TrainingRun, MeasuresSomeTrainingRowsOfALargeTableAndSaysSo) {
  const Measured all = measured(50'000);
  const std::vector<int64_t>& rows = all.seen.rows.at("train");
  const std::vector<int64_t>& training_rows = all.seen.training_rows;
  EXPECT_LE(rows.size() * kClasses, 1U << 20);
  EXPECT_GE(rows.size() * kClasses, 1U << 19);
  EXPECT_TRUE(std::includes(training_rows.begin(), training_rows.end(), rows.begin(), rows.end()));
  EXPECT_TRUE(std::ranges::adjacent_find(rows, std::greater_equal<>()) == rows.end());
  EXPECT_EQ(all.remarks.back(),
            fmt::format("the metrics of the training part are those of {} of its {} rows.",
                        rows.size(), training_rows.size()));
  const Metrics& train = all.result.metrics.at("train");
  const Metrics& validation = all.result.metrics.at("validation");
  EXPECT_NEAR(train.at("accuracy"), validation.at("accuracy"), 0.03);
  EXPECT_EQ(all.seen.rows.at("validation").size(), 50'000 - training_rows.size());
}

}  // namespace
}  // namespace sinapse
