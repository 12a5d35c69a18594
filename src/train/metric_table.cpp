// Every metric, defined once: what is printed, listed, tuned and documented follows from here.
#include "train/metric_table.h"

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"

namespace sinapse {

namespace {

enum class Better { larger, smaller };
enum class Shown { always, in_json };

using OfClasses = double (*)(const ClassOutcomes&, RowWeights);
using OfNumbers = double (*)(const NumberOutcomes&, RowWeights);
using OfLabels = double (*)(const LabelOutcomes&, RowWeights);

Metric of_classes(std::string_view name, OfClasses function, Better better, Shown shown,
                  std::string_view formula, std::string_view doc, std::string_view source = "") {
  return {{name, formula, doc, source, true, better == Better::larger, shown == Shown::always},
          function,
          nullptr,
          nullptr};
}

Metric of_numbers(std::string_view name, OfNumbers function, Better better, Shown shown,
                  std::string_view formula, std::string_view doc, std::string_view source = "") {
  return {{name, formula, doc, source, false, better == Better::larger, shown == Shown::always},
          nullptr,
          function,
          nullptr};
}

Metric of_labels(std::string_view name, OfLabels function, Better better, Shown shown,
                 std::string_view formula, std::string_view doc, std::string_view source = "") {
  return {{name, formula, doc, source, true, better == Better::larger, shown == Shown::always},
          nullptr,
          nullptr,
          function};
}

// A mean over classes, or over labels.
template <ClassScore score, Average average>
Metric mean(std::string_view name, Better better, Shown shown, std::string_view formula,
            std::string_view doc, std::string_view source = "") {
  Metric metric = of_classes(name, averaged<score, average>, better, shown, formula, doc, source);
  metric.of_labels = averaged_over_labels<score, average>;
  return metric;
}

std::vector<Metric> make_table() {
  using enum Better;
  using enum Shown;
  using enum ClassScore;
  using enum Average;
  return {
      of_classes("accuracy", accuracy, larger, always, "right rows / rows",
                 "Share of rows whose class is right."),
      of_classes("balanced_accuracy", balanced_accuracy, larger, in_json, "mean of recall",
                 "Accuracy as if all classes that occur were equally frequent.",
                 "Brodersen et al. 2010"),
      of_classes("top_3_accuracy", top_k_accuracy<3>, larger, in_json,
                 "rows whose class is among the 3 most probable / rows",
                 "Defined for more than 3 classes; of equal ones the later class ranks first."),
      of_classes("top_5_accuracy", top_k_accuracy<5>, larger, in_json,
                 "rows whose class is among the 5 most probable / rows",
                 "Defined for more than 5 classes; of equal ones the later class ranks first."),
      mean<precision, macro>(
          "precision_macro", larger, in_json, "mean over classes of tp / (tp + fp)",
          "How far predictions of a class can be trusted, each class counting the same."),
      mean<precision, micro>("precision_micro", larger, in_json, "sum of tp / sum of (tp + fp)",
                             "With one class a row it equals accuracy."),
      mean<precision, weighted>(
          "precision_weighted", larger, in_json, "mean over rows of the precision of their class",
          "How far predictions of a class can be trusted, each row counting the same."),
      mean<recall, macro>("recall_macro", larger, in_json, "mean over classes of tp / (tp + fn)",
                          "How much of a class is found, each class counting the same."),
      mean<recall, micro>("recall_micro", larger, in_json, "sum of tp / sum of (tp + fn)",
                          "With one class a row it equals accuracy."),
      mean<recall, weighted>("recall_weighted", larger, in_json,
                             "mean over rows of the recall of their class",
                             "With one class a row it equals accuracy."),
      mean<f1, macro>(
          "f1_macro", larger, always, "mean over classes of 2 tp / (2 tp + fp + fn)",
          "Precision and recall in one number, each class that occurs counting the same.",
          "van Rijsbergen 1979"),
      mean<f1, micro>("f1_micro", larger, in_json, "2 sum of tp / sum of (2 tp + fp + fn)",
                      "With one class a row it equals accuracy."),
      mean<f1, weighted>("f1_weighted", larger, in_json, "mean over rows of the F1 of their class",
                         "Precision and recall in one number, each row counting the same."),
      of_classes("mcc", matthews_correlation, larger, in_json,
                 "cov(truth, predicted) / sqrt(cov(truth, truth) cov(predicted, predicted))",
                 "Correlation of truth and prediction, -1 to 1; 0 if either is constant.",
                 "Matthews 1975; Gorodkin 2004"),
      of_classes("kappa", cohens_kappa, larger, in_json, "(accuracy - chance) / (1 - chance)",
                 "Agreement beyond chance; not defined if both are one and the same class.",
                 "Cohen 1960"),
      of_classes("roc_auc", roc_auc, larger, always,
                 "P(score of a positive row > score of a negative row) + P(equal) / 2",
                 "How well scores order rows; of several classes the mean of one against the rest. "
                 "Not defined if a class does not occur.",
                 "Mann, Whitney 1947"),
      of_classes("pr_auc", average_precision, larger, in_json,
                 "sum of (recall_n - recall_n-1) precision_n over falling scores",
                 "Average precision: tells more than roc_auc where positive rows are rare; of "
                 "several classes the mean of one against the rest. Not defined if a class does "
                 "not occur."),
      of_classes("log_loss", log_loss, smaller, always, "mean of -log p(true class)",
                 "How surprised the probabilities are; they are kept 2^-52 away from 0 and 1.",
                 "Good 1952"),
      of_classes("brier", brier_score, smaller, in_json,
                 "mean of (p - y)^2 of the second of two classes; of more, summed over classes",
                 "Squared error of the probabilities.", "Brier 1950"),
      of_classes("calibration_error", calibration_error, smaller, in_json,
                 "mean over rows of |accuracy - confidence| of their bin, 15 bins of equal width",
                 "How far the probability of the predicted class is from the share of right rows.",
                 "Guo et al. 2017"),
      of_labels("exact_match", exact_match, larger, always, "rows with all labels right / rows",
                "Of several labels (multilabel): share of rows in which each is right."),
      of_labels("hamming_loss", hamming_loss, smaller, in_json, "wrong labels / labels",
                "Of several labels (multilabel): share of labels that are wrong.", "Hamming 1950"),
      of_numbers("rmse", root_mean_squared_error, smaller, always, "sqrt(mean (y - p)^2)",
                 "Root mean squared error, in the unit of the target."),
      of_numbers("mae", mean_absolute_error, smaller, always, "mean |y - p|",
                 "Mean absolute error, in the unit of the target."),
      of_numbers("median_absolute_error", median_absolute_error, smaller, in_json, "median |y - p|",
                 "The usual error, whatever the outliers."),
      of_numbers("max_error", max_error, smaller, in_json, "max |y - p|", "The largest error."),
      of_numbers("mape", mean_absolute_percentage_error, smaller, in_json,
                 "mean |y - p| / max(|y|, 2^-52)",
                 "Error relative to the truth, as a fraction; huge where the truth is 0."),
      of_numbers("r2", r2_score, larger, always, "1 - sum (y - p)^2 / sum (y - mean y)^2",
                 "Share of the variance explained; 0 is no better than the mean. Not defined for "
                 "a single row."),
      of_numbers("d2", d2_absolute_error, larger, in_json, "1 - sum |y - p| / sum |y - median y|",
                 "Share of the absolute error explained; 0 is no better than the median. Not "
                 "defined for a single row."),
  };
}

}  // namespace

const std::vector<Metric>& metric_table() {
  static const std::vector<Metric> table = make_table();
  return table;
}

std::vector<const MetricDefinition*> metrics() {
  std::vector<const MetricDefinition*> definitions;
  for (const Metric& metric : metric_table()) definitions.push_back(&metric.definition);
  return definitions;
}

const MetricDefinition& metric_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Metric& metric : metric_table()) {
    if (metric.definition.name == name) return metric.definition;
    names.emplace_back(metric.definition.name);
  }
  throw Error(ErrorCode::usage,
              fmt::format("There is no metric \"{}\".{}", name, did_you_mean(name, names)));
}

}  // namespace sinapse
