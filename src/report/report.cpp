#include "report/report.h"

#include <fmt/format.h>

#include "figures/svg.h"
#include "report/html.h"
#include "report/page.h"
#include "report/sections.h"

namespace sinapse {

namespace {

// Links to all sections, found by their headings.
std::string contents_of(const std::string& body) {
  const std::string open = "<h2 id=\"";
  std::string items;
  for (size_t at = body.find(open); at != std::string::npos; at = body.find(open, at)) {
    at += open.size();
    const size_t id_end = body.find('"', at), title = body.find('>', at) + 1;
    const std::string id = body.substr(at, id_end - at);
    items += fmt::format("<li><a href=\"#{}\">{}</a></li>", id,
                         body.substr(title, body.find('<', title) - title));
  }
  return element("nav", element("ul", items), "aria-label=\"Contents\"") + "\n";
}

}  // namespace

std::string report_page(const Report& report, Team& team) {
  const PartIntervals intervals = intervals_of_parts(report, team);
  std::string body;
  body += findings_section(report);
  body += metrics_section(report, intervals);
  body += trials_section(report);
  body += curves_section(report);
  body += answers_section(report);
  body += forecasts_section(report);
  body += importance_section(report);
  body += mistakes_section(report);
  body += data_section(report);
  body += network_section(report);
  body += repeat_section(report);
  return whole_page({.title = report.name + " · Sinapse",
                     .body = element("header", headline(report, intervals) + contents_of(body)) +
                             "\n" + element("main", body) + "\n"});
}

std::string main_metric_name(const Metrics& metrics) {
  for (const char* name : {"accuracy", "rmse", "loss"}) {
    if (metrics.contains(name)) return name;
  }
  return "";
}

}  // namespace sinapse
