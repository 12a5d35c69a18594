// What a reader should look at first, and what can be done about it.
#include <algorithm>

#include <fmt/format.h>

#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr double kGap = 0.05;       // of accuracy, between training and other rows
constexpr double kLossRatio = 1.5;  // of numbers
constexpr size_t kFewRows = 100;    // to judge a model by
constexpr double kPoorRecall = 0.5;

// Sentences as HTML, each a point of the list.
class Findings {
 public:
  void good(const std::string& html) { add("good", html); }
  void warn(const std::string& html) { add("warn", html); }
  void say(const std::string& html) { add("plain", html); }
  std::string list() const { return element("ul", items_, "class=\"findings\""); }

 private:
  void add(const char* kind, const std::string& html) {
    items_ += element("li", html, fmt::format("class=\"{}\"", kind)) + "\n";
  }
  std::string items_;
};

std::string code(std::string_view text) {
  return element("code", html_text(text));
}

void compare_with_baseline(const Report& report, Findings& findings) {
  const KeptPart* part = judging_part(report);
  if (part == nullptr) return;
  const auto baseline = baseline_of(*part);
  if (!baseline) return;
  const Metrics& metrics = report.result.metrics.at(judge_of(report));
  const auto found = metrics.find(baseline->metric);
  if (found == metrics.end()) return;
  const bool classes = baseline->metric == "accuracy";
  if (classes ? found->second <= baseline->value : found->second >= baseline->value) {
    findings.warn(fmt::format(
        "It is no better than always answering “{}” ({} {} against {}). Either the columns tell "
        "nothing about the target, or training needs more epochs or another learning rate.",
        html_text(baseline->answer), baseline->metric, number_text(found->second),
        number_text(baseline->value)));
  } else if (classes) {
    findings.good(fmt::format(
        "{} of the rows get the right class; always answering “{}” would get "
        "{}.",
        percent_text(found->second), html_text(baseline->answer), percent_text(baseline->value)));
  } else {
    findings.good(
        fmt::format("The error is {} of what always answering the mean would leave "
                    "(rmse {} against {}).",
                    percent_text(found->second / baseline->value), number_text(found->second),
                    number_text(baseline->value)));
  }
}

// The network of a series is worth its trouble only if no simple way does as well.
void compare_forecasts(const Report& report, Findings& findings) {
  const ForecastScore *network = nullptr, *best = nullptr;
  for (const ForecastScore& score : report.result.forecasts) {
    if (score.part != judge_of(report)) continue;
    const ForecastScore*& place = score.method == "network" ? network : best;
    if (place == nullptr || score.mae < place->mae) place = &score;
  }
  if (network == nullptr || best == nullptr) return;
  const std::string text =
      fmt::format("mean absolute error {} against {} of the best simple way, {}",
                  number_text(network->mae), number_text(best->mae), html_text(best->method));
  if (network->mae < best->mae) {
    findings.good(fmt::format("The network beats the simple ways: {}.", text));
  } else {
    findings.warn(fmt::format("A simple way does as well as the network: {}.", text));
  }
}

void tell_who_judges(const Report& report, Findings& findings) {
  const std::string judge = judge_of(report);
  if (judge == "train") {
    findings.warn(
        fmt::format("No rows were kept back, so nothing here tells how good it is on new "
                    "data: {}.",
                    code("--validation-split 0.1 --test-split 0.1")));
  } else if (judge == "validation") {
    findings.say(
        fmt::format("The validation rows also chose the epoch, so their metrics are "
                    "slightly too good. For an unbiased measure: {}.",
                    code("--test-split 0.1")));
  }
  const KeptPart* part = judging_part(report);
  if (part != nullptr && judge != "train" && part->rows.size() < kFewRows) {
    findings.warn(fmt::format("Only {} {} rows judge the model: mind the intervals, or use {}.",
                              part->rows.size(), judge, code("sinapse cv")));
  }
}

void compare_parts(const Report& report, Findings& findings) {
  const std::string judge = judge_of(report);
  const auto& metrics = report.result.metrics;
  if (judge == "train" || !metrics.contains("train")) return;
  const Metrics &seen = metrics.at("train"), &unseen = metrics.at(judge);
  const std::string name = main_metric_name(unseen);
  if (!seen.contains(name)) return;
  const double a = seen.at(name), b = unseen.at(name);
  const bool overfits = name == "accuracy" ? a - b > kGap : b > kLossRatio * a;
  if (!overfits) return;
  findings.warn(
      fmt::format("It does better on rows it has learned from ({} {}) than on others "
                  "({}): some of them it knows by heart. More rows, {} or fewer units "
                  "help.",
                  name, number_text(a), number_text(b), code("--dropout 0.2")));
}

void look_at_the_end(const Report& report, Findings& findings) {
  const TrainResult& result = report.result;
  if (result.interrupted || result.out_of_time) {
    findings.warn(fmt::format("The run {} in epoch {}, before its end.",
                              result.interrupted ? "was stopped" : "was out of time",
                              result.epochs));
    return;
  }
  const int64_t most = result.resolved.training.epochs;
  const bool has_validation = !result.history.empty() && !result.history.back().validation.empty();
  if (has_validation && result.best_epoch == result.epochs && result.epochs == most) {
    findings.say(
        fmt::format("The validation loss was still falling when the last epoch ended. "
                    "More may help: {}.",
                    code(fmt::format("--epochs {}", 2 * most))));
  }
}

void look_at_classes(const Report& report, Findings& findings) {
  const auto found = report.result.class_reports.find(judge_of(report));
  if (found == report.result.class_reports.end()) return;
  const auto& classes = found->second.classes;
  const auto worst = std::min_element(
      classes.begin(), classes.end(), [](const ClassMetrics& a, const ClassMetrics& b) {
        return (a.support > 0 ? a.recall : 2) < (b.support > 0 ? b.recall : 2);
      });
  if (worst == classes.end() || worst->support == 0 || worst->recall >= kPoorRecall) return;
  findings.warn(
      fmt::format("Of the rows of class {} only {} are found. If they matter, give them "
                  "weight: {}.",
                  element("b", html_text(worst->name)), percent_text(worst->recall),
                  code("--class-weight balanced")));
}

}  // namespace

std::string findings_section(const Report& report) {
  Findings findings;
  compare_with_baseline(report, findings);
  compare_forecasts(report, findings);
  look_at_the_end(report, findings);
  compare_parts(report, findings);
  look_at_classes(report, findings);
  tell_who_judges(report, findings);
  for (const std::string& remark : report.remarks) findings.say("Data: " + html_text(remark));
  return section("findings", "What stands out", findings.list());
}

}  // namespace sinapse
