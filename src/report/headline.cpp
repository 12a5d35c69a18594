// The top of the page: what was trained, and the number that matters most.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

std::string kind_text(const Report& report) {
  const Target& target = report.result.model.trained().target;
  if (const auto& series = report.result.model.trained().series) {
    return fmt::format("Forecast of the next {} steps of {}: {}", series->horizon,
                       html_text(series->step.to_text()),
                       element("b", html_text(series->columns.target)));
  }
  std::string kind(name_of(target.task()));
  if (is_classification(target.task())) {
    kind += fmt::format(" classification, {} classes", target.classes().size());
  }
  kind[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(kind[0])));
  return fmt::format("{}: {}", html_text(kind),
                     element("b", html_text(fmt::format("{}", fmt::join(target.names(), ", ")))));
}

std::string part_phrase(const std::string& part) {
  return part == "train" ? "training rows" : part + " rows";
}

std::string main_card(const Report& report, const PartIntervals& intervals) {
  const std::string part = judge_of(report);
  const Metrics& metrics = report.result.metrics.at(part);
  const std::string name = main_metric_name(metrics);
  std::string more = "on the " + part_phrase(part);
  const auto of_part = intervals.find(part);
  if (of_part != intervals.end() && of_part->second.contains(name)) {
    const Interval& interval = of_part->second.at(name);
    more += fmt::format(", 95 % interval {} to {}", number_text(interval.low),
                        number_text(interval.high));
  }
  const KeptPart* kept = judging_part(report);
  const auto baseline = kept ? baseline_of(*kept) : std::optional<Baseline>();
  if (baseline && baseline->metric == name) {
    more += fmt::format("<br>always answering “{}”: {}", html_text(baseline->answer),
                        number_text(baseline->value));
  }
  return card(html_text(name),
              fmt::format("<span id=\"main-metric\">{}</span>", number_text(metrics.at(name))),
              more, true);
}

std::string duration_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.3g} s", seconds);
  const auto whole = static_cast<int64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string rows_text(const Report& report) {
  std::string parts;
  double total = 0;
  for (const char* name : {"train", "validation", "test"}) {
    const KeptPart* part = report.answers.find(name);
    if (part == nullptr) continue;
    total += static_cast<double>(part->rows.size());
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ",
                         number_text(static_cast<double>(part->rows.size())), name);
  }
  return total == 0 ? "" : card("rows", number_text(total), parts);
}

std::string training_cards(const Report& report) {
  const TrainResult& result = report.result;
  std::string cards =
      card("epochs", number_text(static_cast<double>(result.epochs)),
           has_final_fit(report)
               ? fmt::format("epoch {} was the best; then once more", result.best_epoch)
               : fmt::format("the weights are of epoch {}", result.best_epoch));
  cards += card("time", duration_text(result.seconds),
                fmt::format("on {} thread{}", report.threads, report.threads == 1 ? "" : "s"));
  return cards;
}

}  // namespace

std::string headline(const Report& report, const PartIntervals& intervals) {
  const TrainResult& result = report.result;
  std::string cards = main_card(report, intervals) + rows_text(report);
  cards += card("parameters", number_text(static_cast<double>(result.parameters)),
                fmt::format("in {} layers", result.model.layers().size()));
  if (tells_of_training(report)) cards += training_cards(report);
  return element("h1", html_text(report.name)) + "\n" +
         element("p", kind_text(report), "class=\"kind\"") + "\n" +
         element("div", cards, "class=\"cards\"") + "\n";
}

}  // namespace sinapse
