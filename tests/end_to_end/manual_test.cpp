// The manual and the README tell the truth: their commands and lines are run.
#include <algorithm>
#include <cstdlib>
#include <regex>
#include <sstream>

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

// The chapters in the order in which the manual's front page links them, itself first.
std::vector<std::string> chapters() {
  const std::string front = read_back(source_path("docs/manual/README.md"));
  std::vector<std::string> files{"README.md"};
  const std::regex link(R"(\]\((\w+\.md)\))");
  for (std::sregex_iterator at(front.begin(), front.end(), link), end; at != end; ++at) {
    files.push_back((*at)[1]);
  }
  return files;
}

std::string chapter(const std::string& name) {
  return read_back(source_path("docs/manual/" + name));
}

// A folder with the program as `sinapse` comes first in PATH.
std::string path_with(const std::string& folder) {
  std::filesystem::create_symlink(program_path(), folder + "/sinapse");
  return folder + ":" + std::getenv("PATH");
}

TEST_F(Manual, FrontPageLinksEveryChapterOnce) {
  auto linked = chapters();
  std::sort(linked.begin(), linked.end());
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("docs/manual"))) {
    files.push_back(entry.path().filename());
  }
  std::sort(files.begin(), files.end());
  EXPECT_EQ(linked, files);
}

TEST_F(Manual, ChaptersAreShort) {
  for (const std::string& name : chapters()) {
    if (name == "reference.md") continue;  // tables to look things up in
    const std::string text = chapter(name);
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 250) << name;
  }
}

// What the commands of a block do; files, columns and titles have other names in another language.
std::vector<std::string> outline(const std::string& block) {
  const std::regex names(R"( --(title|output|language) ("[^"]*"|\S+))");
  const std::regex whole(
      "sinapse (list|activations|softmax|neuron|plot (activation|neuron|vanishing)) .*"),
      beginning("sinapse (plot \\w+|\\w+)");
  std::vector<std::string> commands;
  std::istringstream lines(block);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    const bool found =
        std::regex_search(line, match, whole) || std::regex_search(line, match, beginning);
    if (found) commands.push_back(std::regex_replace(match.str(), names, ""));
  }
  return commands;
}

TEST_F(Manual, BothLanguagesWalkTheSameWay) {
  const auto english = blocks_of(chapter("chapter.md"), "sh"),
             portuguese = blocks_of(chapter("capitulo.md"), "sh");
  ASSERT_EQ(english.size(), portuguese.size());
  for (size_t i = 0; i < english.size(); ++i)
    EXPECT_EQ(outline(english[i]), outline(portuguese[i]));
}

TEST_F(Manual, EveryCommandWorks) {
  std::filesystem::create_directory(path("program"));
  const std::string search = path_with(path("program"));
  const bool has_pictures = std::filesystem::exists("/usr/share/datasets/fashion-mnist");
  int num_blocks = 0;
  for (const std::string& name : chapters()) {
    for (const std::string& block : blocks_of(chapter(name), "sh")) {
      ++num_blocks;
      if (!has_pictures && block.find("fashion-mnist") != std::string::npos) continue;
      const Outcome outcome = run_program(
          {.command = {"env", "PATH=" + search, "bash", "-euo", "pipefail", "-c", block},
           .folder = path("")});
      EXPECT_EQ(outcome.exit_code, 0) << name << ":\n" << block << outcome.errors;
    }
  }
  EXPECT_GT(num_blocks, 10);
}

}  // namespace

}  // namespace sinapse
