// Every kind of picture file is read, turned upright, or refused with a reason; nothing crashes.
#include "data/decode_image.h"

#include <cmath>

#include <gtest/gtest.h>
#include <zlib.h>

#include <sinapse/error.h>

#include "data/encode_image.h"

namespace sinapse {

namespace {

Image decode(const std::string& bytes) {
  return decode_image(bytes, "picture");
}

void expect_equal(const Image& actual, const Image& expected, int tolerance = 0) {
  ASSERT_EQ(actual.height, expected.height);
  ASSERT_EQ(actual.width, expected.width);
  ASSERT_EQ(actual.channels, expected.channels);
  for (size_t i = 0; i < expected.pixels.size(); ++i) {
    EXPECT_LE(std::abs(actual.pixels[i] - expected.pixels[i]), tolerance) << "byte " << i;
  }
}

void expect_refused(const std::string& bytes, const std::string& word) {
  try {
    decode(bytes);
    FAIL() << "nothing was thrown, where \"" << word << "\" was expected";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_NE(std::string(error.what()).find("picture: "), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Png, GrayAndColoursWithAndWithoutAlpha) {
  for (const int64_t channels : {1, 2, 3, 4}) {
    const Image image = sample_image(5, 7, channels);
    expect_equal(decode(png_file(image)), image);
  }
}

TEST(Png, PalettesBecomeColours) {
  const uint8_t indices[] = {0, 1, 1, 0}, palette[] = {255, 0, 0, 0, 0, 255};
  const Image image = decode(png_file(2, 2, PNG_FORMAT_RGB_COLORMAP, indices, palette, 2));
  expect_equal(image, {2, 2, 3, {255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0}});
}

TEST(Png, SixteenBitsBecomeEight) {
  const uint16_t light[] = {0, 65535};
  const Image image = decode(png_file(1, 2, PNG_FORMAT_LINEAR_Y, light));
  expect_equal(image, {1, 2, 1, {0, 255}});
}

TEST(Png, DamagedAndTruncatedOnesAreRefused) {
  const std::string good = png_file(sample_image(20, 20, 3));
  expect_refused(good.substr(0, good.size() / 2), "damaged PNG");
  expect_refused(good.substr(0, 20), "damaged PNG");
  std::string flipped = good;
  flipped[good.size() / 2] ^= 0x40;
  expect_refused(flipped, "damaged PNG");
}

TEST(Png, ABombIsRefusedBeforeItIsUnpacked) {
  std::string bomb = png_file(sample_image(4, 4, 1));
  const char size[] = {0, 1, '\x86', '\xa0', 0, 1, '\x86', '\xa0'};  // 100,000 x 100,000
  bomb.replace(16, 8, size, 8);
  const uint32_t sum = crc32(0, reinterpret_cast<const Bytef*>(bomb.data() + 12), 17);
  for (int i = 0; i < 4; ++i) bomb[29 + i] = static_cast<char>(sum >> (24 - 8 * i));
  expect_refused(bomb, "claims 100000 x 100000");
  std::string large = png_file(20, 20, PNG_FORMAT_GRAY, sample_image(20, 20, 1).pixels.data());
  EXPECT_THROW(decode_image(large, "picture", {.max_pixels = 399}), Error);
  EXPECT_NO_THROW(decode_image(large, "picture", {.max_pixels = 400}));
}

TEST(Jpeg, GrayAndColours) {
  for (const int64_t channels : {1, 3}) {
    const Image image = sample_image(16, 24, channels);
    expect_equal(decode(jpeg_file(image)), image, 12);
  }
}

TEST(Jpeg, ProgressiveOnesToo) {
  const Image image = sample_image(16, 24, 1);
  expect_equal(decode(jpeg_file(image, "", /*progressive=*/true)), image, 6);
}

TEST(Jpeg, InksBecomeLights) {
  Image inks = blank_image(8, 8, 4);  // Adobe's way: 255 is no ink
  for (size_t i = 0; i < inks.pixels.size(); ++i) inks.pixels[i] = i % 4 == 1 ? 0 : 255;
  const Image image = decode(jpeg_file(inks));
  ASSERT_EQ(image.channels, 3);
  EXPECT_GT(image.pixels[0], 250);
  EXPECT_LT(image.pixels[1], 5);  // magenta takes away green
  EXPECT_GT(image.pixels[2], 250);
}

TEST(Jpeg, IsTurnedUprightAsExifSays) {
  // Bright in its upper left corner; where that corner belongs, by orientation.
  Image image = blank_image(16, 32, 1);
  for (int64_t y = 0; y < 8; ++y) std::fill_n(image.at(y, 0), 8, uint8_t{255});
  struct Corner {
    int64_t height, width;
    bool bottom, right;
  };
  const Corner corners[] = {{16, 32, false, false}, {16, 32, false, true},  {16, 32, true, true},
                            {16, 32, true, false},  {32, 16, false, false}, {32, 16, false, true},
                            {32, 16, true, true},   {32, 16, true, false}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Corner& corner = corners[orientation - 1];
    const Image upright = decode(jpeg_file(image, exif_block(orientation)));
    ASSERT_EQ(upright.height, corner.height) << orientation;
    ASSERT_EQ(upright.width, corner.width) << orientation;
    EXPECT_GT(
        *upright.at(corner.bottom ? upright.height - 2 : 1, corner.right ? upright.width - 2 : 1),
        200)
        << orientation;
  }
}

TEST(Jpeg, MayBeDecodedSmallerAtOnce) {
  const std::string file = jpeg_file(sample_image(256, 512, 3));
  const Image image = decode_image(file, "picture", {.enough = 60});
  EXPECT_EQ(image.height, 64);
  EXPECT_EQ(image.width, 128);
}

TEST(Jpeg, DamagedAndTruncatedOnesAreRefused) {
  const std::string good = jpeg_file(sample_image(64, 64, 3));
  expect_refused(good.substr(0, good.size() / 2), "damaged JPEG");
  expect_refused(good.substr(0, 30), "damaged JPEG");
  expect_refused("\xff\xd8 nothing", "damaged JPEG");
  EXPECT_THROW(decode_image(good, "picture", {.max_pixels = 4095}), Error);
}

TEST(Exif, OrientationIsFoundOrOne) {
  EXPECT_EQ(exif_orientation(exif_block(6).substr(6)), 6);
  EXPECT_EQ(exif_orientation(exif_block(9).substr(6)), 1);
  EXPECT_EQ(
      exif_orientation(std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 22)),
      3);
  const std::string block = exif_block(6).substr(6);
  for (size_t size = 0; size < block.size() - 6; ++size) {
    EXPECT_EQ(exif_orientation(block.substr(0, size)), 1) << size;
  }
}

TEST(Pnm, AllSixKinds) {
  expect_equal(decode("P1\n3 2\n1 0 1\n010"), {2, 3, 1, {0, 255, 0, 255, 0, 255}});
  expect_equal(decode("P2 # gray\n2 1 15\n0 15"), {1, 2, 1, {0, 255}});
  expect_equal(decode("P3 1 1 255 1 2 3"), {1, 1, 3, {1, 2, 3}});
  expect_equal(decode(std::string("P4\n10 1\n\xa0\x40", 10)),
               {1, 10, 1, {0, 255, 0, 255, 255, 255, 255, 255, 255, 0}});
  const Image image = sample_image(3, 4, 3);
  expect_equal(decode(ppm_file(image)), image);
  expect_equal(decode(std::string("P5 2 1 65535\n\x80\x00\xff\xff", 17)), {1, 2, 1, {128, 255}});
}

TEST(Pnm, DamagedAndTruncatedOnesAreRefused) {
  for (const char* bytes :
       {"P5 2 2 255\nabc", "P5 2", "P5 2 2 0\nabcd", "P5 2 2 70000\nabcdabcd", "P2 2 1 9 3 x",
        "P6 99999999 99999999 255\n", "P5 0 3 255\n", "P1 2 1 1 2", "P5 -1 1 255\nab"}) {
    EXPECT_THROW(decode(bytes), Error) << bytes;
  }
}

std::string little(uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string bmp_file(int32_t width, int32_t height, int depth, const std::string& palette,
                     const std::string& rows, uint32_t compression = 0) {
  const auto start = static_cast<uint32_t>(54 + palette.size());
  return "BM" + little(start + static_cast<uint32_t>(rows.size()), 4) + little(0, 4) +
         little(start, 4) + little(40, 4) + little(static_cast<uint32_t>(width), 4) +
         little(static_cast<uint32_t>(height), 4) + little(1, 2) +
         little(static_cast<uint32_t>(depth), 2) + little(compression, 4) + std::string(20, '\0') +
         palette + rows;
}

TEST(Bmp, ColoursFromTheBottomUpOrTheTopDown) {
  const std::string rows("\x03\x02\x01\0\x06\x05\x04\0", 8);  // blue, green, red, and a row's end
  expect_equal(decode(bmp_file(1, 2, 24, "", rows)), {2, 1, 3, {4, 5, 6, 1, 2, 3}});
  expect_equal(decode(bmp_file(1, -2, 24, "", rows)), {2, 1, 3, {1, 2, 3, 4, 5, 6}});
}

TEST(Bmp, PalettesAndMasks) {
  const std::string palette("\x01\x02\x03\0\x0a\x0b\x0c\0", 8);
  expect_equal(decode(bmp_file(2, 1, 1, palette, std::string("\x40\0\0\0", 4))),
               {1, 2, 3, {3, 2, 1, 12, 11, 10}});
  expect_equal(decode(bmp_file(2, 1, 4, palette, std::string("\x10\0\0\0", 4))),
               {1, 2, 3, {12, 11, 10, 3, 2, 1}});
  const std::string masks = little(0xf800, 4) + little(0x07e0, 4) + little(0x001f, 4);
  expect_equal(decode(bmp_file(1, 1, 16, masks, little(0xf800, 4), 3)), {1, 1, 3, {255, 0, 0}});
}

TEST(Bmp, DamagedAndCompressedOnesAreRefused) {
  const std::string row("\x40\0\0\0", 4);
  expect_refused(bmp_file(2, 1, 1, "", row), "BMP");
  expect_refused(bmp_file(2, 3, 24, "", row), "too early");
  expect_refused(bmp_file(2, 1, 24, "", row + row, 1), "compressed");
  expect_refused(bmp_file(2, 1, 7, "", row), "bits");
  expect_refused(bmp_file(0, 1, 24, "", row), "empty");
  expect_refused("BM too short", "too early");
}

TEST(DecodeImage, OtherFilesAreRefused) {
  expect_refused("", "empty");
  expect_refused("GIF89a", "no PNG, JPEG, BMP or PNM");
  expect_refused("P7\n", "no PNG");
}

}  // namespace

}  // namespace sinapse
