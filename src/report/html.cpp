#include "report/html.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/svg.h"

namespace sinapse {

constexpr double kWide = 600;  // of a drawing that scrolls on a narrow page

std::string html_text(std::string_view text) {
  return escape_xml(text);
}

std::string html_text_of_lines(std::string_view text) {
  std::string html;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    html += html_text(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return html;
}

std::string element(std::string_view tag, std::string_view html, std::string_view attributes) {
  return fmt::format("<{0}{1}{2}>{3}</{0}>", tag, attributes.empty() ? "" : " ", attributes, html);
}

std::string section(std::string_view id, std::string_view title, std::string_view html) {
  return fmt::format(
      "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}\n</section>\n", id,
      html_text(title), html);
}

std::string note(std::string_view html) {
  return element("p", html, "class=\"note\"") + "\n";
}

std::string details(std::string_view summary, std::string_view html) {
  return element("details", element("summary", html_text(summary)) + "\n" + std::string(html)) +
         "\n";
}

std::string card(std::string_view name, std::string_view value, std::string_view more, bool main) {
  return element("div",
                 element("div", name, "class=\"name\"") + element("div", value, "class=\"value\"") +
                     element("div", more, "class=\"more\""),
                 main ? "class=\"card main\"" : "class=\"card\"") +
         "\n";
}

std::string figure(const Drawing& drawing, std::string_view caption) {
  std::string html = to_inline_svg(drawing);
  if (!caption.empty()) html += element("figcaption", html_text(caption));
  return element("figure", html, drawing.width > kWide ? "class=\"wide\"" : "") + "\n";
}

std::string figure_row(const std::vector<std::string>& figures) {
  std::string html;
  for (const std::string& one : figures) html += one;
  return element("div", html, "class=\"figures\"") + "\n";
}

std::string to_html(const HtmlTable& table) {
  const auto cell = [&](std::string_view tag, size_t column, const std::string& html,
                        std::string_view scope) {
    std::string attributes(scope);
    if (table.numbers.contains(column)) {
      attributes += fmt::format("{}class=\"number\"", attributes.empty() ? "" : " ");
    }
    return element(tag, html, attributes);
  };
  std::string html;
  if (!table.caption.empty()) html += element("caption", html_text(table.caption)) + "\n";
  std::string head;
  for (size_t i = 0; i < table.head.size(); ++i) {
    head += cell("th", i, html_text(table.head[i]), "scope=\"col\"");
  }
  html += element("thead", element("tr", head)) + "\n<tbody>\n";
  for (const auto& row : table.rows) {
    std::string cells;
    for (size_t i = 0; i < row.size(); ++i) {
      cells += i == 0 ? cell("th", i, row[i], "scope=\"row\"") : cell("td", i, row[i], "");
    }
    html += element("tr", cells) + "\n";
  }
  // A wide table scrolls by itself; the keyboard reaches it, too.
  return element("div", element("table", html + "</tbody>\n"),
                 fmt::format("class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"",
                             html_text(table.caption.empty() ? "Table by " + table.head.front()
                                                             : table.caption))) +
         "\n";
}

std::string number_text(double value) {
  if (std::isnan(value)) return "";
  const char* sign = value < 0 ? "−" : "";
  const double size = std::abs(value);
  if (std::isinf(size)) return fmt::format("{}∞", sign);
  const bool whole = size == std::floor(size) || size >= 1e5;
  if (!whole || size >= 1e15) return fmt::format("{}{:.5g}", sign, size);
  const std::string digits = fmt::format("{:.0f}", size);
  std::string grouped = sign;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string percent_text(double share) {
  if (share == 0) return "0 %";
  if (share < 0.001) return "&lt; 0.1 %";
  return fmt::format("{:.3g} %", 100 * share);
}

}  // namespace sinapse
