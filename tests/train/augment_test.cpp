// Training pictures are changed as declared, the same way on any number of threads.
#include "train/augment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "compile/interpreter.h"
#include "data/philox.h"
#include "network/expect_words.h"
#include "train/stepper.h"
#include "train/training_graph.h"

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
  Mixture mixture;
};

Filled filled(const AugmentationOptions& options, int64_t step, int64_t r = 0,
              int64_t channels = 1) {
  const InputColumns input = pictures(4, channels);
  const Augmenter augmenter(options, {channels, kHeight, kWidth});
  Filled result{std::vector<float>(input.columns), {}};
  result.mixture =
      augmenter.fill(input, nullptr, first_rows(4), r, /*seed=*/3, step, result.picture.data());
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
    augmenter.fill(input, nullptr, first_rows(1), 0, 1, step, picture.data());
    EXPECT_NEAR(picture[4], 4, 1e-5);
    EXPECT_NEAR(picture[1] + picture[7], 8, 1e-4) << "opposite edges stay opposite";
  }
}

TEST(Augment, ShiftsAndFlipsAsInterpolationWould) {
  // A zoom of nearly nothing takes the other way to the same picture.
  for (int64_t step = 1; step <= 50; ++step) {
    AugmentationOptions options{.flip = true, .flip_vertical = true, .shift = 0.6};
    const std::vector<float> whole = filled(options, step, 1, 2).picture;
    options.zoom = 1e-9;
    const std::vector<float> between = filled(options, step, 1, 2).picture;
    for (size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(whole[i], between[i], 1e-3);
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

TEST(Augment, MixUpTellsPartnerAndShare) {
  double shares = 0;
  constexpr int kSteps = 400;
  for (int64_t step = 1; step <= kSteps; ++step) {
    const auto [picture, mixture] = filled({.mix_up = 1}, step, 1);
    ASSERT_TRUE(mixture.partner >= 0 && mixture.partner < 4 && mixture.partner != 1);
    const auto away = static_cast<float>((mixture.partner - 1) * kPixels);
    for (size_t i = 0; i < picture.size(); ++i)
      EXPECT_NEAR(picture[i], original(1)[i] + (1 - mixture.share) * away, 1e-3);
    shares += mixture.share;
  }
  EXPECT_NEAR(shares / kSteps, 0.5, 0.1);
}

TEST(Augment, CutMixPutsABoxOfAnotherIn) {
  for (int64_t step = 1; step <= 50; ++step) {
    const Filled mixed = filled({.cut_mix = 1}, step, 2, 2);
    const int64_t partner = mixed.mixture.partner;
    const std::vector<float> own = original(2, 2);
    int from_others = 0;
    for (size_t i = 0; i < own.size(); ++i) {
      const auto row = static_cast<int64_t>(mixed.picture[i]) / (2 * kPixels);
      EXPECT_EQ(mixed.picture[i], original(row, 2)[i]);
      EXPECT_TRUE(row == 2 || row == partner);
      from_others += row != 2;
    }
    EXPECT_GT(from_others, 0);
    EXPECT_EQ(from_others % 2, 0) << "both channels";
    EXPECT_NEAR(mixed.mixture.share, 1 - from_others / static_cast<double>(own.size()), 1e-6);
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

// Trains one step on two rows of classes 0 and 2, of weights 1 and 3, that are mixed.
class MixedLoss : public testing::Test {
 protected:
  MixedLoss() {
    data_.inputs.push_back({.columns = 4, .numbers = {1, 2, 3, 4, 4, 3, 2, 0}});
    data_.target = {0, 2};
    data_.loss_weights = {1, 3};
  }

  // The loss of a row, times its weight.
  double loss_of(const float* x, float label, double weight) const {
    const TrainingGraph graph = graph_of(false);
    Interpreter<double> interpreter(graph.graph);
    fill_weights(graph, interpreter);
    interpreter.value(graph.inputs[0]).assign(x, x + 4);
    interpreter.value(graph.target) = {label};
    interpreter.value(graph.row_weight) = {1};
    interpreter.run(1, {.learning_rate = 0.1});
    return weight * interpreter.value(graph.loss)[0];
  }

  static TrainingGraph graph_of(bool mixes) {
    return build_training_graph({{{"dense", "", {}, {{"units", int64_t{3}}}}}}, {{"x", {4}}},
                                "categorical_crossentropy(label_smoothing=0.1)",
                                parse_optimizer("sgd"), {}, {}, mixes);
  }

  static void fill_weights(const TrainingGraph& graph, Interpreter<double>& interpreter) {
    for (const ParameterInfo& parameter : graph.parameters) {
      std::vector<double>& values = interpreter.value(parameter.value);
      values.resize(row_size(parameter.shape));
      for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
    }
  }

  Dataset data_{.rows = 2};
};

TEST_F(MixedLoss, IsThatOfBothAnswersByShareAndWeight) {
  const Augmenter augmenter({.mix_up = 1}, {2, 2});
  const std::vector<int64_t> rows{0, 1};
  const TrainingGraph graph = graph_of(true);
  float x[4], target, weight, partner_target, share;
  const View<float> inputs[] = {{x, 1, 4, 4}};
  Batch{.data = data_, .rows = rows, .mean_rows = 1, .augmenter = &augmenter}.copy_row(
      0, {.seed = 1, .step = 1},
      {inputs,
       {&target, 1, 1, 1},
       {&weight, 1, 1, 1},
       {&partner_target, 1, 1, 1},
       {&share, 1, 1, 1}});
  EXPECT_EQ(target, 0);
  EXPECT_EQ(partner_target, 2);
  Interpreter<double> interpreter(graph.graph);
  fill_weights(graph, interpreter);
  interpreter.value(graph.inputs[0]).assign(x, x + 4);
  interpreter.value(graph.target) = {target};
  interpreter.value(graph.partner_target) = {partner_target};
  interpreter.value(graph.share) = {share};
  interpreter.value(graph.row_weight) = {weight};
  interpreter.run(1, {.learning_rate = 0.1});
  const double own = (x[0] - 4.0) / (1 - 4);  // the first pixels are 1 and 4
  EXPECT_NEAR(weight * interpreter.value(graph.loss)[0],
              own * loss_of(x, 0, 1) + (1 - own) * loss_of(x, 2, 3), 1e-5);
}

TEST_F(MixedLoss, OfARowAloneIsItsOwn) {
  const std::vector<int64_t> rows{1};
  float x[4], target, weight, partner_target, share;
  const View<float> inputs[] = {{x, 1, 4, 4}};
  Batch{.data = data_, .rows = rows}.copy_row(0, {},
                                              {inputs,
                                               {&target, 1, 1, 1},
                                               {&weight, 1, 1, 1},
                                               {&partner_target, 1, 1, 1},
                                               {&share, 1, 1, 1}});
  EXPECT_EQ(share, 1);
  EXPECT_EQ(weight, 3);
  EXPECT_EQ(target, 2);
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
  const double loss = train(sides(), options).metrics.at("train").at("loss");
  options.training.reference = true;
  EXPECT_NEAR(train(sides(), options).metrics.at("train").at("loss"), loss, 1e-3);
  options.augment = {};
  EXPECT_FALSE(weights.contains(train(sides(), options).weights_sha256));
}

}  // namespace

}  // namespace sinapse
