// Pictures that are changed ahead have the bits of those that are changed when they are needed.
#include "train/pictures_ahead.h"

#include <chrono>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "train/stepper.h"

namespace sinapse {
namespace {

constexpr int64_t kRows = 12, kPixels = 6 * 8;

class PicturesAheadTest : public testing::Test {
 protected:
  PicturesAheadTest() {
    data_.inputs.push_back({.columns = kPixels});
    data_.inputs[0].numbers.resize(kRows * kPixels);
    std::iota(data_.inputs[0].numbers.begin(), data_.inputs[0].numbers.end(), 0.0f);
  }

  Batch batch(int64_t first) const {
    return {.data = data_, .rows = std::span(rows_).subspan(first, 4), .augmenter = &augmenter_};
  }

  // A job whose first item takes so long that others have time for the whole batch.
  void train_slowly() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    team_.run(2, [&](int64_t item, int) {
      while (item == 0 && !team_is_idle() && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    });
  }
  bool team_is_idle() const { return ahead_.num_left() == 0; }

  void expect_picture(int64_t first, int64_t r, const StepState& state) {
    std::vector<float> expected(kPixels), taken(kPixels);
    const Mixture mixture = augmenter_.fill(data_.inputs[0], nullptr, batch(first).rows, r,
                                            state.seed, state.step, expected.data());
    const auto got = ahead_.take(state.step, r, taken.data());
    ASSERT_TRUE(got) << r;
    EXPECT_EQ(taken, expected);
    EXPECT_EQ(got->partner, mixture.partner);
    EXPECT_EQ(got->share, mixture.share);
  }

  Dataset data_{.rows = kRows};
  const std::vector<int64_t> rows_{7, 3, 11, 0, 5, 1, 2, 10, 4, 6, 8, 9};
  const Augmenter augmenter_{{.flip = true, .rotate = 20, .erase = 0.5, .mix_up = 0.5}, {6, 8}};
  Team team_{2};
  PicturesAhead ahead_{augmenter_, team_};
};

TEST_F(PicturesAheadTest, HasTheSameBits) {
  ahead_.begin(batch(4), {.seed = 3, .step = 2});
  train_slowly();
  ahead_.begin(batch(8), {.seed = 3, .step = 3});
  for (int64_t r = 0; r < 4; ++r) expect_picture(4, r, {.seed = 3, .step = 2});
  train_slowly();
  ahead_.finish();
  for (int64_t r = 0; r < 4; ++r) expect_picture(8, r, {.seed = 3, .step = 3});
}

TEST_F(PicturesAheadTest, GivesNothingOfAnotherStep) {
  std::vector<float> picture(kPixels);
  EXPECT_FALSE(ahead_.take(0, 0, picture.data()));
  ahead_.begin(batch(4), {.seed = 3, .step = 2});
  train_slowly();
  EXPECT_FALSE(ahead_.take(2, 0, picture.data())) << "that batch is not yet at hand";
  ahead_.finish();
  EXPECT_TRUE(ahead_.take(2, 0, picture.data()));
  EXPECT_FALSE(ahead_.take(3, 0, picture.data()));
  ahead_.finish();
  EXPECT_FALSE(ahead_.take(2, 0, picture.data())) << "its time is over";
}

TEST_F(PicturesAheadTest, LeavesWhatNobodyHadTimeFor) {
  Team alone(1);
  PicturesAhead ahead(augmenter_, alone);
  ahead.begin(batch(0), {.seed = 3, .step = 1});
  alone.run(2, [](int64_t, int) {});
  ahead.finish();
  std::vector<float> picture(kPixels);
  EXPECT_FALSE(ahead.take(1, 0, picture.data()));
}

}  // namespace
}  // namespace sinapse
