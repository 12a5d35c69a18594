"""scikit-learn's learners with their defaults, behind the usual preparation of columns."""
import csv
import warnings

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV, RidgeCV
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

MISSING = ("", "NA", "?")


def number(cell):
    return np.nan if cell in MISSING else float(cell)


def is_number(column):
    try:
        return any(cell not in MISSING for cell in column) and bool([number(c) for c in column])
    except ValueError:
        return False


class Task:
    """Both parts of a task as numbers and categories, missing cells as NaN and "missing"."""

    def __init__(self, folder, kind):
        tables = []
        for part in ("train", "test"):
            with open(f"{folder}/{part}.csv", newline="") as file:
                tables.append(np.array(list(csv.reader(file))[1:], dtype=object))
        both = np.vstack(tables)
        self.classes = kind == "classes"
        columns = range(both.shape[1] - 1)
        self.numbers = [c for c in columns if is_number(both[:, c])]
        self.categories = [c for c in columns if c not in self.numbers]
        (self.x, self.y), (self.test_x, self.test_y) = map(self.encoded, tables)

    def encoded(self, table):
        x = np.empty((len(table), table.shape[1] - 1), dtype=object)
        for c in self.numbers:
            x[:, c] = [number(cell) for cell in table[:, c]]
        for c in self.categories:
            x[:, c] = ["missing" if cell in MISSING else cell for cell in table[:, c]]
        return x, table[:, -1] if self.classes else table[:, -1].astype(float)


def scaled(task):
    fill = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    return ColumnTransformer([("numbers", fill, task.numbers),
                              ("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False),
                               task.categories)])


def standard_target(learner):
    """A network needs a target near 1; without this scikit-learn's fails on large numbers."""
    return TransformedTargetRegressor(learner, transformer=StandardScaler())


def mlp(task, seed):
    learner = (MLPClassifier(max_iter=500, random_state=seed) if task.classes
               else standard_target(MLPRegressor(max_iter=500, random_state=seed)))
    return make_pipeline(scaled(task), learner)


def boosting(task, seed):
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = ColumnTransformer([("numbers", "passthrough", task.numbers),
                                 ("categories", codes, task.categories)])
    few = [len(set(task.x[:, c])) < 255 for c in task.categories]
    kind = HistGradientBoostingClassifier if task.classes else HistGradientBoostingRegressor
    return make_pipeline(columns, kind(categorical_features=[False] * len(task.numbers) + few,
                                       random_state=seed))


def linear(task, _):
    learner = LogisticRegressionCV(max_iter=2000) if task.classes else RidgeCV(np.logspace(-3, 4, 15))
    return make_pipeline(scaled(task), learner)


#: learner → what makes it
RIVALS = {"sklearn MLP": mlp, "sklearn boosting": boosting, "linear, tuned": linear}


def measure(learner, task, seed):
    """{"accuracy", "log_loss"} or {"rmse"} of the test part."""
    model = RIVALS[learner](task, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not converged in its iterations: that is its result
        model.fit(task.x, task.y)
    if not task.classes:
        return {"rmse": float(np.sqrt(np.mean((model.predict(task.test_x) - task.test_y) ** 2)))}
    known = np.isin(task.test_y, model.classes_)
    loss = log_loss(task.test_y[known], model.predict_proba(task.test_x[known]), labels=model.classes_)
    return {"accuracy": float(np.mean(model.predict(task.test_x) == task.test_y)), "log_loss": float(loss)}
