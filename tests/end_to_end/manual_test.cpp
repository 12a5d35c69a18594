// The manual and the README tell the truth: their commands and lines are run.
#include <cstdlib>

#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

namespace {

using Manual = EndToEnd;

// The contents of the blocks ```<language> of a Markdown text, one after the other.
std::vector<std::string> blocks_of(const std::string& markdown, const std::string& language) {
  std::vector<std::string> blocks;
  const std::string open = "```" + language + "\n";
  for (size_t at = markdown.find(open); at != std::string::npos; at = markdown.find(open, at)) {
    at += open.size();
    const size_t end = markdown.find("```\n", at);
    blocks.push_back(markdown.substr(at, end - at));
    at = end;
  }
  return blocks;
}

// A folder with the program as `sinapse` comes first in PATH.
std::string path_with(const std::string& folder) {
  std::filesystem::create_symlink(program_path(), folder + "/sinapse");
  return folder + ":" + std::getenv("PATH");
}

TEST_F(Manual, EveryCommandWorks) {
  const auto blocks = blocks_of(read_back(source_path("docs/manual.md")), "sh");
  EXPECT_GT(blocks.size(), 10u);
  std::filesystem::create_directory(path("program"));
  const std::string search = path_with(path("program"));
  const bool has_pictures = std::filesystem::exists("/usr/share/datasets/fashion-mnist");
  for (const std::string& block : blocks) {
    if (!has_pictures && block.find("fashion-mnist") != std::string::npos) continue;
    const Outcome outcome =
        run_program({.command = {"env", "PATH=" + search, "bash", "-euo", "pipefail", "-c", block},
                     .folder = path("")});
    EXPECT_EQ(outcome.exit_code, 0) << block << outcome.errors;
  }
}

}  // namespace

}  // namespace sinapse
