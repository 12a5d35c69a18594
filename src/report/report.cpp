#include "report/report.h"

#include <fmt/format.h>

#include "figures/svg.h"
#include "report/html.h"
#include "report/page.h"
#include "report/sections.h"

namespace sinapse {

std::string report_page(const Report& report, Team& team) {
  const PartIntervals intervals = intervals_of_parts(report, team);
  std::string body = headline(report, intervals);
  body += "<main>\n";
  body += findings_section(report);
  body += metrics_section(report, intervals);
  body += curves_section(report);
  body += answers_section(report);
  body += mistakes_section(report);
  body += data_section(report);
  body += network_section(report);
  body += repeat_section(report);
  body += "</main>\n";
  return whole_page({.title = report.name + " · Sinapse", .body = body});
}

std::string main_metric_name(const Metrics& metrics) {
  for (const char* name : {"accuracy", "rmse", "loss"}) {
    if (metrics.contains(name)) return name;
  }
  return "";
}

}  // namespace sinapse
