#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include <sinapse/attention.h>
#include <sinapse/error.h>
#include <sinapse/train.h>

#include "data/philox.h"
#include "explain/layer_gradient.h"
#include "network/trained_network.h"
#include "train/encode.h"

namespace sinapse {

namespace {

constexpr int64_t kSize = 12, kSamples = 240;

// A bright square on noise stands in the upper left of one class, in the lower right of the other.
bool is_square(int64_t y, int64_t x, int32_t label) {
  const int64_t corner = label == 0 ? 1 : 7;
  return y >= corner && y < corner + 4 && x >= corner && x < corner + 4;
}

ImageFolder squares() {
  ImageFolder folder;
  folder.train.classes = {"above", "below"};
  folder.train.inputs = {ElementType::uint8, {kSamples, kSize, kSize}, {}};
  for (int64_t i = 0; i < kSamples; ++i) {
    const RandomStream random(3, purpose_of("squares"), static_cast<uint64_t>(i));
    folder.train.labels.push_back(static_cast<int32_t>(i % 2));
    for (int64_t p = 0; p < kSize * kSize; ++p) {
      const bool bright = is_square(p / kSize, p % kSize, folder.train.labels.back());
      const double level = 60 * random.uniform(static_cast<uint64_t>(p)) + (bright ? 150 : 0);
      folder.train.inputs.bytes.push_back(static_cast<std::byte>(level));
    }
  }
  return folder;
}

RunOptions run(std::vector<LayerDescription> layers) {
  RunOptions options;
  options.network.layers = std::move(layers);
  options.training = {.epochs = 12, .batch_size = 16, .learning_rate = 0.01, .threads = 1};
  return options;
}

LayerDescription convolution() {
  return {.type = "conv2d",
          .fields = {{"filters", int64_t{6}},
                     {"activation", std::string("relu")},
                     {"padding", std::string("same")}}};
}

const Model& convolutions() {
  static const Model model =
      train(squares(), run({convolution(),
                            {.type = "max_pool"},
                            convolution(),
                            {.type = "flatten"},
                            {.type = "dense", .fields = {{"units", int64_t{8}}}}}))
          .model;
  return model;
}

// The share of a map's absolute sum that lies where a class has its square.
double share_in_square(const AttentionMap& map, int32_t label) {
  double inside = 0, all = 0;
  for (int64_t p = 0; p < kSize * kSize; ++p) {
    all += std::abs(map.values[p]);
    if (is_square(p / kSize, p % kSize, label)) inside += std::abs(map.values[p]);
  }
  return inside / all;
}

double share_in_squares(const AttentionMap& map) {
  return share_in_square(map, 0) + share_in_square(map, 1);
}

TEST(Attention, LiesWhereTheClassesDiffer) {
  const ImageFolder images = squares();
  ASSERT_GT(convolutions().evaluate(images.train).at("accuracy"), 0.97);
  const double area = 2.0 * 16 / (kSize * kSize);
  for (const AttentionMaps& maps :
       attention_maps(convolutions(), images.train.inputs, {0, 1, 2, 3})) {
    EXPECT_EQ(maps.output, images.train.classes[maps.sample % 2]);
    EXPECT_GT(maps.probability, 0.8);
    EXPECT_GT(share_in_squares(maps.integrated), 2 * area);
    EXPECT_GT(share_in_squares(maps.saliency), area);
    EXPECT_EQ(maps.layer, "conv2d2");
    EXPECT_EQ(maps.grad_cam.values.size(), size_t{kSize * kSize});
    for (const double value : maps.grad_cam.values) EXPECT_GE(value, 0);
  }
}

TEST(Attention, IntegratedGradientsSumToTheDifference) {
  const ImageFolder images = squares();
  std::vector<double> baselines;  // logits of the mean colour, the same for all pictures
  for (const AttentionMaps& maps :
       attention_maps(convolutions(), images.train.inputs, {0, 5, 6}, {.output = "below"})) {
    EXPECT_NEAR(maps.gap, 0, 1e-3 * std::abs(maps.logit));
    const std::vector<double>& amounts = maps.integrated.values;
    baselines.push_back(maps.logit - maps.gap -
                        std::accumulate(amounts.begin(), amounts.end(), 0.0));
  }
  EXPECT_NEAR(baselines[1], baselines[0], 1e-4);
  EXPECT_NEAR(baselines[2], baselines[0], 1e-4);
}

TEST(Attention, RandomWeightsDestroyTheMap) {
  const ImageFolder images = squares();
  const std::vector<int64_t> chosen{0, 1, 2, 3, 4, 5};
  const auto trained = attention_maps(convolutions(), images.train.inputs, chosen);
  const auto random = attention_maps(randomised(convolutions(), 5), images.train.inputs, chosen);
  double kept = 0, saliency = 0, before = 0, after = 0;
  for (size_t i = 0; i < chosen.size(); ++i) {
    kept += rank_correlation(trained[i].integrated, random[i].integrated) / 6;
    saliency += rank_correlation(trained[i].saliency, random[i].saliency) / 6;
    before += share_in_squares(trained[i].integrated) / 6;
    after += share_in_squares(random[i].integrated) / 6;
  }
  EXPECT_LT(std::abs(saliency), 0.4);
  EXPECT_LT(kept, 0.8);
  EXPECT_LT(after, before);
}

TEST(Attention, RanksAreCorrelated) {
  const AttentionMap a{2, 2, {1, -2, 3, 4}}, b{2, 2, {10, 20, 30, 40}}, c{2, 2, {4, 3, 2, 1}};
  EXPECT_DOUBLE_EQ(rank_correlation(a, b), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(a, c), -1);
  EXPECT_DOUBLE_EQ(rank_correlation(a, {2, 2, {5, 5, 5, 5}}), 0);
}

// After a mean over the places comes one weight a channel: Grad-CAM is that weighted sum.
TEST(Attention, GradCamOfAMeanOverPlacesIsTheWeightedSum) {
  const ImageFolder images = squares();
  const Model model = train(images, run({convolution(), {.type = "global_average_pool"}})).model;
  const TrainedNetwork& trained = model.trained();
  const LayerGradient layer(trained, "");
  ASSERT_EQ(layer.shape(), (Shape{6, kSize, kSize}));
  const Dataset data = encode_inputs(*trained.pixels, images.train.inputs);
  Team team(1);
  const LayerGradient::Values values = layer.evaluate(data, 1, 0, team);
  const std::vector<float>& weights = trained.weights.at("output.weight");  // [1, 6]
  const AttentionMaps maps =
      attention_maps(model, images.train.inputs, {1}, {.output = "below"})[0];
  for (int64_t p = 0; p < kSize * kSize; ++p) {
    double sum = 0;
    for (int64_t c = 0; c < 6; ++c) {
      EXPECT_NEAR(values.gradients[c * kSize * kSize + p], weights[c] / (kSize * kSize), 1e-7);
      sum += weights[c] * values.activations[c * kSize * kSize + p] / (kSize * kSize);
    }
    EXPECT_NEAR(maps.grad_cam.values[p], std::max(0.0, sum), 1e-6);
  }
}

TEST(Attention, ADenseNetworkHasNoGradCam) {
  const ImageFolder images = squares();
  const Model model =
      train(images,
            run({{.type = "flatten"}, {.type = "dense", .fields = {{"units", int64_t{4}}}}}))
          .model;
  const AttentionMaps maps = attention_maps(model, images.train.inputs, {0})[0];
  EXPECT_TRUE(maps.grad_cam.values.empty());
  EXPECT_EQ(maps.saliency.values.size(), size_t{kSize * kSize});
  EXPECT_THROW(attention_maps(model, images.train.inputs, {0}, {.layer = "flatten1"}), Error);
}

TEST(Attention, RejectsWhatThereIsNot) {
  const ImageFolder images = squares();
  EXPECT_THROW(attention_maps(convolutions(), images.train.inputs, {kSamples}), Error);
  EXPECT_THROW(attention_maps(convolutions(), images.train.inputs, {0}, {.output = "left"}), Error);
  EXPECT_THROW(attention_maps(convolutions(), images.train.inputs, {0}, {.layer = "dense1"}),
               Error);
}

}  // namespace

}  // namespace sinapse
