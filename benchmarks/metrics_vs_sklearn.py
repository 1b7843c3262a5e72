"""Time bmcourse.metrics against scikit-learn at a million rows, in turn, in one process.

    python benchmarks/metrics_vs_sklearn.py

A ratio is scikit-learn's time over ours, above 1 where ours is faster: the median over the
rounds, each of which runs one after the other, the first in turn. Stores the ratios with
their smallest and largest, and the largest difference between the two results.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn
from machine import store
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve as sk_calibration_curve

from bmcourse import metrics

Call = tuple[tuple[Any, ...], dict[str, Any]]


def calls(rows: int) -> dict[str, tuple[str, Call]]:
    """Return, by name, the function and what to call it with."""
    rng = np.random.default_rng(0)
    y, digits = rng.integers(0, 2, rows), rng.integers(0, 10, rows)
    guess, digit_guess = np.where(rng.random(rows) < 0.9, y, 1 - y), digits.copy()
    digit_guess[rng.random(rows) < 0.1] = 3
    p = np.clip(rng.normal(0.4 + 0.2 * y, 0.2), 0, 1)
    tied, weight = np.round(p, 3), rng.random(rows)
    table = rng.dirichlet(np.ones(10), rows)
    names = np.array(["ham", "spam"])
    many: dict[str, Any] = {"average": "macro"}
    return {
        "confusion_matrix, 10 classes": ("confusion_matrix", ((digits, digit_guess), {})),
        "confusion_matrix, weights": (
            "confusion_matrix",
            ((digits, digit_guess), {"sample_weight": weight}),
        ),
        "confusion_matrix, strings": (
            "confusion_matrix",
            ((names[y], names[guess]), {}),
        ),
        "accuracy_score": ("accuracy_score", ((digits, digit_guess), {})),
        "precision_score": ("precision_score", ((y, guess), {})),
        "f1_score, macro, 10 classes": ("f1_score", ((digits, digit_guess), many)),
        "balanced_accuracy_score": ("balanced_accuracy_score", ((y, guess), {})),
        "matthews_corrcoef": ("matthews_corrcoef", ((y, guess), {})),
        "cohen_kappa_score": ("cohen_kappa_score", ((y, guess), {})),
        "roc_curve": ("roc_curve", ((y, p), {})),
        "precision_recall_curve": ("precision_recall_curve", ((y, p), {})),
        "roc_auc_score": ("roc_auc_score", ((y, p), {})),
        "roc_auc_score, ties": ("roc_auc_score", ((y, tied), {})),
        "roc_auc_score, weights": ("roc_auc_score", ((y, p), {"sample_weight": weight})),
        "average_precision_score": ("average_precision_score", ((y, p), {})),
        "log_loss": ("log_loss", ((y, p), {})),
        "log_loss, 10 classes": ("log_loss", ((digits, table), {})),
        "brier_score_loss": ("brier_score_loss", ((y, p), {})),
        "calibration_curve": ("calibration_curve", ((y, p), {"n_bins": 10})),
    }


def seconds(function: Callable[..., Any], call: Call) -> tuple[float, Any]:
    args, options = call
    begin = time.perf_counter()
    result = function(*args, **options)
    return time.perf_counter() - begin, result


def difference(ours: Any, theirs: Any) -> float:
    """Return the largest difference, relative where numbers exceed 1."""
    pairs = zip(ours, theirs, strict=True) if isinstance(ours, tuple) else [(ours, theirs)]
    worst = 0.0
    for one, other in pairs:
        a, b = np.asarray(one, float), np.asarray(other, float)
        finite = np.isfinite(b)
        np.testing.assert_array_equal(a[~finite], b[~finite])
        worst = max(worst, float(np.max(np.abs(a - b)[finite] / np.maximum(1, np.abs(b[finite])))))
    return worst


def compare(name: str, call: Call, rounds: int) -> dict[str, float]:
    ours = getattr(metrics, name)
    theirs = sk_calibration_curve if name == "calibration_curve" else getattr(sk, name)
    ratios, gap = [], 0.0
    for i in range(rounds + 1):  # the first round warms up
        order = [ours, theirs] if i % 2 else [theirs, ours]
        took = {function: seconds(function, call) for function in order}
        ratios.append(took[theirs][0] / took[ours][0])
        gap = max(gap, difference(took[ours][1], took[theirs][1]))
    measured = ratios[1:]
    return {
        "sklearn_time_over_ours": round(statistics.median(measured), 2),
        "smallest": round(min(measured), 2),
        "largest": round(max(measured), 2),
        "largest_difference": gap,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    results = {
        title: compare(name, call, options.rounds)
        for title, (name, call) in calls(options.rows).items()
    }
    about = {"sklearn": sklearn.__version__, "rows": options.rows, "rounds": options.rounds}
    store(__file__, {**about, "metrics": results})


if __name__ == "__main__":
    main()
