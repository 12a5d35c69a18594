#!/usr/bin/python3
"""Writes metrics.json: what scikit-learn says of small predictions, the awkward ones included.

Run: /usr/bin/python3 tests/golden/make_metrics.py   (Debian's python3-sklearn 1.2)

{"binary": [...], "classes": [...], "regression": [...]}, each entry with a name and
  binary      targets 0/1, probabilities of class 1        → accuracy (probability > 0.5 is class
              1), f1 (of class 1), f1_macro, roc_auc, log_loss
  classes     targets, probabilities [row][class]          → accuracy (highest probability, the
              first of equals), f1_macro, roc_auc_ovr_macro, log_loss, confusion [target][predicted]
  regression  targets, predictions                         → rmse, mae, r2
A metric that is not defined for the data is null.

What scikit-learn does at the edges, as these numbers show:
- Equal scores count half in roc_auc. With one class only in the targets it raises: null here.
- roc_auc one-versus-rest raises when a class is missing in the targets (null here);
  "roc_auc_ovr_macro_present" is the mean over the classes that do occur.
- f1_macro averages over the classes that occur in targets or predictions; one that is never hit
  counts 0. "f1_macro_all" averages over all classes, the absent ones as 0.
- log_loss clips probabilities to [e, 1 - e] with e = 2^-52, then divides each row by its sum;
  the labels must be given when a class is missing.
- r2 of constant targets is 1 for perfect predictions, else 0; of a single row it is undefined.
"""
import json
import math
import pathlib
import warnings

import numpy
import sklearn
from sklearn import metrics

warnings.simplefilter("ignore")


def defined(function, *arguments, **settings):
    try:
        value = float(function(*arguments, **settings))
    except ValueError:
        return None
    return None if math.isnan(value) else value


def binary(name, targets, probabilities):
    predicted = [int(p > 0.5) for p in probabilities]
    return {
        "name": name, "targets": targets, "probabilities": probabilities,
        "accuracy": metrics.accuracy_score(targets, predicted),
        "f1": metrics.f1_score(targets, predicted, zero_division=0),
        "f1_macro": metrics.f1_score(targets, predicted, average="macro", zero_division=0),
        "roc_auc": defined(metrics.roc_auc_score, targets, probabilities),
        "log_loss": metrics.log_loss(targets, probabilities, labels=[0, 1]),
    }


def classes(name, targets, probabilities):
    table = numpy.array(probabilities)
    labels = list(range(table.shape[1]))
    predicted = table.argmax(axis=1)
    present = [metrics.roc_auc_score(numpy.array(targets) == c, table[:, c])
               for c in labels if 0 < targets.count(c) < len(targets)]
    return {
        "name": name, "targets": targets, "probabilities": probabilities,
        "accuracy": metrics.accuracy_score(targets, predicted),
        "f1_macro": metrics.f1_score(targets, predicted, average="macro", zero_division=0),
        "f1_macro_all": metrics.f1_score(targets, predicted, labels=labels, average="macro",
                                         zero_division=0),
        "roc_auc_ovr_macro": defined(metrics.roc_auc_score, targets, table, multi_class="ovr",
                                     average="macro", labels=labels),
        "roc_auc_ovr_macro_present": float(numpy.mean(present)) if present else None,
        "log_loss": metrics.log_loss(targets, table, labels=labels),
        "confusion": metrics.confusion_matrix(targets, predicted, labels=labels).tolist(),
    }


def regression(name, targets, predictions):
    return {
        "name": name, "targets": targets, "predictions": predictions,
        "rmse": math.sqrt(metrics.mean_squared_error(targets, predictions)),
        "mae": metrics.mean_absolute_error(targets, predictions),
        "r2": defined(metrics.r2_score, targets, predictions),
    }


def softmax_rows(rows, columns):
    """Probabilities from sin(1.7 i), the formula of make_training.py."""
    scores = numpy.sin(1.7 * numpy.arange(rows * columns)).reshape(rows, columns)
    powers = numpy.exp(2 * scores)
    return (powers / powers.sum(axis=1, keepdims=True)).tolist()


def waves(count, phase):
    return [math.sin(1.7 * i + phase) for i in range(count)]


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
        ],
        "classes": [
            classes("plain", three, softmax_rows(12, 3)),
            classes("tied_probabilities", [0, 1, 2, 0, 1, 2],
                    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5],
                     [0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]),
            classes("class_missing_in_targets", [0, 1, 1, 0, 3, 3, 0, 1], softmax_rows(8, 4)),
            classes("class_missing_in_both", [0, 1, 1, 0], [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1],
                                                            [0.6, 0.3, 0.1], [0.5, 0.4, 0.1]]),
            classes("certain_and_wrong", [0, 1, 2], [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0],
                                                     [1.0, 0.0, 0.0]]),
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
        ],
    }
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
