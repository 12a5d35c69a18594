#!/usr/bin/python3
"""Writes features.json: scikit-learn's scalers and bags of n-grams on small columns.

Run: /usr/bin/python3 tests/golden/make_features.py   (Debian's python3-sklearn 1.2)

{"numbers": [{"scale", "values", "others", "expected"}], "texts": [{"tokens", "ngrams", "weights",
"size", "texts", "others", "vocabulary", "expected": [row][n-gram]}]}. What is fitted on the values
or texts is applied to them and to the others, in that order. Two scalings are not in scikit-learn
as they are here: robust clips smoothly behind RobustScaler, and quantile gives normal scores to
(k + 1/2) / K, with scipy's quantile function.
"""
import json
import pathlib

import numpy as np
from scipy.stats import norm
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, RobustScaler, StandardScaler

random = np.random.default_rng(7)
COLUMNS = [np.exp(random.normal(size=41)) * 100, random.normal(size=200) * 3 - 1000,
           np.array([0.0, 0, 0, 0, 0, 0, 1, 5, 9, 1e6])]
OTHERS = [-2000.0, -0.5, 0.0, 1e-3, 3.25, 50.0, 1e5, 1e9]


def smoothly_clipped(y, clip):
    return y / np.sqrt(1 + (y / clip) ** 2)


def quantile(values, x, count):
    count = min(count, len(values))
    knots = np.quantile(values, np.linspace(0, 1, count))
    return np.interp(x, knots, norm.ppf((np.arange(count) + 0.5) / count))


def signed_log(x):
    return np.sign(x) * np.log1p(np.abs(x))


def fitted(scaler, values, x):
    return scaler.fit(values.reshape(-1, 1)).transform(x.reshape(-1, 1))[:, 0]


SCALES = {
    "standard": lambda v, x: fitted(StandardScaler(), v, x),
    "min_max": lambda v, x: fitted(MinMaxScaler(), v, x),
    "min_max(low=-1, high=3)": lambda v, x: fitted(MinMaxScaler((-1, 3)), v, x),
    "robust(clip=0)": lambda v, x: fitted(RobustScaler(), v, x),
    "robust": lambda v, x: smoothly_clipped(fitted(RobustScaler(), v, x), 3),
    "quantile": lambda v, x: quantile(v, x, 100),
    "quantile(quantiles=11)": lambda v, x: quantile(v, x, 11),
    "quantile_uniform(quantiles=30)":
        lambda v, x: fitted(QuantileTransformer(n_quantiles=min(30, len(v))), v, x),
    "log": lambda v, x: (signed_log(x) - signed_log(v).mean()) / signed_log(v).std(),
    "none": lambda v, x: x,
}


def number_cases():
    for column, values in enumerate(COLUMNS):
        for scale, apply in SCALES.items():
            if column == 2 and scale.startswith(("quantile", "robust")):
                continue  # half of the values are the same: ours goes another way
            x = np.concatenate([values, OTHERS])
            yield {"scale": scale, "values": values.tolist(), "others": OTHERS,
                   "expected": apply(values, x).tolist()}


TEXTS = ["The quick brown fox", "jumps over the lazy dog", "the dog, the DOG and the fox!",
         "São Paulo ÁRBOL 42", "", "quick quick fox_1"]
OTHER_TEXTS = ["nothing known here", "the fox and the dog", "São são"]


def text_cases():
    for tokens, ngrams, weights, size in [("words", (1, 1), "tf_idf", 1000), ("words", (1, 2), "tf_idf", 1000),
                                          ("words", (2, 3), "count", 1000), ("words", (1, 1), "binary", 1000),
                                          ("characters", (1, 3), "tf_idf", 1000), ("characters", (2, 2), "count", 1000)]:
        kind = TfidfVectorizer if weights == "tf_idf" else CountVectorizer
        vectorizer = kind(analyzer="word" if tokens == "words" else "char", ngram_range=ngrams,
                          token_pattern=r"(?u)\b\w+\b", binary=weights == "binary", max_features=size)
        vectorizer.fit(TEXTS)
        yield {"tokens": tokens, "ngrams": ngrams, "weights": weights, "size": size, "texts": TEXTS,
               "others": OTHER_TEXTS, "vocabulary": vectorizer.get_feature_names_out().tolist(),
               "expected": vectorizer.transform(TEXTS + OTHER_TEXTS).toarray().tolist()}


path = pathlib.Path(__file__).with_name("features.json")
path.write_text(json.dumps({"numbers": list(number_cases()), "texts": list(text_cases())},
                           ensure_ascii=False) + "\n")
