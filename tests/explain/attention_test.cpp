#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include <sinapse/attention.h>
#include <sinapse/error.h>
#include <sinapse/map_sanity.h>
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

// Stripes stand at a place of their own in each picture; a bright square is no sign of anything.
struct Stripes {
  static constexpr int64_t kSide = 16, kPatch = 4;
  static int64_t top(int64_t i) { return 1 + i * 5 % 10; }
  static int64_t left(int64_t i) { return 1 + i * 3 % 6; }
  static bool is_near(int64_t i, int64_t y, int64_t x, int64_t margin) {
    return y >= top(i) - margin && y < top(i) + kPatch + margin && x >= left(i) - margin &&
           x < left(i) + kPatch + margin;
  }
  static ImageFolder pictures(int64_t count) {
    ImageFolder folder;
    folder.train.classes = {"plain", "striped"};
    folder.train.inputs = {ElementType::uint8, {count, kSide, kSide}, {}};
    for (int64_t i = 0; i < count; ++i) {
      const RandomStream random(4, purpose_of("stripes"), static_cast<uint64_t>(i));
      folder.train.labels.push_back(static_cast<int32_t>(i % 2));
      for (int64_t p = 0; p < kSide * kSide; ++p) {
        const int64_t y = p / kSide, x = p % kSide;
        double level = 100 + 40 * random.uniform(static_cast<uint64_t>(p));
        if (y / 4 == i % 4 && x >= 12) level = 250;
        if (is_near(i, y, x, 0)) level = (x - left(i)) % 2 == 1 ? 255 : 0;
        folder.train.inputs.bytes.push_back(static_cast<std::byte>(level));
      }
    }
    return folder;
  }

  // relu of a filter for stripes, whose mean is the answer: it sees nothing else.
  static Model detector() {
    const Model model =
        train(pictures(40), run({convolution(), {.type = "global_average_pool"}})).model;
    TrainedNetwork trained = model.trained();
    const auto scale = static_cast<float>(trained.pixels->scale[0]);
    std::vector<float>& filters = trained.weights.at("conv2d1.weight");  // [6, 1, 3, 3]
    std::fill(filters.begin(), filters.end(), 0.0f);
    for (size_t row = 0; row < 3; ++row) {
      filters[3 * row] = filters[3 * row + 2] = -1.0f / 12;
      filters[3 * row + 1] = 2.0f / 12;
    }
    trained.weights.at("conv2d1.bias").assign(6, 0.0f);
    trained.weights.at("conv2d1.bias")[0] = -60 * scale;  // an edge of a square has at most 38
    std::vector<float>& output = trained.weights.at("output.weight");  // [1, 6]
    std::fill(output.begin(), output.end(), 0.0f);
    output[0] = 1;
    return Model(std::make_shared<const TrainedNetwork>(std::move(trained)));
  }

  // The share of a map's absolute sum at the stripes.
  static double share(const AttentionMap& map, int64_t i, int64_t margin) {
    double inside = 0, all = 0;
    for (int64_t p = 0; p < kSide * kSide; ++p) {
      all += std::abs(map.values[p]);
      if (is_near(i, p / kSide, p % kSide, margin)) inside += std::abs(map.values[p]);
    }
    return all > 0 ? inside / all : 0;  // of a map that is gone, nothing
  }
};

struct NamedMap {
  const char* name;
  AttentionMap AttentionMaps::*map;
  MapLikeness SanityStep::*likeness;
};
constexpr NamedMap kMaps[] = {{"saliency", &AttentionMaps::saliency, &SanityStep::saliency},
                              {"integrated", &AttentionMaps::integrated, &SanityStep::integrated},
                              {"occlusion", &AttentionMaps::occlusion, &SanityStep::occlusion},
                              {"grad_cam", &AttentionMaps::grad_cam, &SanityStep::grad_cam}};
constexpr int64_t kNetworks = 10;

TEST(Attention, MapsOfADetectorLieOnWhatItDetects) {
  const ImageFolder images = Stripes::pictures(8);
  for (const AttentionMaps& maps :
       attention_maps(Stripes::detector(), images.train.inputs, {0, 1, 2, 3, 4, 5, 6, 7},
                      {.output = "striped", .patch = 1})) {
    for (const auto& [name, map, likeness] : kMaps)
      EXPECT_NEAR(Stripes::share(maps.*map, maps.sample, 1), 1, 1e-6)
          << name << " of " << maps.sample;
  }
}

