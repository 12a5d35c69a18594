#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include <sinapse/schedule.h>

#include "network/expect_words.h"
#include "paths.h"

namespace sinapse {

namespace {

using Json = nlohmann::json;

Json golden_schedules() {
  std::ifstream file(source_path("tests/golden/schedules.json"));
  return Json::parse(file).at("cases");
}

double factor(const std::string& text, int64_t step, int64_t steps, int64_t steps_per_epoch = 1) {
  return schedule_factor(parse_schedule(text), {}, {step, steps, steps_per_epoch});
}

TEST(Schedules, EqualPyTorch) {
  const Json cases = golden_schedules();
  ASSERT_GT(cases.size(), 20u);
  for (const Json& golden : cases) {
    SCOPED_TRACE(golden.at("text").get<std::string>());
    const Schedule schedule = parse_schedule(golden.at("text").get<std::string>());
    const auto factors = golden.at("factors").get<std::vector<double>>();
    const auto losses = golden.at("losses").get<std::vector<double>>();
    const auto steps = static_cast<int64_t>(factors.size());
    ScheduleState state;
    for (int64_t step = 0; step < steps; ++step) {
      const double actual =
          schedule_factor(schedule, state, {step, steps, golden.at("steps_per_epoch")});
      ASSERT_NEAR(actual, factors[step], 1e-13) << "step " << step;
      if (!losses.empty()) observe_epoch(schedule, losses[step], state);
    }
  }
}

// Peaks at t = (2^(k + 1/2) - 1) / 15 and zeros at (2^k - 1) / 15, for k = 0, 1, 2, 3.
TEST(Schedules, CoslogRisesAndFallsForTwiceAsLongEachTime) {
  for (const double zero : {0, 1, 3, 7, 15}) {
    EXPECT_NEAR(factor("coslog", static_cast<int64_t>(zero), 15), 0, 1e-12);
  }
  const int64_t steps = 15'000'000;
  for (int k = 0; k < 4; ++k) {
    const double peak = (std::pow(2, k + 0.5) - 1) / 15 * static_cast<double>(steps);
    EXPECT_NEAR(factor("coslog", std::lround(peak), steps), 1, 1e-10);
  }
  EXPECT_NEAR(factor("coslog(cycles=1)", 7, 7), 0, 1e-12);
}

TEST(Schedules, FlatCosineStaysAndThenFalls) {
  EXPECT_EQ(factor("flat_cosine", 49, 100), 1);
  EXPECT_NEAR(factor("flat_cosine", 75, 100), 0.5, 1e-15);
  EXPECT_NEAR(factor("flat_cosine", 100, 100), 0, 1e-15);
  EXPECT_NEAR(factor("flat_cosine(flat=0, final=0.2)", 50, 100), 0.6, 1e-15);
}

TEST(Schedules, InverseSquareRootHalvesWhenTimeIsFourfold) {
  EXPECT_DOUBLE_EQ(factor("inverse_square_root", 0, 100, 10), 1);
  EXPECT_DOUBLE_EQ(factor("inverse_square_root", 30, 100, 10), 0.5);
  EXPECT_DOUBLE_EQ(factor("inverse_square_root(scale=5)", 150, 200, 10), 0.5);
}

TEST(Schedules, EpochsAreCountedInSteps) {
  EXPECT_DOUBLE_EQ(factor("step(step_size=2,gamma=0.5)", 19, 100, 10), 1);
  EXPECT_DOUBLE_EQ(factor("step(step_size=2,gamma=0.5)", 20, 100, 10), 0.5);
  EXPECT_DOUBLE_EQ(factor("exponential(gamma=0.25)", 5, 100, 10), 0.5);
}

TEST(Schedules, WarmUpRisesLinearlyBeforeTheSchedule) {
  for (const char* text : {"constant(warmup=4)", "constant(warmup=0.04)"}) {
    for (int64_t step = 0; step < 4; ++step) {
      EXPECT_DOUBLE_EQ(factor(text, step, 100), static_cast<double>(step + 1) / 5) << text;
    }
    EXPECT_DOUBLE_EQ(factor(text, 4, 100), 1);
  }
  for (int64_t step = 20; step < 100; ++step) {  // the cosine has the 80 steps that remain
    EXPECT_DOUBLE_EQ(factor("cosine(warmup=0.2)", step, 100), factor("cosine", step - 20, 80));
  }
}

TEST(Schedules, EveryOneIsFiniteAtEveryStepOfShortAndLongRuns) {
  for (const ScheduleDefinition& definition : schedules()) {
    for (const int64_t steps : {1, 2, 3, 5, 100}) {
      for (const char* warmup : {"", "(warmup=0.5)", "(warmup=1000)"}) {
        const std::string text = std::string(definition.name) + warmup;
        for (int64_t step = 0; step < steps; ++step) {
          const double value = factor(text, step, steps);
          EXPECT_TRUE(value >= 0 && value <= 1) << text << " step " << step << "/" << steps;
        }
      }
    }
  }
}

TEST(Schedules, TextGoesThereAndBack) {
  for (const char* text : {"cosine", "one_cycle(max_factor=3,linear=true)",
                           "step(gamma=0.5,warmup=10)", "reduce_on_plateau(patience=3)"}) {
    EXPECT_EQ(to_string(parse_schedule(text)), text);
  }
  EXPECT_EQ(to_string(parse_schedule("OneCycle")), "one_cycle");
}

TEST(Schedules, RejectsWhatItDoesNotKnow) {
  const auto refuse = [](const char* text, std::initializer_list<std::string_view> words) {
    expect_error(ErrorCode::usage, words, [&] { parse_schedule(text); });
  };
  refuse("cosin", {"\"cosin\"", "Did you mean \"cosine\"?"});
  refuse("step(size=3)", {"size", "step_size"});
  refuse("step(step_size=0)", {"step_size", "above 0"});
  refuse("one_cycle(pct_start=1)", {"pct_start", "below 1"});
  refuse("cosine(warmup=-1)", {"warmup", "at least 0"});
  refuse("reduce_on_plateau(patience=1.5)", {"patience", "whole number"});
}

}  // namespace

}  // namespace sinapse
