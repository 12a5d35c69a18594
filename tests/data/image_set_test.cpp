#include <filesystem>

#include <gtest/gtest.h>

#include <sinapse/image_set.h>

#include "data/expect_error.h"
#include "data/npy.h"
#include "data/temporary_folder.h"
#include "paths.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

std::string images(char count, char width = 2) {
  return "\0\0\x08\x03\0\0\0"s + count + "\0\0\0\x01\0\0\0"s + width +
         std::string(static_cast<size_t>(count * width), '\x07');
}

std::string labels(const std::string& values) {
  return "\0\0\x08\x01\0\0\0"s + static_cast<char>(values.size()) + values;
}

void write_set(const TemporaryFolder& folder, const std::string& prefix, char count,
               const std::string& values, char width = 2) {
  folder.file(prefix + "-images-idx3-ubyte", images(count, width));
  folder.file(prefix + "-labels-idx1-ubyte", labels(values));
}

TEST(ReadIdxFolder, ReadsTrainingAndTestSet) {
  const TemporaryFolder folder;
  write_set(folder, "train", 3, "\0\2\1"s);
  write_set(folder, "t10k", 2, "\1\0"s);
  EXPECT_TRUE(looks_like_idx(folder.path("")));
  const ImageFolder set = read_idx_folder(folder.path(""));
  EXPECT_EQ(set.train.inputs.shape, (std::vector<int64_t>{3, 1, 2}));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 2, 1}));
  EXPECT_EQ(set.train.classes, (std::vector<std::string>{"0", "1", "2"}));
  ASSERT_TRUE(set.test.has_value());
  EXPECT_EQ(set.test->labels, (std::vector<int32_t>{1, 0}));
  EXPECT_EQ(set.test->classes, set.train.classes);
}

TEST(ReadIdxFolder, SelectsOneSetByPrefix) {
  const TemporaryFolder folder;
  write_set(folder, "train", 3, "\0\2\1"s);
  write_set(folder, "test", 2, "\1\0"s);
  EXPECT_TRUE(looks_like_idx(folder.path("test")));
  const ImageFolder set = read_idx_folder(folder.path("test"));
  EXPECT_EQ(set.train.labels.size(), 2u);
  EXPECT_FALSE(set.test.has_value());
}

TEST(ReadIdxFolder, NeedsNoTestSet) {
  const TemporaryFolder folder;
  write_set(folder, "train", 1, "\3"s);
  EXPECT_FALSE(read_idx_folder(folder.path("")).test.has_value());
}

TEST(ReadIdxFolder, RejectsOtherCounts) {
  const TemporaryFolder folder;
  write_set(folder, "train", 3, "\0\2"s);
  const std::string message =
      message_of(ErrorCode::data, [&] { read_idx_folder(folder.path("")); });
  EXPECT_NE(message.find("found 2 labels"), std::string::npos) << message;
  EXPECT_NE(message.find("has 3 samples"), std::string::npos) << message;
}

TEST(ReadIdxFolder, RejectsMissingLabels) {
  const TemporaryFolder folder;
  folder.file("train-images-idx3-ubyte", images(1));
  const std::string message =
      message_of(ErrorCode::file, [&] { read_idx_folder(folder.path("train")); });
  EXPECT_NE(message.find("train-labels-idx1-ubyte"), std::string::npos) << message;
}

TEST(ReadIdxFolder, RejectsTestSetsThatDoNotFit) {
  const TemporaryFolder folder;
  write_set(folder, "train", 2, "\0\1"s);
  write_set(folder, "t10k", 1, "\2"s);
  EXPECT_NE(message_of(ErrorCode::data, [&] { read_idx_folder(folder.path("")); })
                .find("test labels go up to 2"),
            std::string::npos);
  write_set(folder, "t10k", 1, "\1"s, 3);
  EXPECT_NE(message_of(ErrorCode::data, [&] { read_idx_folder(folder.path("")); })
                .find("shape [1, 2], but test samples [1, 3]"),
            std::string::npos);
}

