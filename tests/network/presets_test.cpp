// Networks by name: each fits the pictures it is made for, and says so if it does not fit.
#include "network/presets.h"

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "network/expect_words.h"
#include "network/network.h"

namespace sinapse {

namespace {

NetworkGraph built(std::string_view name, const Shape& row) {
  return build_network({preset_layers(std::string(name))}, {{"pixels", row}}, /*training=*/true);
}

TEST(Presets, TakeGrayAndColourPicturesOfManySizes) {
  for (const NetworkPreset& preset : network_presets()) {
    if (preset.texts) continue;
    for (const Shape& row : {Shape{28, 28}, Shape{1, 28, 28}, Shape{3, 32, 32}, Shape{4, 17, 31}}) {
      const NetworkGraph network = built(preset.name, row);
      EXPECT_EQ(network.graph.shape(network.output).size(), 2u) << preset.name;
    }
  }
}

TEST(Presets, HaveTheParametersOfTheirPapers) {
  const auto parameters = [](const char* name) {
    return built(name, {3, 32, 32}).num_parameters();
  };
  EXPECT_NEAR(static_cast<double>(parameters("resnet20")), 0.27e6, 0.01e6);
  EXPECT_NEAR(static_cast<double>(parameters("resnet18")), 11.17e6, 0.01e6);
  EXPECT_LT(parameters("mobilenet_small"), 150'000);
}

TEST(Presets, UnknownNamesAreRefusedWithTheNearest) {
  expect_error(ErrorCode::usage, {"resnet21", "resnet20"}, [] { preset_layers("resnet21"); });
}

TEST(Presets, TheirNamesMayBeWrittenInAnyCase) {
  EXPECT_EQ(preset_layers("ResNet-20").size(), preset_layers("resnet20").size());
}

TEST(Presets, RowsOfTheWrongRankAreRefusedWithLayerAndShapes) {
  expect_error(ErrorCode::model, {"conv2d1", "[batch, channels, height, width]", "[batch, 784]"},
               [] { built("small_cnn", {784}); });
  expect_error(ErrorCode::model, {"conv2d1", "[batch, 3, 4, 5, 6]"}, [] {
    built("resnet20", {3, 4, 5, 6});
  });
  expect_error(ErrorCode::model, {"conv2d2", "window of 5", "4 elements"}, [] {
    built("lenet5", {1, 8, 8});
  });
}

}  // namespace

}  // namespace sinapse
