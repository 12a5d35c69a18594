// Samples that stay on disk are those that are read into memory.
#include "data/array_samples.h"

#include <cstdlib>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <sinapse/train.h>

#include "data/expect_error.h"
#include "data/npy.h"
#include "data/take_samples.h"
#include "data/temporary_folder.h"
#include "paths.h"

namespace sinapse {
namespace {

using namespace std::string_literals;

constexpr uint64_t kLittle = 1, kMuch = uint64_t{1} << 30;

std::string some_bytes(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 37 % 101);
  return bytes;
}

std::string npy(const std::string& type, const std::string& data, bool fortran = false) {
  const std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': (5, 3), }}\n", type,
                  fortran ? "True" : "False");
  return "\x93NUMPY\1\0"s + static_cast<char>(header.size()) + '\0' + header + data;
}

std::string idx(char type, const std::string& data) {
  return "\0\0"s + type + "\2\0\0\0\5\0\0\0\3"s + data;
}

std::string packed(const TemporaryFolder& folder, const std::string& bytes) {
  const std::string path = folder.path("packed.gz");
  const gzFile file = gzopen(path.c_str(), "wb6");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

ArrayDataset taken_from(ArraySamples samples) {
  return {.inputs = std::move(samples.array), .stored = std::move(samples.stored)};
}

void expect_same(const std::string& path) {
  const ArrayDataset whole = taken_from(read_array_samples(path, kMuch));
  const ArrayDataset stored = taken_from(read_array_samples(path, kLittle));
  ASSERT_FALSE(whole.stored);
  ASSERT_TRUE(stored.stored);
  EXPECT_TRUE(stored.inputs.bytes.empty());
  EXPECT_EQ(stored.inputs.shape, whole.inputs.shape);
  EXPECT_EQ(stored.inputs.type, whole.inputs.type);
  for (const std::vector<int64_t>& rows :
       {std::vector<int64_t>{0, 1, 2, 3, 4}, std::vector<int64_t>{4, 2, 2}})
    EXPECT_EQ(take_samples(stored, rows).bytes, take_samples(whole, rows).bytes);
}

TEST(ArraySamples, AreTheSameOnDiskForEveryType) {
  const TemporaryFolder folder;
  for (const char* type : {"|b1", "|u1", "|i1", "<i2", ">i2", "<i4", ">i8", "<f4", ">f4", "<f8",
                           "<u2", ">u2", "<u4", "<u8", "<f2"}) {
    SCOPED_TRACE(type);
    const std::string bytes = npy(type, some_bytes(15 * static_cast<size_t>(type[2] - '0')));
    expect_same(folder.file("a.npy", bytes));
    expect_same(packed(folder, bytes));
  }
  for (const auto& [type, size] :
       {std::pair('\x08', 1), std::pair('\x0B', 2), std::pair('\x0D', 4)}) {
    const std::string bytes = idx(type, some_bytes(15 * static_cast<size_t>(size)));
    expect_same(folder.file("a.idx", bytes));
    expect_same(packed(folder, bytes));
  }
}

TEST(ArraySamples, CountWhatBecomesFloatsTwice) {
  const TemporaryFolder folder;
  const std::string bytes = folder.file("bytes", npy("|u1", some_bytes(15)));
  const std::string floats = folder.file("floats", npy("<f4", some_bytes(60)));
  EXPECT_FALSE(read_array_samples(bytes, 15).stored);
  EXPECT_TRUE(read_array_samples(bytes, 14).stored);
  EXPECT_FALSE(read_array_samples(floats, 120).stored);
  EXPECT_TRUE(read_array_samples(floats, 119).stored);
}

// No copy is made of a file whose bytes stand as in memory.
TEST(ArraySamples, StayInTheirFileIfTheyCan) {
  const TemporaryFolder folder;
  const std::string plain = folder.file("a.npy", npy("<f4", some_bytes(60)));
  const std::string other = folder.file("b.npy", npy(">f4", some_bytes(60)));
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before ? before : "";
  ::setenv("TMPDIR", folder.path("missing").c_str(), 1);
  EXPECT_TRUE(read_array_samples(plain, kLittle).stored);
  EXPECT_THROW(read_array_samples(other, kLittle), Error);
  before ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");
}

TEST(ArraySamples, OfDamagedFilesGiveTheSameErrors) {
  const TemporaryFolder folder;
  for (const std::string& bytes :
       {npy("<f4", some_bytes(59)), npy("<f4", some_bytes(61)), npy(">f4", some_bytes(3)),
        npy(">f4", some_bytes(61)), idx('\x08', some_bytes(14)), idx('\x08', some_bytes(16)),
        npy("<u8", std::string(120, '\xFF')), "\x93NUMPY\1"s, "\0\0\x08\2\0\0"s,
        "\0\0\x0E\3\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF"s, "a,b\n"s}) {
    for (const std::string& path : {folder.file("a", bytes), packed(folder, bytes)}) {
      const std::string message =
          message_of(ErrorCode::data, [&] { read_array_samples(path, kMuch); });
      EXPECT_EQ(message_of(ErrorCode::data, [&] { read_array_samples(path, kLittle); }), message);
    }
  }
}

// A header alone must not take memory: its samples would be of 2 GiB.
TEST(ArraySamples, TakeNoMemoryForAHeader) {
  const TemporaryFolder folder;
  const std::string header = "\0\0\x08\2\0\0\0\1\x7F\xFF\xFF\xFF"s;
  for (const std::string& path : {folder.file("a", header), packed(folder, header)})
    EXPECT_NE(message_of(ErrorCode::data, [&] { read_array_samples(path, kLittle); })
                  .find("takes 2147483647 bytes, found 0"),
              std::string::npos);
}

TEST(ArraySamples, InFortranOrderNeedMemory) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.npy", npy("<f4", some_bytes(60), /*fortran=*/true));
  EXPECT_FALSE(read_array_samples(path, kMuch).stored);
  EXPECT_NE(message_of(ErrorCode::data, [&] { read_array_samples(path, kLittle); })
                .find("ascontiguousarray"),
            std::string::npos);
}

