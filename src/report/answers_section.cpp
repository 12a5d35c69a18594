// What it takes for what: confusion, ROC, calibration, residuals.
#include <fmt/format.h>

#include "report/confusion.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

constexpr Size kHalfPage{540, 360};
constexpr size_t kMostTargets = 4;  // with figures of their own

std::vector<std::string> figures_of_classes(const Report& report, const KeptPart& part) {
  std::vector<std::string> figures;
  const auto found = report.result.class_reports.find(judge_of(report));
  if (found != report.result.class_reports.end()) {
    const auto confusion = confusion_of(found->second, kHalfPage.width);
    if (confusion) figures.push_back(figure(*confusion));
  }
  if (part.target.form() == OutputForm::margin) return figures;  // no probabilities
  const ClassAnswers answers = class_answers(part);
  for (const Chart& chart :
       {roc_chart(answers), precision_recall_chart(answers), calibration_chart(answers)}) {
    figures.push_back(figure(draw(chart, kHalfPage)));
  }
  return figures;
}

std::vector<std::string> figures_of_numbers(const KeptPart& part) {
  std::vector<std::string> figures;
  for (const NumberAnswers& answers : number_answers(part)) {
    if (figures.size() / 3 == kMostTargets) break;
    for (const Chart& chart : residual_charts(answers)) {
      figures.push_back(figure(draw(chart, kHalfPage)));
    }
  }
  return figures;
}

}  // namespace

std::string answers_section(const Report& report) {
  const std::string judge = judge_of(report);
  const KeptPart* part = judging_part(report);
  if (part == nullptr) {
    if (report.result.model.trained().series) return "";
    return section("answers", "Answers",
                   note("There are too many rows for figures here; `sinapse plot` draws them."));
  }
  const Task task = part->target.task();
  const bool numbers = task == Task::regression || task == Task::distribution;
  const auto figures = numbers                   ? figures_of_numbers(*part)
                       : is_classification(task) ? figures_of_classes(report, *part)
                                                 : std::vector<std::string>();
  if (figures.empty()) return "";
  return section("answers",
                 fmt::format("Answers on the {} rows", judge == "train" ? "training" : judge),
                 figure_row(figures));
}

}  // namespace sinapse
