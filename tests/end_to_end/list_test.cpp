// What the program lists, and that the manual's reference is the same.
#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

namespace {

using List = EndToEnd;

TEST_F(List, EveryNameIsExplained) {
  const auto json = sinapse_json({"list"});
  for (const char* section : {"layers", "activations", "optimizers", "schedules", "initializers",
                              "losses", "metrics", "keys"}) {
    ASSERT_TRUE(json.contains(section)) << section;
    EXPECT_GT(json[section].size(), 10u);
  }
  for (const auto& [section, entries] : json.items()) {
    for (const auto& entry : entries) {
      EXPECT_NE(entry.value("doc", entry.value("formula", "")), "")
          << section << ": " << entry["name"];
      for (const auto& constant : entry.value("constants", nlohmann::json::array())) {
        EXPECT_NE(constant["doc"], "") << entry["name"] << "." << constant["name"];
      }
    }
  }
}

TEST_F(List, PicksByNameOrAlias) {
  const auto json = sinapse_json({"list", "Optimizers", "Nesterovs", "ADAM"});
  ASSERT_EQ(json["optimizers"].size(), 2u);
  EXPECT_EQ(json["optimizers"][0]["name"], "nesterov");
  const std::string text = sinapse({"list", "keys", "training.seed"}).output;
  EXPECT_EQ(text.rfind("training.seed = 1\n", 0), 0u) << text;
}

TEST_F(List, UnknownNamesSuggestTheNearest) {
  expect_failure(sinapse({"list", "optimisers"}), 2, {"Did you mean \"optimizers\"?"});
  expect_failure(sinapse({"list", "optimizers", "adams"}), 2,
                 {"optimizer \"adams\"", "Did you mean \"adam\"?"});
}

TEST_F(List, ReferenceOfTheManualIsUpToDate) {
  EXPECT_EQ(read_back(source_path("docs/manual/reference.md")),
            sinapse({"list", "--markdown"}).output)
      << "run `make docs`";
}

}  // namespace

}  // namespace sinapse
