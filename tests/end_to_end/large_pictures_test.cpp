// Picture folders larger than the memory that the program is given.
#include <fmt/format.h>

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

}  // namespace
}  // namespace sinapse
