// Bootstrap intervals that take a fraction of a second, however many rows there are.
#include <cmath>

#include "data/philox.h"
#include "report/sections.h"
#include "train/metric_table.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

constexpr int64_t kResamples = 400;
constexpr size_t kMostRows = 2500;  // that are resampled

std::vector<float> rows_of(const std::vector<float>& values, const std::vector<int64_t>& rows,
                           int64_t width) {
  std::vector<float> picked;
  picked.reserve(rows.size() * static_cast<size_t>(width));
  for (const int64_t row : rows) {
    picked.insert(picked.end(), values.begin() + row * width, values.begin() + (row + 1) * width);
  }
  return picked;
}

// Rows chosen at random, if there are more than enough.
Answers some_of(const Answers& answers, int64_t outputs, int64_t targets, uint64_t seed) {
  const auto rows = static_cast<int64_t>(answers.truth.size()) / targets;
  if (rows <= static_cast<int64_t>(kMostRows)) return answers;
  std::vector<int64_t> chosen =
      RandomStream(seed, purpose_of("rows of intervals"), 0).permutation(rows);
  chosen.resize(kMostRows);
  Answers some{.outputs = rows_of(answers.outputs, chosen, outputs),
               .truth = rows_of(answers.truth, chosen, targets)};
  if (answers.weights.empty()) return some;
  for (const int64_t row : chosen)
    some.weights.push_back(answers.weights[static_cast<size_t>(row)]);
  return some;
}

Metrics essential(const Metrics& metrics) {
  Metrics some;
  for (const auto& [name, value] : metrics) {
    if (name != "loss" && metric_named(name).essential) some[name] = value;
  }
  return some;
}

// The error of a mean falls with the root of the rows, and so do intervals: those of m rows out of
// n are narrowed by sqrt(m / n) around the value of all rows (m out of n bootstrap; Bickel, Götze,
// van Zwet 1997).
void narrow(std::map<std::string, Interval>& intervals, const Metrics& of_some,
            const Metrics& of_all, double factor) {
  for (auto& [name, interval] : intervals) {
    const double here = of_some.at(name), value = of_all.at(name);
    interval = {value + (interval.low - here) * factor, value + (interval.high - here) * factor};
  }
}

}  // namespace

PartIntervals intervals_of_parts(const Report& report, Team& team) {
  PartIntervals all;
  for (const auto& [name, metrics] : report.result.metrics) {
    const KeptPart* part = report.answers.find(name);
    if (part == nullptr) continue;
    const Target& target = part->target;
    const uint64_t seed = report.result.resolved.training.seed;
    const Answers some = some_of(part->answers, target.num_outputs(), target.width(), seed);
    const Metrics point = essential(metrics);
    all[name] = metric_intervals(some.outputs, some.truth, target, some.weights, point,
                                 {.bootstrap = kResamples, .seed = seed}, team);
    const double share =
        static_cast<double>(some.truth.size()) / static_cast<double>(part->answers.truth.size());
    // Resamples that all say the same know nothing of how far off it may be.
    std::erase_if(all[name], [](const auto& one) { return one.second.low == one.second.high; });
    if (share == 1) continue;
    const Metrics of_some = evaluate_outputs(some.outputs, some.truth, target, some.weights);
    std::erase_if(all[name], [&](const auto& one) { return !of_some.contains(one.first); });
    narrow(all[name], of_some, point, std::sqrt(share));
  }
  return all;
}

}  // namespace sinapse
