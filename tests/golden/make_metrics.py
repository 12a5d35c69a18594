#!/usr/bin/python3
"""Writes metrics.json: what scikit-learn says of small predictions, the awkward ones included.

Run: /usr/bin/python3 tests/golden/make_metrics.py   (Debian's python3-sklearn 1.2)

{"binary": [...], "classes": [...], "regression": [...], "labels": [...], "numbers": [...]}, each
entry with a name, weights of the rows (null: all 1), and
  binary      targets 0/1, probabilities of class 1 (above 0.5 is class 1)
  classes     targets, probabilities [row][class] (highest probability, the first of equals)
  regression  targets, predictions
  labels      targets [row][label] 0/1, probabilities [row][label]
  numbers     targets [row][target], predictions [row][target]
and "metrics" by our names, "per_class" and "confusion" [target][predicted]. "t_quantiles" are of
Student's distribution, from scipy.
A metric that is not defined for the data is null.

What scikit-learn does at the edges, as these numbers show:
- Equal scores count half in roc_auc. With one class only in the targets it raises: null here.
- roc_auc one-versus-rest raises when a class is missing in the targets (null here).
- average_precision_score (pr_auc) gives 0 with a warning when a class is missing: null here.
- Macro averages are over the classes that occur in targets or predictions; one that is never hit
  counts 0.
- top_k_accuracy_score ranks the later of equally probable classes first.
- cohen_kappa_score is nan if targets and predictions are one and the same class: null here.
- log_loss clips probabilities to [e, 1 - e] with e = 2^-52, then divides each row by its sum;
  the labels must be given when a class is missing.
- The weighted median is the lower one where half of the weight lies exactly between two values;
  here, as in the unweighted one, it is the mean of both. Weights below avoid that.
- Averages over labels count every label, also one that never occurs.
- r2 and d2 of constant targets are 1 for perfect predictions, else 0; undefined for one row.
"""
import json
import math
import pathlib
import warnings

import numpy
import sklearn
from scipy import optimize, special
from sklearn import metrics

warnings.simplefilter("ignore")


def defined(function, *arguments, **settings):
    try:
        value = float(function(*arguments, **settings))
    except ValueError:
        return None
    return None if math.isnan(value) else value


def of_labels(targets, predicted, labels, weights):
    """Metrics of the predicted classes alone."""
    weighted = {"sample_weight": weights}
    result = {
        "accuracy": metrics.accuracy_score(targets, predicted, **weighted),
        "balanced_accuracy": defined(metrics.balanced_accuracy_score, targets, predicted,
                                     **weighted),
        "mcc": metrics.matthews_corrcoef(targets, predicted, **weighted),
        "kappa": defined(metrics.cohen_kappa_score, targets, predicted, **weighted),
    }
    for score in ("precision", "recall", "f1"):
        function = getattr(metrics, score + "_score")
        for average in ("macro", "micro", "weighted"):
            result[f"{score}_{average}"] = function(targets, predicted, average=average,
                                                    zero_division=0, **weighted)
    return result


def class_report(targets, predicted, labels, weights):
    scores = metrics.precision_recall_fscore_support(targets, predicted, labels=labels,
                                                     zero_division=0, sample_weight=weights)
    return {"per_class": [[float(x) for x in row] for row in zip(*scores)],
            "confusion": metrics.confusion_matrix(targets, predicted, labels=labels,
                                                  sample_weight=weights).tolist()}


def calibration_error(targets, table, predicted, weights):
    """Guo et al. 2017, section 2: bins ((m-1)/15, m/15]; scikit-learn has none."""
    confidence = table[numpy.arange(len(targets)), predicted]
    right = numpy.array(targets) == predicted
    w = numpy.ones(len(targets)) if weights is None else numpy.array(weights)
    error = 0
    for m in range(15):
        inside = (confidence > m / 15) & (confidence <= (m + 1) / 15)
        error += abs((w * right)[inside].sum() - (w * confidence)[inside].sum()) / w.sum()
    return error


def binary(name, targets, probabilities, weights=None):
    predicted = [int(p > 0.5) for p in probabilities]
    table = numpy.array([[1 - p, p] for p in probabilities])
    both = 0 < sum(targets) < len(targets)
    weighted = {"sample_weight": weights}
    return {
        "name": name, "targets": targets, "probabilities": probabilities, "weights": weights,
        "metrics": {
            **of_labels(targets, predicted, [0, 1], weights),
            "roc_auc": defined(metrics.roc_auc_score, targets, probabilities, **weighted),
            "pr_auc": metrics.average_precision_score(targets, probabilities, **weighted) if both
                      else (1.0 if sum(targets) else None),
            "log_loss": metrics.log_loss(targets, probabilities, labels=[0, 1], **weighted),
            "brier": metrics.brier_score_loss(targets, probabilities, pos_label=1, **weighted),
            "calibration_error": calibration_error(targets, table, numpy.array(predicted), weights),
        },
        **class_report(targets, predicted, [0, 1], weights),
    }


