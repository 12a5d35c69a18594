// Training with precision bf16, and where it is refused.
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/train.h>
#include <sinapse/trainer.h>

#include "cpu/bf16_sets.h"
#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {

namespace {

bool is_available() {
  return available_bf16().back() != Bf16Set::emulated;
}

// Two rings around each other.
Table rings() {
  Column x{.name = "x", .kind = ColumnKind::number}, y{.name = "y", .kind = ColumnKind::number};
  Column ring{.name = "ring", .kind = ColumnKind::category, .categories = {"inner", "outer"}};
  for (int64_t r = 0; r < 600; ++r) {
    const double angle = 0.37 * static_cast<double>(r), radius = r % 2 == 0 ? 1 : 1.6;
    const double wobble = 1 + 0.15 * std::sin(1.7 * static_cast<double>(r));
    x.numbers.push_back(radius * wobble * std::cos(angle));
    y.numbers.push_back(radius * wobble * std::sin(angle));
    ring.codes.push_back(static_cast<int32_t>(r % 2));
  }
  return Table({x, y, ring});
}

RunOptions options(const std::string& precision) {
  RunOptions options;
  options.data.target = "ring";
  options.data.validation_split = 0.3;
  options.network.hidden = {64, 32};
  options.training.epochs = 60;
  options.training.learning_rate = 0.01;
  options.training.batch_size = 32;
  options.training.optimizer = "adam";
  options.training.precision = precision;
  return options;
}

TEST(Precision, Bf16LearnsAsWellAsFloat32) {
  if (!is_available()) GTEST_SKIP() << "this processor has no bf16";
  const TrainResult exact = train(rings(), options("float32")),
                    fast = train(rings(), options("bf16"));
  EXPECT_NE(exact.weights_sha256, fast.weights_sha256);
  EXPECT_GT(exact.metrics.at("validation").at("accuracy"), 0.95);
  EXPECT_NEAR(fast.metrics.at("validation").at("accuracy"),
              exact.metrics.at("validation").at("accuracy"), 0.02);
}

TEST(Precision, ResumesAsItWasBegun) {
  if (!is_available()) GTEST_SKIP() << "this processor has no bf16";
  const TemporaryFolder folder;
  RunOptions run = options("bf16");
  const TrainResult whole = train(rings(), run);
  run.checkpoint.folder = folder.path("c");
  int steps = 50;
  train(rings(), run, {.should_stop = [&] { return --steps == 0; }});
  run.checkpoint.resume = run.checkpoint.folder;
  RunOptions other = run;
  other.training.precision = "float32";
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(rings(), other); })
                .find("training.precision: bf16, but is to go on with float32"),
            std::string::npos);
  run.training.threads = 3;
  EXPECT_EQ(train(rings(), run).weights_sha256, whole.weights_sha256);
}

TEST(Precision, IsRefusedWithoutTheInstructions) {
  const UseBf16 use(Bf16Set::emulated);
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(rings(), options("bf16")); })
                .find("AVX512_BF16 or AMX_BF16"),
            std::string::npos);
  EXPECT_NE(
      message_of(
          ErrorCode::usage,
          [&] {
            Trainer({{{"dense", "", {}, {{"units", int64_t{8}}}}}}, {4}, {.precision = "bf16"});
          })
          .find("AVX512_BF16 or AMX_BF16"),
      std::string::npos);
}

TEST(Precision, RejectsWhatItDoesNotKnow) {
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(rings(), options("fp16")); })
                .find("precision must be float32 or bf16, but is \"fp16\"."),
            std::string::npos);
}

TEST(Precision, RejectsExactMethodsWithBf16) {
  RunOptions reference = options("bf16");
  reference.training.reference = true;
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(rings(), reference); }).find("float32"),
            std::string::npos);
  if (!is_available()) return;
  RunOptions full = options("bf16");
  full.training.optimizer = "lbfgs";
  full.training.batch_size = 0;
  EXPECT_NE(message_of(ErrorCode::usage, [&] { train(rings(), full); }).find("exact gradients"),
            std::string::npos);
}

}  // namespace

}  // namespace sinapse