TEST(ReadIdxFolder, RejectsNegativeLabels) {
  const TemporaryFolder folder;
  folder.file("train-images-idx3-ubyte", images(1));
  folder.file("train-labels-idx1-ubyte", "\0\0\x09\x01\0\0\0\x01\xFF"s);
  EXPECT_NE(
      message_of(ErrorCode::data, [&] { read_idx_folder(folder.path("")); }).find("label 0 is -1"),
      std::string::npos);
}

Array floats(std::vector<int64_t> shape) {
  Array array{.type = ElementType::float32, .shape = std::move(shape), .bytes = {}};
  array.bytes.resize(array.num_elements() * sizeof(float));
  return array;
}

Array classes(const std::vector<int64_t>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {.type = ElementType::int64,
          .shape = {static_cast<int64_t>(values.size())},
          .bytes = {bytes.begin(), bytes.end()}};
}

TEST(ReadIdxFolder, ReadsArraysOfAnyShape) {
  const TemporaryFolder folder;
  write_npy(folder.path("train_x.npy"), floats({3, 2, 2, 5}));
  write_npy(folder.path("train_y.npy"), classes({0, 2, 1}));
  write_npy(folder.path("test_x.npy"), floats({1, 2, 2, 5}));
  write_npy(folder.path("test_y.npy"), classes({1}));
  EXPECT_TRUE(looks_like_idx(folder.path("")));
  const ImageFolder set = read_idx_folder(folder.path(""));
  EXPECT_EQ(set.train.inputs.shape, (std::vector<int64_t>{3, 2, 2, 5}));
  EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 2, 1}));
  EXPECT_EQ(set.test->labels, (std::vector<int32_t>{1}));
  EXPECT_EQ(read_idx_folder(folder.path("test")).train.labels.size(), 1u);
}

TEST(ReadIdxFolder, ReadsNpzFiles) {
  for (const char* name : {"stored", "deflated"}) {
    const std::string path = source_path(std::string("tests/golden/arrays_") + name + ".npz");
    ASSERT_TRUE(looks_like_idx(path));
    const ImageFolder set = read_idx_folder(path);
    EXPECT_EQ(set.train.inputs.shape, (std::vector<int64_t>{4, 3, 2}));
    EXPECT_EQ(set.train.labels, (std::vector<int32_t>{0, 2, 1, 2}));
    EXPECT_EQ(set.test->labels, (std::vector<int32_t>{1}));
  }
}

TEST(ReadIdxFolder, NamesMissingArrays) {
  const TemporaryFolder folder;
  write_npy(folder.path("train_x.npy"), floats({3, 2}));
  EXPECT_NE(message_of(ErrorCode::file, [&] { read_idx_folder(folder.path("")); })
                .find("there is no file " + folder.path("train_y.npy")),
            std::string::npos);
  write_npy(folder.path("train_y.npy"), floats({3, 2}));
  EXPECT_NE(message_of(ErrorCode::data, [&] { read_idx_folder(folder.path("")); })
                .find("found an array of shape [3, 2]"),
            std::string::npos);
}

TEST(LooksLikeIdx, IsFalseElsewhere) {
  const TemporaryFolder folder;
  EXPECT_FALSE(looks_like_idx(folder.path("")));
  EXPECT_FALSE(looks_like_idx(folder.file("table.csv", "a,b\n1,2\n")));
}

TEST(ReadIdxFolder, ReadsFashionMnist) {
  const std::string path = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(path)) FAIL() << "dataset-fashion-mnist is not installed";
  const ImageFolder set = read_idx_folder(path);
  EXPECT_EQ(set.train.inputs.shape, (std::vector<int64_t>{60000, 28, 28}));
  EXPECT_EQ(set.test->inputs.shape, (std::vector<int64_t>{10000, 28, 28}));
  EXPECT_EQ(std::vector<int32_t>(set.train.labels.begin(), set.train.labels.begin() + 5),
            (std::vector<int32_t>{9, 0, 0, 3, 0}));
  EXPECT_EQ(set.train.classes.size(), 10u);
}

}  // namespace
}  // namespace sinapse