def classes(name, targets, probabilities, weights=None):
    weighted = {"sample_weight": weights}
    table = numpy.array(probabilities)
    labels = list(range(table.shape[1]))
    predicted = table.argmax(axis=1)
    one_hot = numpy.eye(len(labels))[targets]
    all_occur = set(targets) == set(labels)
    values = {
        **of_labels(targets, predicted, labels, weights),
        "roc_auc": defined(metrics.roc_auc_score, targets, table, multi_class="ovr",
                           average="macro", labels=labels, **weighted),
        "pr_auc": metrics.average_precision_score(one_hot, table, **weighted) if all_occur
                  else None,
        "log_loss": metrics.log_loss(targets, table, labels=labels, **weighted),
        "brier": float(numpy.average(((table - one_hot) ** 2).sum(axis=1), weights=weights)),
        "calibration_error": calibration_error(targets, table, predicted, weights),
    }
    for k in (3, 5):
        if len(labels) > k:
            values[f"top_{k}_accuracy"] = metrics.top_k_accuracy_score(targets, table, k=k,
                                                                       labels=labels, **weighted)
    return {"name": name, "targets": targets, "probabilities": probabilities, "weights": weights,
            "metrics": values, **class_report(targets, predicted, labels, weights)}


def labels_of_rows(name, targets, probabilities, weights=None):
    truth, table = numpy.array(targets), numpy.array(probabilities)
    predicted = (table > 0.5).astype(int)
    weighted = {"sample_weight": weights}
    columns = range(truth.shape[1])
    mean = lambda function: float(numpy.mean([function(k) for k in columns]))
    values = {
        "exact_match": metrics.accuracy_score(truth, predicted, **weighted),
        "hamming_loss": metrics.hamming_loss(truth, predicted, **weighted),
        "roc_auc": metrics.roc_auc_score(truth, table, average="macro", **weighted),
        "pr_auc": metrics.average_precision_score(truth, table, average="macro", **weighted),
        "accuracy": mean(lambda k: metrics.accuracy_score(truth[:, k], predicted[:, k],
                                                          **weighted)),
        "log_loss": mean(lambda k: metrics.log_loss(truth[:, k], table[:, k], labels=[0, 1],
                                                    **weighted)),
        "mcc": mean(lambda k: metrics.matthews_corrcoef(truth[:, k], predicted[:, k], **weighted)),
    }
    for score in ("precision", "recall", "f1"):
        function = getattr(metrics, score + "_score")
        for average in ("macro", "micro", "weighted"):
            values[f"{score}_{average}"] = function(truth, predicted, average=average,
                                                    zero_division=0, **weighted)
    return {"name": name, "targets": targets, "probabilities": probabilities, "weights": weights,
            "metrics": values}


def numbers(name, targets, predictions, weights=None):
    weighted = {"sample_weight": weights}
    t, p = numpy.array(targets), numpy.array(predictions)
    return {
        "name": name, "targets": targets, "predictions": predictions, "weights": weights,
        "metrics": {
            "rmse": metrics.mean_squared_error(t, p, squared=False, **weighted),
            "mae": metrics.mean_absolute_error(t, p, **weighted),
            "median_absolute_error": metrics.median_absolute_error(t, p, **weighted),
            "max_error": float(numpy.mean([metrics.max_error(t[:, k], p[:, k])
                                           for k in range(t.shape[1])])),
            "mape": metrics.mean_absolute_percentage_error(t, p, **weighted),
            "r2": metrics.r2_score(t, p, **weighted),
            "d2": metrics.d2_absolute_error_score(t, p, **weighted),
        },
    }


def regression(name, targets, predictions, weights=None):
    weighted = {"sample_weight": weights}
    return {
        "name": name, "targets": targets, "predictions": predictions, "weights": weights,
        "metrics": {
            "rmse": math.sqrt(metrics.mean_squared_error(targets, predictions, **weighted)),
            "mae": metrics.mean_absolute_error(targets, predictions, **weighted),
            "median_absolute_error": metrics.median_absolute_error(targets, predictions,
                                                                   **weighted),
            "max_error": metrics.max_error(targets, predictions),
            "mape": metrics.mean_absolute_percentage_error(targets, predictions, **weighted),
            "r2": defined(metrics.r2_score, targets, predictions, **weighted),
            "d2": defined(metrics.d2_absolute_error_score, targets, predictions, **weighted),
        },
    }


def t_quantile(q, n):
    """By the incomplete beta function: scipy.stats.t.ppf has nine digits only."""
    return optimize.brentq(lambda t: special.betainc(n / 2, 0.5, n / (n + t * t)) / 2 - (1 - q),
                           1e-3, 1e3, xtol=1e-15, rtol=1e-15)


def softmax_rows(rows, columns):
    """Probabilities from sin(1.7 i), the formula of make_training.py."""
    scores = numpy.sin(1.7 * numpy.arange(rows * columns)).reshape(rows, columns)
    powers = numpy.exp(2 * scores)
    return (powers / powers.sum(axis=1, keepdims=True)).tolist()


def waves(count, phase):
    return [math.sin(1.7 * i + phase) for i in range(count)]