// Adebayo and others 2018. A bright square and noise are in every picture: maps that show the
// picture would stay as they are.
TEST(MapSanity, RandomWeightsDestroyEveryMapOfADetector) {
  const ImageFolder images = Stripes::pictures(8);
  const Model detector = Stripes::detector();
  const std::vector<int64_t> chosen{0, 1, 2, 3, 4, 5, 6, 7};
  const AttentionOptions options{.output = "striped", .max_evaluations = 50};
  const auto right = attention_maps(detector, images.train.inputs, chosen, options);
  const auto steps = map_sanity(detector, images.train, chosen, options, 1, kNetworks);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].layer, "output");
  EXPECT_EQ(steps[1].layer, "conv2d1");
  EXPECT_GT(steps[0].saliency.values, 0.99) << "only one channel is not 0: its weight scales all";
  for (const auto& [name, map, likeness] : kMaps) {
    double before = 0, kept = 0;
    for (uint64_t seed = 1; seed <= kNetworks; ++seed) {
      const auto random =
          attention_maps(randomised(detector, seed), images.train.inputs, chosen, options);
      for (size_t i = 0; i < chosen.size(); ++i) {
        const double share = 1.0 / static_cast<double>(kNetworks * chosen.size());
        before += share * Stripes::share(right[i].*map, chosen[i], 1);
        kept += share * Stripes::share(random[i].*map, chosen[i], 1);
      }
    }
    EXPECT_GT(before, 0.9) << name;
    EXPECT_LT(kept, 0.5 * before) << name;
    EXPECT_LT(std::abs((steps[1].*likeness).values), 0.15) << name;
  }
}

// Of a linear network every map is known: its weights, and these times the pixels.
TEST(Attention, MapsOfALinearNetworkAreItsWeights) {
  const ImageFolder images = squares();
  const Model model = train(images, run({{.type = "flatten"}})).model;
  const TrainedNetwork& trained = model.trained();
  const std::vector<float>& weights = trained.weights.at("output.weight");
  const Dataset data = encode_inputs(*trained.pixels, images.train.inputs);
  std::vector<float> pixels(weights.size());
  data.inputs[0].copy_row(3, pixels.data());
  const AttentionMaps maps =
      attention_maps(model, images.train.inputs, {3}, {.output = "below", .patch = 1})[0];
  for (size_t p = 0; p < weights.size(); ++p) {
    EXPECT_NEAR(maps.saliency.values[p], std::abs(weights[p]), 1e-6);
    EXPECT_NEAR(maps.integrated.values[p], weights[p] * pixels[p], 1e-5);
    EXPECT_NEAR(maps.occlusion.values[p], weights[p] * pixels[p], 1e-4);
  }
  const AttentionMaps other =
      attention_maps(model, images.train.inputs, {3}, {.output = "above", .patch = 5})[0];
  double inside = 0;  // a square in the corner covers only itself there
  for (int64_t p = 0; p < kSize * kSize; ++p)
    if (p / kSize < 5 && p % kSize < 5) inside += weights[p] * pixels[p];
  EXPECT_NEAR(other.occlusion.values[0], -inside, 1e-4);
}

TEST(MapSanity, RandomWeightsDestroyTheMapsOfATrainedNetwork) {
  const auto steps =
      map_sanity(convolutions(), squares().train, {0, 1, 2, 3, 4, 5}, {}, 1, kNetworks);
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[0].layer, "output");
  EXPECT_EQ(steps[3].layer, "conv2d1");
  for (const auto& [name, map, likeness] : kMaps)
    EXPECT_LT(std::abs((steps[3].*likeness).values), 0.15) << name;
  // With only the output layer random a part of what was learned is still there.
  EXPECT_GT(steps[0].saliency.values, 0.3);
  EXPECT_GT(steps[0].saliency.values, 2 * std::abs(steps[3].saliency.values));
}

// A map of the picture alone would be found out.
TEST(MapSanity, KeepsWhatDoesNotDependOnWeights) {
  const ImageFolder images = Stripes::pictures(4);
  const AttentionOptions options{.output = "striped"};
  const auto right = attention_maps(Stripes::detector(), images.train.inputs, {0, 1}, options);
  const auto random =
      attention_maps(randomised(Stripes::detector(), 3), images.train.inputs, {0, 1}, options);
  EXPECT_DOUBLE_EQ(rank_correlation(right[0].picture, random[0].picture), 1);
  EXPECT_LT(rank_correlation(right[0].picture, right[1].picture), 0.5);
}

TEST(MapSanity, RanksAreCorrelated) {
  const AttentionMap a{2, 2, {-1, 2, 3, 4}}, b{2, 2, {10, 20, 30, 40}}, c{2, 2, {4, 3, 2, 1}};
  EXPECT_DOUBLE_EQ(rank_correlation(a, b), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(a, c), -1);
  EXPECT_DOUBLE_EQ(rank_correlation(a, {2, 2, {-4, 1, 2, 3}}), 1) << "values, not their sizes";
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