class StoredArrays : public testing::TestWithParam<const char*> {};

TEST_P(StoredArrays, OfNpzFilesAreTheSame) {
  const std::string path = source_path(std::string("tests/golden/arrays_") + GetParam() + ".npz");
  const ImageFolder whole = read_idx_folder(path, kMuch), stored = read_idx_folder(path, kLittle);
  ASSERT_TRUE(stored.train.stored && stored.test->stored);
  EXPECT_EQ(stored.train.labels, whole.train.labels);
  const std::vector<int64_t> rows{3, 0, 1, 2};
  EXPECT_EQ(take_samples(stored.train, rows).bytes, take_samples(whole.train, rows).bytes);
}

INSTANTIATE_TEST_SUITE_P(NumPy, StoredArrays, testing::Values("stored", "deflated"),
                         [](const auto& info) { return std::string(info.param); });

// Samples whose first or second half is larger.
Array samples_of(ElementType type) {
  Array array{.type = type, .shape = {60, 4, 4}, .bytes = {}};
  const std::string bytes = some_bytes(60 * 16);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const bool larger = (i % 16 < 8) == (i / 16 % 2 == 0);
    const auto value = static_cast<uint8_t>(bytes[i] + (larger ? 100 : 0));
    const auto number = static_cast<float>(value) / 100;
    const auto parts = type == ElementType::uint8 ? std::as_bytes(std::span(&value, 1))
                                                  : std::as_bytes(std::span(&number, 1));
    array.bytes.insert(array.bytes.end(), parts.begin(), parts.end());
  }
  return array;
}

TEST(ArraySamples, OnDiskTrainToTheSameModel) {
  const TemporaryFolder folder;
  Array labels{.type = ElementType::uint8, .shape = {60}, .bytes = {}};
  for (int i = 0; i < 60; ++i) labels.bytes.push_back(std::byte(i % 2));
  write_npy(folder.path("train_y.npy"), labels);
  RunOptions options;
  options.network.hidden = {4};
  options.training.epochs = 3;
  options.training.batch_size = 16;
  options.augment = {.flip = true, .mix_up = 0.5};
  for (const ElementType type : {ElementType::uint8, ElementType::float32}) {
    write_npy(folder.path("train_x.npy"), samples_of(type));
    const ImageFolder whole = read_idx_folder(folder.path(""), kMuch);
    const ImageFolder stored = read_idx_folder(folder.path(""), kLittle);
    ASSERT_TRUE(stored.train.stored);
    const TrainResult expected = train(whole, options), result = train(stored, options);
    EXPECT_EQ(result.weights_sha256, expected.weights_sha256);
    EXPECT_EQ(result.metrics, expected.metrics);
    EXPECT_EQ(result.model.evaluate(stored.train), expected.model.evaluate(whole.train));
  }
}

}  // namespace
}  // namespace sinapse