def weights(count):
    """Uneven, so that no median lies exactly between two values."""
    return [0.3 + (7 * i % 5) * 0.61 + 0.013 * i for i in range(count)]


def rows_of(values, width):
    return [values[i:i + width] for i in range(0, len(values), width)]


def bits(rows, columns):
    return rows_of([int(math.sin(2.3 * i) > 0) for i in range(rows * columns)], columns)


def main():
    targets = [0, 0, 1, 1, 0, 1, 1, 0, 1, 0]
    plain = [0.1, 0.4, 0.35, 0.8, 0.55, 0.9, 0.6, 0.2, 0.45, 0.3]
    ties = [0.5, 0.5, 0.5, 0.75, 0.25, 0.75, 0.5, 0.25, 0.25, 0.75]
    three = [0, 2, 1, 1, 0, 2, 2, 0, 1, 2, 0, 1]
    result = {
        "made_with": "scikit-learn " + sklearn.__version__,
        "binary": [
            binary("plain", targets, plain),
            binary("tied_scores", targets, ties),
            binary("all_scores_equal", targets, [0.5] * 10),
            binary("perfect", targets, [float(t) for t in targets]),
            binary("all_wrong_and_certain", targets, [1.0 - t for t in targets]),
            binary("only_class_one", [1] * 5, plain[:5]),
            binary("never_predicts_one", targets, [p / 2 for p in plain]),
            binary("weighted", targets, plain, weights(10)),
            binary("weighted_ties", targets, ties, weights(10)),
            binary("weighted_one_class", [1] * 5, plain[:5], weights(5)),
        ],
        "classes": [
            classes("plain", three, softmax_rows(12, 3)),
            classes("tied_probabilities", [0, 1, 2, 0, 1, 2],
                    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5],
                     [0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]),
            classes("class_missing_in_targets", [0, 1, 1, 0, 3, 3, 0, 1], softmax_rows(8, 4)),
            classes("class_missing_in_both", [0, 1, 1, 0], [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1],
                                                            [0.6, 0.3, 0.1], [0.5, 0.4, 0.1]]),
            classes("seven_classes", [0, 5, 3, 6, 6, 2, 1, 4, 0, 3, 5, 2], softmax_rows(12, 7)),
            classes("six_classes_all_tied", [0, 1, 2, 3, 4, 5], [[1 / 6] * 6] * 6),
            classes("one_class_only", [2, 2, 2], [[0.1, 0.1, 0.8]] * 3),
            classes("certain_and_wrong", [0, 1, 2], [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0],
                                                     [1.0, 0.0, 0.0]]),
            classes("weighted", three, softmax_rows(12, 3), weights(12)),
            classes("weighted_class_missing_in_targets", [0, 1, 1, 0, 3, 3, 0, 1],
                    softmax_rows(8, 4), weights(8)),
            classes("weighted_seven_classes", [0, 5, 3, 6, 6, 2, 1, 4, 0, 3, 5, 2],
                    softmax_rows(12, 7), weights(12)),
            classes("weighted_one_class_only", [2, 2, 2], [[0.1, 0.1, 0.8]] * 3, weights(3)),
        ],
        "regression": [
            regression("plain", waves(15, 0.2), waves(15, 0.6)),
            regression("perfect", [1.5, -2.0, 3.25], [1.5, -2.0, 3.25]),
            regression("worse_than_the_mean", [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]),
            regression("constant_targets", [2.0, 2.0, 2.0], [2.0, 2.5, 1.0]),
            regression("constant_targets_perfect", [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]),
            regression("large_offset", [1e8 + w for w in waves(10, 0.2)],
                       [1e8 + w for w in waves(10, 0.4)]),
            regression("one_row", [3.0], [2.5]),
            regression("zero_targets", [0.0, 0.0, 1.0, -2.0], [0.5, 0.0, 1.5, -1.0]),
            regression("tied_errors", [1.0, 1.0, 1.0, 5.0, 5.0], [2.0, 2.0, 0.0, 4.0, 9.0]),
            regression("weighted", waves(15, 0.2), waves(15, 0.6), weights(15)),
            regression("weighted_ties", [1.0, 1.0, 1.0, 5.0, 5.0], [2.0, 2.0, 0.0, 4.0, 9.0],
                       weights(5)),
            regression("weighted_one_row", [3.0], [2.5], [7.0]),
        ],
        "labels": [
            labels_of_rows("plain", bits(12, 3), softmax_rows(12, 3)),
            labels_of_rows("weighted", bits(12, 3), softmax_rows(12, 3), weights(12)),
            labels_of_rows("never_predicted", bits(8, 2),
                           [[p / 3 for p in row] for row in softmax_rows(8, 2)]),
        ],
        "numbers": [
            numbers("plain", rows_of(waves(24, 0.2), 3), rows_of(waves(24, 0.6), 3)),
            numbers("weighted", rows_of(waves(24, 0.2), 3), rows_of(waves(24, 0.6), 3), weights(8)),
        ],
        "t_quantiles": [[q, n, t_quantile(q, n)] for q in (0.9, 0.975, 0.995)
                        for n in (1, 2, 4, 9, 49, 999)],
    }
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
