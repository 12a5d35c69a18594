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
  const ArrayFeatures features = ArrayFeatures::fit(kImages, std::vector<int64_t>{0, 1});
  EXPECT_EQ(features.shape, (std::vector<int64_t>{1, 2}));
  EXPECT_FLOAT_EQ(features.mean, 3);
  EXPECT_FLOAT_EQ(features.scale, 1 / std::sqrt(5.0f));
  const std::vector<float> values = features.encode(kImages);
  ASSERT_EQ(values.size(), 6u);
  EXPECT_FLOAT_EQ(values[3], 3 / std::sqrt(5.0f));
}

TEST(ArrayFeatures, TakeEveryElementType) {
  const ArrayFeatures wide =
      ArrayFeatures::fit(array_of<double>(ElementType::float64, {2, 1}, {1, 3}), all_rows(2));
  EXPECT_FLOAT_EQ(wide.mean, 2);
  const ArrayFeatures whole =
      ArrayFeatures::fit(array_of<int16_t>(ElementType::int16, {2, 1}, {-5, 5}), all_rows(2));
  EXPECT_FLOAT_EQ(whole.scale, 0.2f);
}

TEST(ArrayFeatures, RejectConstantAndNotFiniteArrays) {
  expect_error(ErrorCode::data, {"equal"}, [] {
    ArrayFeatures::fit(array_of<uint8_t>(ElementType::uint8, {2, 1}, {7, 7}), all_rows(2));
  });
  expect_error(ErrorCode::data, {"sample 1", "element 0", "nan"}, [] {
    ArrayFeatures::fit(array_of<float>(ElementType::float32, {2, 1}, {1, NAN}), all_rows(2));
  });
}

TEST(ArrayFeatures, RejectOtherShapes) {
  const ArrayFeatures features = ArrayFeatures::fit(kImages, all_rows(3));
  Array other = kImages;
  other.shape = {1, 2, 3};
  expect_error(ErrorCode::data, {"uint8", "[1, 2]", "[1, 2, 3]"}, [&] { features.encode(other); });
}

TEST(ArrayFeatures, SurviveBeingStored) {
  const ArrayFeatures features = ArrayFeatures::fit(kImages, all_rows(3));
  const ArrayFeatures loaded = ArrayFeatures::from_json(features.to_json());
  EXPECT_EQ(loaded.encode(kImages), features.encode(kImages));
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
}

}  // namespace
}  // namespace sinapse
