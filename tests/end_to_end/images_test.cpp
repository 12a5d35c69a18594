// From folders of pictures to a model, to predictions, to a diagram.
#include "data/encode_image.h"
#include "data/philox.h"
#include "end_to_end/program.h"

namespace sinapse {

namespace {

// Pictures with horizontal stripes in one folder and vertical ones in the other, in many colours.
class Images : public EndToEnd {
 protected:
  void add_stripes(const std::string& folder, bool vertical, int count) {
    std::filesystem::create_directories(path(folder));
    for (int i = 0; i < count; ++i) {
      const RandomStream random(7, purpose_of(folder), i);
      Image image = blank_image(12, 12, 3);
      const auto phase = static_cast<int64_t>(4 * random.uniform(0));
      for (int64_t y = 0; y < 12; ++y) {
        for (int64_t x = 0; x < 12; ++x) {
          const bool bright = ((vertical ? x : y) + phase) / 2 % 2 == 0;
          for (int64_t c = 0; c < 3; ++c) {
            image.at(y, x)[c] =
                static_cast<uint8_t>((bright ? 120 : 20) + 100 * random.uniform(1 + c));
          }
        }
      }
      const std::string name = folder + "/" + std::to_string(i);
      file(name + (i % 2 == 0 ? ".png" : ".ppm"), i % 2 == 0 ? png_file(image) : ppm_file(image));
    }
  }
  void add_photos() {
    for (const char* part : {"train", "test"}) {
      add_stripes(std::string("photos/") + part + "/across", false, 30);
      add_stripes(std::string("photos/") + part + "/down", true, 30);
    }
  }
};

constexpr const char* kLayers =
    "network.layers=[{type: conv2d, filters: 8, activation: relu}, {type: global_max_pool}]";

TEST_F(Images, AreTrainedOnEvaluatedAndPredicted) {
  add_photos();
  const auto report =
      sinapse_json({"train", "photos", "--output", "run", "--json", "--set", kLayers, "--epochs",
                    "30", "--learning-rate", "0.02", "--batch-size", "8"});
  EXPECT_GT(report["metrics"]["test"]["accuracy"].get<double>(), 0.95);
  const auto evaluation = sinapse_json({"evaluate", "run", "photos"});
  EXPECT_EQ(evaluation["rows"], 60);
  EXPECT_EQ(evaluation["metrics"]["accuracy"], report["metrics"]["test"]["accuracy"]);
  const Outcome one = sinapse({"predict", "run", "photos/test/down/4.png"});
  EXPECT_EQ(one.exit_code, 0) << one.errors;
  const auto cells = cells_of(one.output);
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_EQ(cells[0][0], "path");
  EXPECT_EQ(cells[0][1], "label_predictions");
  EXPECT_EQ(cells[1][0], "photos/test/down/4.png");
  EXPECT_EQ(cells[1][1], "down");
  const Outcome all = sinapse({"predict", "run", "photos/test"});
  EXPECT_EQ(cells_of(all.output).size(), 61u);
}

TEST_F(Images, MapsAreComparedWithThoseOfRandomWeights) {
  add_photos();
  ASSERT_EQ(sinapse({"train", "photos", "--output", "run", "--quiet", "--set", kLayers, "--epochs",
                     "2", "--batch-size", "8"})
                .exit_code,
            0);
  const auto json =
      sinapse_json({"explain", "run", "photos", "--row", "1,2", "--sanity", "--json"});
  ASSERT_GE(json["sanity"].size(), 2u);
  EXPECT_EQ(json["sanity"][0]["layer"], "output");
  for (const char* map : {"saliency", "integrated_gradients", "occlusion", "grad_cam"}) {
    ASSERT_TRUE(json["rows"][0].contains(map)) << map;
    EXPECT_LE(std::abs(json["sanity"].back()[map]["values"].get<double>()), 1) << map;
  }
  const Outcome text = sinapse({"explain", "run", "photos", "--row", "1", "--sanity"});
  EXPECT_NE(text.output.find("random from"), std::string::npos) << text.output;
  EXPECT_NE(text.output.find("\nconv2d1 "), std::string::npos) << text.output;
}

TEST_F(Images, GiveTheSameWeightsOnAnyNumberOfThreads) {
  add_photos();
  std::string expected;
  for (const char* threads : {"1", "2", "3", "8"}) {
    const auto report =
        sinapse_json({"train", "photos", "--output", "run", "--json", "--network", "lenet5",
                      "--epochs", "1", "--threads", threads, "--set", "image.size=20"});
    if (expected.empty()) expected = report["weights_sha256"];
    EXPECT_EQ(report["weights_sha256"], expected) << threads;
  }
}

TEST_F(Images, DamagedFilesAreToldOrRefused) {
  add_photos();
  file("photos/train/across/bad.png", "\x89PNG");
  const std::vector<std::string> run = {"train",    "photos", "--output", "run",
                                        "--epochs", "1",      "--hidden", "4"};
  const Outcome skipped = sinapse(run);
  EXPECT_EQ(skipped.exit_code, 0) << skipped.errors;
  EXPECT_NE(skipped.errors.find("1 of 61 pictures"), std::string::npos) << skipped.errors;
  std::vector<std::string> strict = run;
  strict.insert(strict.end(), {"--set", "image.damaged=error"});
  expect_failure(sinapse(strict), 1, {"across/bad.png", "damaged PNG"});
  expect_failure(sinapse({"predict", "run", "photos/train/across/bad.png"}), 1, {"bad.png"});
}

TEST_F(Images, ANetworkThatDoesNotFitIsToldBeforeTraining) {
  add_photos();
  expect_failure(sinapse({"train", "photos", "--output", "run", "--set",
                          "network.layers=[{type: conv1d, filters: 2}]"}),
                 1, {"conv1d1", "[batch, 3, 12, 12]"});
  expect_failure(sinapse({"train", "photos", "--output", "run", "--network", "resnet99"}), 2,
                 {"resnet99", "resnet"});
  expect_failure(
      sinapse({"train", "photos", "--output", "run", "--network", "lenet5", "--hidden", "4"}), 2,
      {"lenet5", "hidden"});
}

TEST_F(Images, InspectShowsCostsAndDiagrams) {
  add_photos();
  sinapse_json({"train", "photos", "--output", "run", "--json", "--set", kLayers, "--epochs", "1"});
  const auto layers = sinapse_json({"inspect", "run", "--json"})["layers"];
  EXPECT_EQ(layers[0]["multiply_adds"], 8 * 3 * 9 * 100);
  EXPECT_EQ(layers[0]["bytes"], 4 * (8 * 3 * 9 + 8 + 800));
  EXPECT_EQ(layers[1]["multiply_adds"], 0);
  EXPECT_NE(sinapse({"inspect", "run"}).output.find("21,608 multiply-adds"), std::string::npos);
  const std::string dot = sinapse({"inspect", "run", "--graph", "dot"}).output;
  EXPECT_TRUE(dot.starts_with("digraph")) << dot;
  EXPECT_NE(dot.find("n0 -> n1;"), std::string::npos) << dot;
  EXPECT_NE(dot.find("[batch, 3, 12, 12]"), std::string::npos) << dot;
  const std::string mermaid = sinapse({"inspect", "run", "--graph", "mermaid"}).output;
  EXPECT_TRUE(mermaid.starts_with("flowchart TD")) << mermaid;
  EXPECT_NE(mermaid.find("n1 --> n2"), std::string::npos) << mermaid;
  EXPECT_EQ(sinapse({"inspect", "run", "--graph", "svg"}).exit_code, 2);
}

}  // namespace

}  // namespace sinapse
