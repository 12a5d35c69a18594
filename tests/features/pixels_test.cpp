#include "features/pixels.h"

#include <cstring>

#include <gtest/gtest.h>

#include "features/columns.h"
#include "network/expect_words.h"

namespace sinapse {
namespace {

template <class T>
Array array_of(ElementType type, std::vector<int64_t> shape, const std::vector<T>& values) {
  Array array{.type = type, .shape = std::move(shape), .bytes = {}};
  array.bytes.resize(values.size() * sizeof(T));
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

const Array kImages = array_of<uint8_t>(ElementType::uint8, {3, 1, 2}, {0, 2, 4, 6, 200, 255});

TEST(ArrayFeatures, StandardiseByTheTrainingSamples) {
  const ArrayFeatures features = ArrayFeatures::fit_to(kImages, std::vector<int64_t>{0, 1});
  EXPECT_EQ(features.shape, (std::vector<int64_t>{1, 2}));
  EXPECT_FLOAT_EQ(features.mean[0], 3);
  EXPECT_FLOAT_EQ(features.scale[0], 1 / std::sqrt(5.0f));
  const std::vector<float> values = features.encode(kImages);
  ASSERT_EQ(values.size(), 6u);
  EXPECT_FLOAT_EQ(values[3], 3 / std::sqrt(5.0f));
}

TEST(ArrayFeatures, TakeEveryElementType) {
  const ArrayFeatures wide =
      ArrayFeatures::fit_to(array_of<double>(ElementType::float64, {2, 1}, {1, 3}), all_rows(2));
  EXPECT_FLOAT_EQ(wide.mean[0], 2);
  const ArrayFeatures whole =
      ArrayFeatures::fit_to(array_of<int16_t>(ElementType::int16, {2, 1}, {-5, 5}), all_rows(2));
  EXPECT_FLOAT_EQ(whole.scale[0], 0.2f);
}

// Two pixels of two samples; red varies, green does not.
const Array kColors = array_of<uint8_t>(ElementType::uint8, {2, 2, 2}, {1, 9, 3, 9, 5, 9, 7, 9});

TEST(ArrayFeatures, GiveEachChannelItsOwnMeanAndPutChannelsFirst) {
  const ArrayFeatures last = ArrayFeatures::fit_to(kColors, all_rows(2), Channels::last);
  EXPECT_EQ(last.mean, (std::vector<float>{4, 9}));
  EXPECT_FLOAT_EQ(last.scale[0], 1 / std::sqrt(5.0f));
  EXPECT_EQ(last.scale[1], 1);
  const float unit = last.scale[0];
  EXPECT_EQ(last.encode(kColors),
            (std::vector<float>{-3 * unit, -unit, 0, 0, unit, 3 * unit, 0, 0}));
  const ArrayFeatures first = ArrayFeatures::fit_to(kColors, all_rows(2), Channels::first);
  EXPECT_EQ(first.mean, (std::vector<float>{(1 + 9 + 5 + 9) / 4.0f, (3 + 9 + 7 + 9) / 4.0f}));
  std::vector<float> row(4);
  last.encode_bytes(reinterpret_cast<const uint8_t*>(kColors.bytes.data()) + 4, row.data());
  EXPECT_EQ(row, (std::vector<float>{unit, 3 * unit, 0, 0}));
}

TEST(ArrayFeatures, ChannelsAreFoundOrDeclared) {
  EXPECT_EQ(channels_from_name("auto", {28, 28}), Channels::none);
  EXPECT_EQ(channels_from_name("auto", {32, 32, 3}), Channels::last);
  EXPECT_EQ(channels_from_name("auto", {3, 32, 32}), Channels::first);
  EXPECT_EQ(channels_from_name("auto", {16, 16, 16}), Channels::none);
  EXPECT_EQ(channels_from_name("auto", {8, 8, 8, 1}), Channels::last);
  EXPECT_EQ(channels_from_name("last", {12, 6}), Channels::last);
  expect_error(ErrorCode::usage, {"data.channels", "second"}, [] {
    channels_from_name("second", {2, 2});
  });
  expect_error(ErrorCode::usage, {"first", "[7]"}, [] { channels_from_name("first", {7}); });
}

TEST(ArrayFeatures, TheNetworkSeesChannelsFirst) {
  EXPECT_EQ((ArrayFeatures{.shape = {4, 5, 3}, .channels = Channels::last}.network_shape()),
            (Shape{3, 4, 5}));
  EXPECT_EQ((ArrayFeatures{.shape = {3, 4, 5}, .channels = Channels::first}.network_shape()),
            (Shape{3, 4, 5}));
}

TEST(ArrayFeatures, RejectConstantAndNotFiniteArrays) {
  expect_error(ErrorCode::data, {"equal"}, [] {
    ArrayFeatures::fit_to(array_of<uint8_t>(ElementType::uint8, {2, 1}, {7, 7}), all_rows(2));
  });
  expect_error(ErrorCode::data, {"sample 1", "element 0", "nan"}, [] {
    ArrayFeatures::fit_to(array_of<float>(ElementType::float32, {2, 1}, {1, NAN}), all_rows(2));
  });
}

TEST(ArrayFeatures, RejectOtherShapes) {
  const ArrayFeatures features = ArrayFeatures::fit_to(kImages, all_rows(3));
  Array other = kImages;
  other.shape = {1, 2, 3};
  expect_error(ErrorCode::data, {"uint8", "[samples, 1, 2]", "[1, 2, 3]"},
               [&] { features.encode(other); });
  other.shape = {1, 2};
  expect_error(ErrorCode::data, {"[samples, 1, 2]", "a first axis of one sample"},
               [&] { features.encode(other); });
}

TEST(ArrayFeatures, SurviveBeingStored) {
  const ArrayFeatures features = ArrayFeatures::fit_to(kImages, all_rows(3));
  const ArrayFeatures loaded = ArrayFeatures::from_json(features.to_json());
  EXPECT_EQ(loaded.encode(kImages), features.encode(kImages));
  ArrayFeatures colors = ArrayFeatures::fit_to(kColors, all_rows(2), Channels::last);
  colors.fit = "pad";
  EXPECT_EQ(ArrayFeatures::from_json(colors.to_json()).encode(kColors), colors.encode(kColors));
  EXPECT_EQ(ArrayFeatures::from_json(colors.to_json()).fit, "pad");
}

TEST(ArrayFeatures, RejectDamagedJson) {
  const auto json = [](const std::string& shape, const std::string& type,
                       const std::string& scale) {
    return R"({"version":1,"shape":)" + shape + R"(,"type":")" + type + R"(","mean":1,"scale":)" +
           scale + "}";
  };
  EXPECT_EQ(ArrayFeatures::from_json(json("[28,28]", "uint8", "2")).size(), 784);
  for (const std::string& text :
       {json("[0]", "uint8", "2"), json("[-1]", "uint8", "2"), json("7", "uint8", "2"),
        json("[9999999999,9999999999]", "uint8", "2"), json("[1,1,1,1,1,1,1,1,1]", "uint8", "2"),
        json("[1.5]", "uint8", "2"), json("[2]", "text", "2"), json("[2]", "uint8", "0"),
        json("[2]", "uint8", "1e60")})
    expect_error(ErrorCode::model, {}, [&] { ArrayFeatures::from_json(text); });
  const auto with_channels = [](const std::string& where, const std::string& mean) {
    return R"({"version":2,"shape":[2,3],"type":"uint8","fit":"","channels":")" + where +
           R"(","mean":)" + mean + R"(,"scale":[1,1]})";
  };
  EXPECT_EQ(ArrayFeatures::from_json(with_channels("first", "[0,1]")).num_channels(), 2);
  for (const std::string& text :
       {with_channels("last", "[0,1]"), with_channels("none", "[0]"), with_channels("first", "[0]"),
        with_channels("second", "[0,1]"), with_channels("first", "[0,\"a\"]")})
    expect_error(ErrorCode::model, {}, [&] { ArrayFeatures::from_json(text); });
}

}  // namespace
}  // namespace sinapse
