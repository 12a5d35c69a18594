// Training pictures are changed as declared, the same way on any number of threads.
#include "train/augment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "data/philox.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

constexpr int64_t kHeight = 6, kWidth = 8, kPixels = kHeight * kWidth;

// Row r is filled with numbers that tell row, channel and place.
InputColumns pictures(int64_t rows, int64_t channels = 1) {
  InputColumns input{.columns = channels * kPixels};
  input.numbers.resize(rows * input.columns);
  std::iota(input.numbers.begin(), input.numbers.end(), 0.0f);
  return input;
}

std::vector<int64_t> first_rows(int64_t count) {
  std::vector<int64_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

struct Filled {
  std::vector<float> picture;
  int64_t answer;
};

Filled filled(const AugmentationOptions& options, int64_t step, int64_t r = 0,
              int64_t channels = 1) {
  const InputColumns input = pictures(4, channels);
  const Augmenter augmenter(options, {channels, kHeight, kWidth});
  Filled result{std::vector<float>(input.columns), 0};
  result.answer = augmenter.fill(input, first_rows(4), r, /*seed=*/3, step, result.picture.data());
  return result;
}

std::vector<float> original(int64_t r = 0, int64_t channels = 1) {
  const InputColumns input = pictures(4, channels);
  return {input.numbers.begin() + r * input.columns,
          input.numbers.begin() + (r + 1) * input.columns};
}

std::vector<float> mirrored(std::vector<float> picture) {
  for (int64_t y = 0; y < kHeight; ++y) {
    std::reverse(picture.begin() + y * kWidth, picture.begin() + (y + 1) * kWidth);
  }
  return picture;
}

TEST(Augment, FlipsEveryOtherPicture) {
  int flipped = 0;
  for (int64_t step = 1; step <= 100; ++step) {
    const std::vector<float> picture = filled({.flip = true}, step).picture;
    if (picture == mirrored(original()))
      ++flipped;
    else
      EXPECT_EQ(picture, original());
  }
  EXPECT_GT(flipped, 30);
  EXPECT_LT(flipped, 70);
}

TEST(Augment, ShiftsByWholePixelsAndRepeatsTheEdge) {
  std::set<float> corners;
  for (int64_t step = 1; step <= 200; ++step) {
    const std::vector<float> picture = filled({.shift = 0.25}, step).picture;
    corners.insert(picture[0]);
    for (const float value : picture) EXPECT_EQ(value, std::round(value));
  }
  // Up to one row and two columns, either way; beyond the edge its pixels repeat.
  EXPECT_EQ(corners, (std::set<float>{0, 1, 2, 8, 9, 10}));
}

TEST(Augment, AQuarterTurnKeepsTheMiddle) {
  const InputColumns input{.columns = 9, .numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8}};
  const Augmenter augmenter({.rotate = 180}, {3, 3});
  for (int64_t step = 1; step <= 20; ++step) {
    std::vector<float> picture(9);
    augmenter.fill(input, first_rows(1), 0, 1, step, picture.data());
    EXPECT_NEAR(picture[4], 4, 1e-5);
    EXPECT_NEAR(picture[1] + picture[7], 8, 1e-4) << "opposite edges stay opposite";
  }
}

TEST(Augment, CropAndZoomStayInsideThePicture) {
  for (int64_t step = 1; step <= 50; ++step) {
    const std::vector<float> picture = filled({.zoom = 0.5, .crop = 0.5}, step).picture;
    EXPECT_GE(*std::min_element(picture.begin(), picture.end()), 0);
    EXPECT_LE(*std::max_element(picture.begin(), picture.end()), kPixels - 1);
    EXPECT_NE(picture, original());
  }
}

