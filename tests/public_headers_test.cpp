// What a program includes is ours or the standard library's, and begins with what it is.
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "paths.h"

namespace {

std::vector<std::filesystem::path> public_headers() {
  std::vector<std::filesystem::path> headers;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(sinapse::source_path("include"))) {
    if (entry.is_regular_file()) headers.push_back(entry.path());
  }
  return headers;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(PublicHeaders, IncludeOnlyOursAndTheStandardLibrary) {
  const std::regex allowed(R"(#include <(sinapse/[\w/-]+\.h|[a-z_]+)>)");
  int num_includes = 0;
  for (const auto& header : public_headers()) {
    for (const std::string& line : lines_of(header)) {
      if (line.rfind("#include", 0) != 0) continue;
      ++num_includes;
      EXPECT_TRUE(std::regex_match(line, allowed)) << header << ": " << line;
    }
  }
  EXPECT_GT(num_includes, 20);
}

TEST(PublicHeaders, SayWhatTheyAreAndStayShort) {
  for (const auto& header : public_headers()) {
    const auto lines = lines_of(header);
    ASSERT_FALSE(lines.empty()) << header;
    EXPECT_EQ(lines.front().rfind("// ", 0), 0u) << header;
    EXPECT_LT(lines.size(), 200u) << header;
  }
}

}  // namespace
