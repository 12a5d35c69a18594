#include "cli/reference.h"

#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sinapse::cli {

namespace {

constexpr const char* kHead =
    "# Reference\n\n"
    "Made by `make docs` from the tables that define these names; `sinapse list` prints the same.\n"
    "Names may be written in any case, with or without underscores; constants stand in brackets, "
    "by\n"
    "name or in this order: `leaky_relu(alpha=0.2)`, `adam(0.8)`.\n";

// A bar would end the cell.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

std::string capital(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string name_cell(const CatalogueEntry& entry) {
  std::string text = "`" + entry.name + "`";
  if (!entry.aliases.empty()) {
    text += fmt::format("<br>also {}", fmt::join(entry.aliases, ", "));
  }
  return text;
}

std::string constants_cell(const CatalogueEntry& entry) {
  std::vector<std::string> constants;
  for (const CatalogueConstant& constant : entry.constants) {
    const std::string equals = constant.name.empty() ? "" : "=";
    constants.push_back(
        fmt::format("`{}{}{}` {}", constant.name, equals, constant.default_value, constant.doc));
  }
  return fmt::format("{}", fmt::join(constants, "<br>"));
}

std::string meaning_cell(const CatalogueEntry& entry) {
  std::string text = entry.formula.empty() ? "" : "`" + entry.formula + "`<br>";
  text += entry.doc;
  if (!entry.source.empty()) text += " " + entry.source + ".";
  return text;
}

std::string table(const CatalogueSection& section) {
  std::string text = "| name | | constants |\n|---|---|---|\n";
  for (const CatalogueEntry& entry : section.entries) {
    text += fmt::format("| {} | {} | {} |\n", cell(name_cell(entry)), cell(meaning_cell(entry)),
                        cell(constants_cell(entry)));
  }
  return text;
}

}  // namespace

std::string reference(const std::vector<CatalogueSection>& sections) {
  std::string text = kHead;
  for (const CatalogueSection& section : sections) {
    text += fmt::format("\n## {}\n\nFor {}.\n\n{}", capital(section.name), section.usage,
                        table(section));
  }
  return text;
}

}  // namespace sinapse::cli
