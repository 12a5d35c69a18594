// What is done to pictures before a network sees them.
#include "data/image.h"

#include <gtest/gtest.h>

#include "data/encode_image.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

TEST(Resized, AConstantStaysAConstant) {
  Image image = blank_image(7, 5, 3);
  for (uint8_t& value : image.pixels) value = 77;
  for (const auto& [height, width] : {std::pair{1, 1}, {3, 9}, {20, 2}, {7, 5}}) {
    const Image other = resized(image, height, width);
    ASSERT_EQ(other.pixels.size(), static_cast<size_t>(height * width * 3));
    for (const uint8_t value : other.pixels) EXPECT_EQ(value, 77);
  }
}

TEST(Resized, HalvingGivesMeansOfNeighbours) {
  // Triangles four pixels wide: 1/8, 3/8, 3/8, 1/8; cut off and scaled up at the ends.
  const Image image{1, 6, 1, {0, 0, 80, 80, 160, 160}};
  EXPECT_EQ(resized(image, 1, 3).pixels, (std::vector<uint8_t>{11, 80, 149}));
}

TEST(Resized, DoublingGoesLinearlyBetweenPixels) {
  const Image image{1, 2, 1, {0, 100}};
  EXPECT_EQ(resized(image, 1, 4).pixels, (std::vector<uint8_t>{0, 25, 75, 100}));
}

TEST(Fitted, CropsPadsOrStretches) {
  Image image = blank_image(2, 4, 1);
  image.pixels = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(fitted(image, 2, 2, ImageFit::crop).pixels, (std::vector<uint8_t>{2, 3, 6, 7}));
  EXPECT_EQ(fitted(image, 4, 4, ImageFit::pad).pixels,
            (std::vector<uint8_t>{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0}));
  EXPECT_EQ(fitted(image, 2, 4, ImageFit::stretch).pixels, image.pixels);
  const Image narrow = fitted(sample_image(1, 1000, 3), 8, 8, ImageFit::pad);
  EXPECT_EQ(narrow.height, 8);
  EXPECT_EQ(narrow.width, 8);
  EXPECT_EQ(fitted(sample_image(1000, 1, 3), 8, 8, ImageFit::crop).pixels.size(), 192u);
}

TEST(Fitted, UnknownWaysAreRefused) {
  expect_error(ErrorCode::usage, {"corp", "crop"}, [] { fit_from_name("corp"); });
}

TEST(WithChannels, TransparencyShowsWhite) {
  const Image image{1, 2, 4, {200, 100, 0, 255, 10, 10, 10, 0}};
  EXPECT_EQ(with_channels(image, 3).pixels, (std::vector<uint8_t>{200, 100, 0, 255, 255, 255}));
  EXPECT_EQ(with_channels(image, 1).pixels, (std::vector<uint8_t>{119, 255}));
  EXPECT_EQ(with_channels(Image{1, 1, 1, {7}}, 4).pixels, (std::vector<uint8_t>{7, 7, 7, 255}));
  EXPECT_EQ(with_channels(Image{1, 1, 2, {7, 0}}, 1).pixels, (std::vector<uint8_t>{255}));
}

TEST(IsGray, LooksAtEveryPixel) {
  EXPECT_TRUE(is_gray({1, 2, 3, {5, 5, 5, 9, 9, 9}}));
  EXPECT_FALSE(is_gray({1, 2, 3, {5, 5, 5, 9, 9, 8}}));
  EXPECT_FALSE(is_gray({1, 1, 2, {5, 254}}));
}

}  // namespace

}  // namespace sinapse
