// The sections of the report, in the order of the page.
#pragma once

#include <map>
#include <string>

#include "report/report.h"

namespace sinapse {

/// Of each part the intervals of its essential metrics.
using PartIntervals = std::map<std::string, std::map<std::string, Interval>>;
PartIntervals intervals_of_parts(const Report& report, Team& team);

/// Each gives HTML; empty if there is nothing to tell.
std::string headline(const Report& report, const PartIntervals& intervals);
std::string findings_section(const Report& report);
std::string trials_section(const Report& report);
std::string data_section(const Report& report);
std::string network_section(const Report& report);
std::string curves_section(const Report& report);
std::string metrics_section(const Report& report, const PartIntervals& intervals);
std::string answers_section(const Report& report);
std::string forecasts_section(const Report& report);
std::string importance_section(const Report& report);
std::string mistakes_section(const Report& report);
std::string repeat_section(const Report& report);

}  // namespace sinapse
