// Picture folders and arrays larger than the memory that the program is given.
#include <fmt/format.h>

#include "data/npy.h"
#include "end_to_end/limits.h"
#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {
namespace {

class LargePictures : public EndToEnd {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path("pictures"));
    for (int i = 0; i < kFiles; ++i) {
      std::string text = "P2 4 4 255\n";
      for (int p = 0; p < 16; ++p)
        text += fmt::format("{} ", (i % 2 == 0 ? p % 4 : p / 4) * 50 + i * (p + 7) % 40);
      file(fmt::format("pictures/{}.pgm", i), text);
    }
    write_list("small.csv", 600);
    write_list("large.csv", kPictures);
  }

  // The same files again and again.
  void write_list(const std::string& name, int pictures) const {
    std::string csv = "path,label\n";
    for (int i = 0; i < pictures; ++i)
      csv += fmt::format("pictures/{}.pgm,{}\n", i % kFiles, i % 2 == 0 ? "across" : "down");
    file(name, csv);
  }

  static std::string train_arguments(const std::string& data) {
    return "train " + data +
           " --epochs 1 --hidden 2 --threads 1 --quiet --set image.size=48 --set augment.flip=true "
           "--set augment.mix_up=0.3 --batch-size 32";
  }

  static constexpr int kFiles = 50, kPictures = 24'000;
  static constexpr int64_t kKilobytes = int64_t{kPictures} * 48 * 48 / 1024;
};

TEST_F(LargePictures, AreTrainedOnInLittleMemoryWithTheSameResult) {
  if (!kLimitsWork) GTEST_SKIP() << "a sanitizer takes all addresses";
  const int64_t needed =
      kilobytes_needed(train_arguments("small.csv") + " -o small --memory-limit 1K", path(""));
  const int64_t limit = needed + kKilobytes / 3;
  const std::string arguments = train_arguments("large.csv");
  EXPECT_NE(sinapse_within(limit, arguments + " --memory-limit 9G", path("")).exit_code, 0)
      << "the pictures fit into memory";
  const Outcome streamed =
      sinapse_within(limit, arguments + " -o streamed --memory-limit 1M", path(""));
  EXPECT_EQ(streamed.exit_code, 0) << streamed.errors;
  const Outcome whole = sinapse_within(9'000'000, arguments + " -o whole", path(""));
  ASSERT_EQ(whole.exit_code, 0) << whole.errors;
  EXPECT_EQ(text_of("streamed/model.onnx"), text_of("whole/model.onnx"));
  const Outcome evaluated = sinapse_within(limit, "evaluate streamed large.csv", path(""));
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.errors;
}

class LargeArrays : public EndToEnd {
 protected:
  // Samples of 32 x 32 bytes, and their labels.
  void write_set(const std::string& folder, int64_t samples) const {
    std::filesystem::create_directory(path(folder));
    Array pixels{.type = ElementType::uint8, .shape = {samples, 32, 32}, .bytes = {}};
    pixels.bytes.resize(pixels.num_elements());
    for (size_t i = 0; i < pixels.bytes.size(); ++i)
      pixels.bytes[i] = std::byte((i / 1024 % 2 == 0 ? i % 32 : i / 32 % 32) * 7 + i * i % 31);
    write_npy(path(folder + "/train_x.npy"), pixels);
    Array labels{.type = ElementType::uint8, .shape = {samples}, .bytes = {}};
    for (int64_t i = 0; i < samples; ++i) labels.bytes.push_back(std::byte(i % 2));
    write_npy(path(folder + "/train_y.npy"), labels);
  }

  static std::string train_arguments(const std::string& data) {
    return "train " + data + " --epochs 1 --hidden 2 --threads 1 --quiet --batch-size 32";
  }
};

TEST_F(LargeArrays, AreTrainedOnInLittleMemoryWithTheSameResult) {
  if (!kLimitsWork) GTEST_SKIP() << "a sanitizer takes all addresses";
  constexpr int64_t kSamples = 60'000, kKilobytes = kSamples;
  write_set("small", 600);
  write_set("large", kSamples);
  const int64_t needed =
      kilobytes_needed(train_arguments("small") + " -o few --memory-limit 1K", path(""));
  const int64_t limit = needed + kKilobytes / 3;
  const std::string arguments = train_arguments("large");
  EXPECT_NE(sinapse_within(limit, arguments + " --memory-limit 9G", path("")).exit_code, 0)
      << "the samples fit into memory";
  const Outcome streamed = sinapse_within(limit, arguments + " -o streamed", path(""));
  EXPECT_EQ(streamed.exit_code, 0) << streamed.errors;
  const Outcome whole = sinapse_within(9'000'000, arguments + " -o whole", path(""));
  ASSERT_EQ(whole.exit_code, 0) << whole.errors;
  EXPECT_EQ(text_of("streamed/model.onnx"), text_of("whole/model.onnx"));
}

}  // namespace
}  // namespace sinapse
