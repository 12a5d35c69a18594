// The folders of src/ are the journey of a batch: each includes only itself and those before it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "paths.h"

namespace {

const std::vector<std::string> kJourney{"data",    "features", "graph",   "ops",    "layers",
                                        "network", "compile",  "cpu",     "train",  "onnx",
                                        "explain", "check",    "figures", "report", "cli"};

int place_of(const std::string& folder) {
  const auto found = std::find(kJourney.begin(), kJourney.end(), folder);
  return found == kJourney.end() ? -1 : static_cast<int>(found - kJourney.begin());
}

// "#include \"data/csv.h\"" → "data"
std::string included_folder(const std::string& line) {
  const std::string start = "#include \"";
  if (line.rfind(start, 0) != 0) return "";
  return line.substr(start.size(), line.find('/') - start.size());
}

TEST(FolderOrder, EachFolderIncludesOnlyThoseBeforeIt) {
  const std::filesystem::path source = std::filesystem::path(sinapse::source_path("src"));
  int num_includes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source)) {
    if (!entry.is_regular_file()) continue;
    const std::string folder = std::filesystem::relative(entry.path(), source).begin()->string();
    ASSERT_GE(place_of(folder), 0) << entry.path() << ": no such stage of the journey";
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::string included = included_folder(line);
      if (place_of(included) < 0) continue;
      ++num_includes;
      EXPECT_LE(place_of(included), place_of(folder)) << entry.path() << ": " << line;
    }
  }
  EXPECT_GT(num_includes, 100) << "the test reads the wrong folder";
}

}  // namespace
