// Pictures that are kept on disk give the same bits as in memory.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sinapse/attention.h>
#include <sinapse/check.h>
#include <sinapse/error.h>
#include <sinapse/train.h>

#include "data/take_samples.h"
#include "data/temporary_folder.h"
#include "network/expect_words.h"
#include "train/encode.h"
#include "train/fingerprint.h"

namespace sinapse {
namespace {

class StoredPictures : public testing::Test {
 protected:
  // Colour pictures of two classes, some of them damaged.
  std::string photos() {
    for (const char* part : {"train", "test"}) {
      for (const char* name : {"across", "down"})
        std::filesystem::create_directories(folder_.path(fmt::format("photos/{}/{}", part, name)));
      for (int i = 0; i < 90; ++i) {
        std::string text = "P3 9 8 255\n";
        for (int p = 0; p < 9 * 8 * 3; ++p)
          text += fmt::format("{} ", (i % 2 == 0 ? p % 9 : p / 9) * 20 + i * p % 50);
        if (i % 30 == 7) text = "P3 9 8 2";
        folder_.file(fmt::format("photos/{}/{}/{}.ppm", part, i % 2 ? "down" : "across", i), text);
      }
    }
    return folder_.path("photos");
  }

  void expect_same(const RunOptions& options) {
    ImageFolder sets[2];
    TrainResult results[2];
    for (const int i : {0, 1}) {
      ImageOptions how = options.image;
      if (i == 1) how.memory = 1;
      sets[i] = read_image_folder(photos(), how);
      results[i] = train(sets[i], options);
    }
    EXPECT_EQ(sets[0].remarks, sets[1].remarks);
    EXPECT_EQ(sets[0].train.names, sets[1].train.names);
    EXPECT_EQ(sets[0].train.labels, sets[1].train.labels);
    ASSERT_FALSE(sets[0].train.stored);
    ASSERT_TRUE(sets[1].train.stored && sets[1].test->stored);
    EXPECT_TRUE(sets[1].train.inputs.bytes.empty());
    EXPECT_EQ(results[0].weights_sha256, results[1].weights_sha256);
    EXPECT_EQ(results[0].metrics, results[1].metrics);
    const Model& model = results[0].model;
    EXPECT_EQ(model.evaluate(*sets[0].test), model.evaluate(*sets[1].test));
  }

  static RunOptions quick() {
    RunOptions options;
    options.network.hidden = {6};
    options.training.epochs = 3;
    options.training.batch_size = 16;
    options.image.size = {8};
    return options;
  }

  TemporaryFolder folder_;
};

TEST_F(StoredPictures, TrainToTheSameModel) {
  expect_same(quick());
}

TEST_F(StoredPictures, AreChangedAndMixedAlike) {
  RunOptions options = quick();
  options.augment = {
      .flip = true, .shift = 0.2, .contrast = 0.3, .erase = 0.3, .mix_up = 0.5, .cut_mix = 0.5};
  expect_same(options);
}

TEST_F(StoredPictures, ServeAnOptimizerThatTakesAllRowsAtOnce) {
  RunOptions options = quick();
  options.training.optimizer = "lbfgs";
  options.training.batch_size = 0;
  expect_same(options);
}

TEST_F(StoredPictures, HaveTheBytesOfThoseInMemory) {
  const ImageFolder in_memory = read_image_folder(photos(), {.size = {8}});
  const ImageFolder on_disk = read_image_folder(photos(), {.size = {8}, .memory = 1});
  const std::vector<int64_t> rows{70, 3, 4, 5, 0};
  const Array expected = take_samples(in_memory.train, rows);
  EXPECT_EQ(expected.shape, (std::vector<int64_t>{5, 8, 8, 3}));
  EXPECT_EQ(take_samples(on_disk.train, rows).bytes, expected.bytes);
  EXPECT_EQ(take_samples(on_disk.train, rows).shape, expected.shape);
}

TEST_F(StoredPictures, AreTheSameDataWhenARunIsResumed) {
  const ImageFolder in_memory = read_image_folder(photos(), {.size = {8}});
  const ImageFolder on_disk = read_image_folder(photos(), {.size = {8}, .memory = 1});
  const std::vector<int64_t> rows{0, 1, 2};
  ArrayFeatures pixels = ArrayFeatures::fit_to(in_memory.train.inputs, rows, Channels::last);
  const Fingerprint expected = fingerprint_of(encode_inputs(pixels, in_memory.train), rows, {});
  EXPECT_EQ(fingerprint_of(encode_inputs(pixels, on_disk.train), rows, {}), expected);
  pixels.scale[1] *= 2;
  EXPECT_NE(fingerprint_of(encode_inputs(pixels, on_disk.train), rows, {}), expected);
}

TEST_F(StoredPictures, AreExplainedAndChecked) {
  const ImageFolder in_memory = read_image_folder(photos(), {.size = {8}});
  const ImageFolder on_disk = read_image_folder(photos(), {.size = {8}, .memory = 1});
  const Model model = train(in_memory, quick()).model;
  const std::vector<int64_t> chosen{5, 2};
  const auto expected = attention_maps(model, in_memory.train, chosen);
  const auto maps = attention_maps(model, on_disk.train, chosen);
  ASSERT_EQ(maps.size(), 2u);
  EXPECT_EQ(maps[1].sample, 2);
  EXPECT_EQ(maps[1].integrated.values, expected[1].integrated.values);
  const auto labels = [](const std::vector<CheckResult>& results) { return results.back().result; };
  EXPECT_EQ(labels(check(model, on_disk.train)), labels(check(model, in_memory.train)));
}

TEST_F(StoredPictures, AreNoArrayInMemory) {
  const ImageFolder on_disk = read_image_folder(photos(), {.size = {8}, .memory = 1});
  const Model model = train(on_disk, quick()).model;
  expect_error(ErrorCode::data, {"[87, 8, 8, 3]", "stored"},
               [&] { model.predict(on_disk.train.inputs); });
}

TEST_F(StoredPictures, RejectAModelOfOtherPictures) {
  const Model model = train(read_image_folder(photos(), {.size = {8}}), quick()).model;
  const ImageFolder larger = read_image_folder(photos(), {.size = {9}, .memory = 1});
  EXPECT_THROW(model.evaluate(*larger.test), Error);
}

}  // namespace
}  // namespace sinapse