TEST(Augment, BrightnessContrastAndColourKeepWhatTheyShould) {
  const auto mean = [](const std::vector<float>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  const std::vector<float> brighter = filled({.brightness = 0.5}, 1).picture;
  const float added = brighter[0] - original()[0];
  EXPECT_NE(added, 0);
  EXPECT_LE(std::abs(added), 0.5);
  EXPECT_NEAR(brighter[20] - original()[20], added, 1e-5);
  const std::vector<float> contrasted = filled({.contrast = 0.5}, 1).picture;
  EXPECT_NEAR(mean(contrasted), mean(original()), 1e-4);
  EXPECT_NE(contrasted, original());
  const std::vector<float> colored = filled({.color = 0.5}, 1, 0, 3).picture;
  const float red = (colored[1] - colored[0]), green = colored[kPixels + 1] - colored[kPixels];
  EXPECT_NE(red, green);
}

TEST(Augment, ErasesABoxOfTheMean) {
  const std::vector<float> picture = filled({.erase = 1}, 1, 1).picture;
  const auto hidden = std::count(picture.begin(), picture.end(), 0.0f);
  EXPECT_GE(hidden, 1);
  EXPECT_LE(hidden, kPixels / 2);
  for (size_t i = 0; i < picture.size(); ++i) {
    if (picture[i] != 0) EXPECT_EQ(picture[i], original(1)[i]);
  }
}

TEST(Augment, MixUpAnswersByShares) {
  double shares = 0, own = 0;
  constexpr int kSteps = 400;
  for (int64_t step = 1; step <= kSteps; ++step) {
    const Filled mixed = filled({.mix_up = 1}, step, 1);
    // Row 1 and row k: every pixel is moved by the same number towards the other.
    const float moved = mixed.picture[0] - original(1)[0];
    EXPECT_NEAR(mixed.picture[30] - original(1)[30], moved, 1e-3);
    EXPECT_NE(moved, 0);
    own += mixed.answer == 1;
    shares += mixed.answer >= 0 && mixed.answer < 4;
  }
  EXPECT_EQ(shares, kSteps);
  EXPECT_NEAR(own / kSteps, 0.5, 0.1);
}

TEST(Augment, CutMixPutsABoxOfAnotherIn) {
  for (int64_t step = 1; step <= 50; ++step) {
    const Filled mixed = filled({.cut_mix = 1}, step, 2, 2);
    const std::vector<float> own = original(2, 2);
    int from_others = 0;
    for (size_t i = 0; i < own.size(); ++i) {
      const auto row = static_cast<int64_t>(mixed.picture[i]) / (2 * kPixels);
      EXPECT_EQ(mixed.picture[i], original(row, 2)[i]);
      from_others += row != 2;
    }
    EXPECT_GT(from_others, 0);
    EXPECT_EQ(from_others % 2, 0) << "both channels";
  }
}

TEST(Augment, IsAFunctionOfSeedStepAndRow) {
  const AugmentationOptions all{.flip = true,
                                .shift = 0.2,
                                .rotate = 20,
                                .zoom = 0.1,
                                .brightness = 0.2,
                                .erase = 0.5,
                                .mix_up = 0.5,
                                .cut_mix = 0.5};
  for (int64_t r = 0; r < 4; ++r) {
    EXPECT_EQ(filled(all, 5, r).picture, filled(all, 5, r).picture);
    EXPECT_NE(filled(all, 5, r).picture, filled(all, 6, r).picture);
  }
}

TEST(Augment, RejectsWhatMakesNoSense) {
  expect_error(ErrorCode::usage, {"augment.shift", "2"}, [] { Augmenter({.shift = 2}, {4, 4}); });
  expect_error(ErrorCode::usage, {"augment.zoom", "1"}, [] { Augmenter({.zoom = 1}, {4, 4}); });
  expect_error(ErrorCode::usage, {"augment.rotate", "-1"}, [] {
    Augmenter({.rotate = -1}, {4, 4});
  });
  expect_error(ErrorCode::usage, {"augment", "[16]"}, [] { Augmenter({.flip = true}, {16}); });
}

// Bright discs on one side or the other, by label.
ImageFolder sides() {
  ArrayDataset set{.inputs = {.type = ElementType::uint8, .shape = {64, 8, 8}},
                   .classes = {"a", "b"}};
  for (int64_t i = 0; i < 64; ++i) {
    const RandomStream random(1, purpose_of("sides"), i);
    set.labels.push_back(static_cast<int32_t>(i % 2));
    for (int64_t p = 0; p < 64; ++p) {
      const bool bright = (p / 8 < 4) == (i % 2 == 0);
      set.inputs.bytes.push_back(
          static_cast<std::byte>((bright ? 150 : 0) + 100 * random.uniform(p)));
    }
  }
  return {.train = std::move(set)};
}

TEST(Augment, TrainsToTheSameBitsOnAnyNumberOfThreads) {
  RunOptions options;
  options.augment = {.flip = true,
                     .shift = 0.1,
                     .rotate = 10,
                     .contrast = 0.2,
                     .erase = 0.3,
                     .mix_up = 0.3,
                     .cut_mix = 0.3};
  options.network.hidden = {8};
  options.training.epochs = 3;
  options.training.batch_size = 16;
  std::set<std::string> weights;
  for (const int threads : {1, 2, 3, 8}) {
    options.training.threads = threads;
    weights.insert(train(sides(), options).weights_sha256);
  }
  EXPECT_EQ(weights.size(), 1u);
  options.augment = {};
  EXPECT_FALSE(weights.contains(train(sides(), options).weights_sha256));
}

}  // namespace

}  // namespace sinapse
