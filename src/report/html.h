// Pieces of an HTML page. Texts from outside pass through html_text(); what is named html is HTML.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "figures/drawing.h"

namespace sinapse {

/// Any text as text of a page, or within an attribute's double quotes.
std::string html_text(std::string_view text);

/// The same for a text of several lines, within <pre>.
std::string html_text_of_lines(std::string_view text);

/// <tag attributes>html</tag>
std::string element(std::string_view tag, std::string_view html, std::string_view attributes = "");

/// A part of the page with a heading, that links can reach as #id.
std::string section(std::string_view id, std::string_view title, std::string_view html);

/// <p class="note">
std::string note(std::string_view html);

/// Something to unfold.
std::string details(std::string_view summary, std::string_view html);

/// A number that stands out, with its name above and more about it below; all HTML.
std::string card(std::string_view name, std::string_view value, std::string_view more,
                 bool main = false);

/// A drawing that shrinks with the page.
std::string figure(const Drawing& drawing, std::string_view caption = "");

/// Figures side by side where there is room.
std::string figure_row(const std::vector<std::string>& figures);

/// The first column heads the rows.
struct HtmlTable {
  std::string caption;                         // a text
  std::vector<std::string> head;               // texts
  std::vector<std::vector<std::string>> rows;  // HTML
  std::set<size_t> numbers;                    // columns that are aligned right
};
std::string to_html(const HtmlTable& table);

/// A number as people read it: "1,234,567" whole and large ones, else five digits.
std::string number_text(double value);

/// A share as a percentage: "12.5 %", "< 0.1 %".
std::string percent_text(double share);

}  // namespace sinapse
