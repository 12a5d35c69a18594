#include "report/confusion.h"

#include <cmath>

#include "figures/matrix_figure.h"

namespace sinapse {

std::optional<Drawing> confusion_of(const ClassReport& report, double width) {
  constexpr size_t kMostClasses = 40;
  if (report.confusion.empty() || report.classes.size() > kMostClasses) return std::nullopt;
  std::vector<std::string> names;
  for (const ClassMetrics& one : report.classes) names.push_back(one.name);
  std::vector<int64_t> counts;
  for (const double count : report.confusion) counts.push_back(std::llround(count));
  return confusion_figure(names, counts, width);
}

}  // namespace sinapse
