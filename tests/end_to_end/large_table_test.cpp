// Tables larger than the memory that the program is given.
#include <fmt/format.h>

#include "end_to_end/limits.h"
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

constexpr int kColumns = 60;

std::string wide_csv(int rows) {
  Numbers numbers;
  std::string csv, line;
  for (int c = 0; c < kColumns; ++c) csv += fmt::format("x{},", c);
  csv += "city,day,key,y\n";
  for (int row = 0; row < rows; ++row) {
    double y = 0;
    for (int c = 0; c < kColumns; ++c) {
      const double x = numbers.next();
      csv += fmt::format("{:.6f},", x);
      if (c < 4) y += (c - 1) * x;
    }
    csv += fmt::format("c{},2020-{:02}-{:02},key {},{:.4f}\n", numbers.below(30),
                       1 + numbers.below(12), 1 + numbers.below(28), row * 7919 % 10000019, y);
  }
  return csv;
}

class LargeTable : public EndToEnd {
 protected:
  Outcome within(int64_t kilobytes, const std::string& arguments) const {
    return sinapse_within(kilobytes, arguments, path(""));
  }

  // Addresses that the program takes for a small table.
  int64_t needed() const {
    file("small.csv", wide_csv(300));
    return kilobytes_needed(train_arguments("small.csv") + " -o small", path(""));
  }

  static std::string train_arguments(const std::string& data) {
    return "train " + data + " --target y --epochs 1 --hidden 8 --threads 1 --quiet";
  }
};

TEST_F(LargeTable, IsTrainedOnInLittleMemoryWithTheSameResult) {
  if (!kLimitsWork) GTEST_SKIP() << "a sanitizer takes all addresses";
  file("large.csv", wide_csv(80'000));
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path("large.csv"))) / 1024;
  const int64_t limit = needed() + size / 3;
  const Outcome held = within(limit, train_arguments("large.csv") + " --memory-limit 9G");
  EXPECT_EQ(held.exit_code, 1) << "the table fits into memory";
  const Outcome streamed = within(limit, train_arguments("large.csv") + " -o streamed");
  EXPECT_EQ(streamed.exit_code, 0) << streamed.errors;
  const Outcome whole = sinapse({"train", "large.csv", "--target", "y", "--epochs", "1", "--hidden",
                                 "8", "--quiet", "-o", "whole"});
  ASSERT_EQ(whole.exit_code, 0) << whole.errors;
  EXPECT_EQ(text_of("streamed/model.onnx"), text_of("whole/model.onnx"));
  EXPECT_EQ(text_of("streamed/run.yaml"), text_of("whole/run.yaml"));

  const Outcome predicted = within(limit, "predict streamed large.csv -o predictions.csv");
  EXPECT_EQ(predicted.exit_code, 0) << predicted.errors;
  EXPECT_EQ(cells_of(text_of("predictions.csv")).size(), 80'001u);
  const Outcome evaluated = within(limit, "evaluate streamed large.csv --json");
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.errors;
  EXPECT_EQ(evaluated.output, sinapse({"evaluate", "whole", "large.csv", "--json"}).output);
}

TEST_F(LargeTable, NeedsAFolderForItsCells) {
  file("data.csv", regression_csv());
  const Outcome outcome =
      run_program({.command = {"env", "TMPDIR=/no/such/folder", program_path(), "train", "data.csv",
                               "--target", "y", "--memory-limit", "1"},
                   .folder = path("")});
  expect_failure(outcome, 1, {"/no/such/folder", "TMPDIR"});
}

TEST_F(LargeTable, RejectsALimitThatIsNone) {
  file("data.csv", regression_csv());
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--memory-limit", "much"}), 2,
                 {"data.memory", "much"});
}

}  // namespace

}  // namespace sinapse
