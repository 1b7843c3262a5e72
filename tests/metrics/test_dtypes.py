"""Every public metric over the number types of labels, scores, weights and prices."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from bmcourse import metrics

from .oracle import assert_same

N = 3000
RNG = np.random.default_rng(0)
TRUE = RNG.integers(0, 2, N)
WRONG = RNG.random(N) < 0.2
ARGUMENTS = {
    "y_true": TRUE,
    "y_pred": TRUE ^ WRONG,
    "y_pred_a": TRUE ^ WRONG,
    "y_pred_b": TRUE ^ (RNG.random(N) < 0.3),
    "y1": TRUE,
    "y2": TRUE ^ WRONG,
    "y_score": RNG.integers(0, 200, N) + 55 * TRUE,  # fills uint8
    "y_proba": np.clip(RNG.integers(1, 90, N) / 128 + 0.2 * TRUE, 0.01, 0.99),
}
ARGUMENTS["y_prob"] = ARGUMENTS["y_proba"]
PRICES = {"gain_tp": 200, "cost_fp": 150, "cost_fn": 40, "gain_tn": 3}
OTHERS: dict[str, dict[str, Any]] = {
    "fbeta_score": {"beta": 2},
    "confusion_matrix": {},
    "best_threshold": PRICES,
    "expected_profit": PRICES,
    "expected_profit_curve": PRICES,
}
NO_METRIC = {"Counts", "Interval", "McNemarResult", "cost_sensitive_threshold"}
OF_LISTS = {"ndcg_at_k", "recall_at_k", "top_k"}  # users x items: see test_ranking.py
NAMES = sorted(set(metrics.__all__) - NO_METRIC - OF_LISTS - {"bootstrap_interval"})
KINDS = ["bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64"]
WEIGHTS = {
    "bool": RNG.random(N) < 0.5,
    "uint8": RNG.integers(0, 256, N),
    "int32": RNG.integers(0, 2**31 - 1, N),
    "int64": RNG.integers(0, 2**50, N),
    "float16": RNG.integers(0, 2**11, N) * 16.0,
    "float32": RNG.random(N),
    "float64": RNG.random(N),
}


def parameters(name: str) -> set[str]:
    return set(inspect.signature(getattr(metrics, name)).parameters)


def call(name: str, **changed: Any) -> np.ndarray:
    """Return all numbers of a metric's answer in one row."""
    asked = {key: ARGUMENTS[key] for key in parameters(name) & set(ARGUMENTS)}
    result = getattr(metrics, name)(**{**asked, **OTHERS.get(name, {}), **changed})
    if dataclasses.is_dataclass(result):
        result = dataclasses.astuple(result)
    parts = result if isinstance(result, tuple) else (result,)
    return np.concatenate([np.ravel(part).astype(np.float64) for part in parts])


WEIGHTED = [name for name in NAMES if "sample_weight" in parameters(name)]
SCORED = [name for name in NAMES if "y_score" in parameters(name)]
PROMISED = [name for name in NAMES if {"y_proba", "y_prob"} & parameters(name)]


def test_every_metric_is_here() -> None:
    assert len(WEIGHTED) >= 18
    assert len(SCORED) >= 8
    assert len(PROMISED) == 4
    for name in NAMES:
        assert call(name).size > 0


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_of_any_type_count_as_in_float64(name: str, kind: str) -> None:
    weight = WEIGHTS[kind].astype(kind)
    ours, theirs = (call(name, sample_weight=w) for w in (weight, weight.astype(float)))
    # Sums of whole numbers up to 2**62 are exact in int64; in float64 they are rounded.
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", WEIGHTS)
def test_weighted_accuracy_is_scikit_learns_in_float64(kind: str) -> None:
    weight = WEIGHTS[kind].astype(kind)
    asked = ARGUMENTS["y_true"], ARGUMENTS["y_pred"]
    wanted = sk.accuracy_score(*asked, sample_weight=weight.astype(float))
    assert_same(metrics.accuracy_score(*asked, sample_weight=weight), wanted)


@pytest.mark.parametrize("kind", WEIGHTS)
def test_whole_weights_are_counted_in_whole_numbers(kind: str) -> None:
    weight = WEIGHTS[kind].astype(kind)
    table = metrics.confusion_matrix(TRUE, ARGUMENTS["y_pred"], sample_weight=weight)
    assert table.dtype == (np.float64 if kind.startswith("float") else np.int64)
    wanted = [
        weight[(ARGUMENTS["y_true"] == i) & (ARGUMENTS["y_pred"] == j)]
        for i in (0, 1)
        for j in (0, 1)
    ]
    np.testing.assert_allclose(table.ravel(), [w.sum(dtype=np.float64) for w in wanted])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_labels_of_any_type_are_the_same_labels(name: str, kind: str) -> None:
    labels = ["y_true", "y_pred", "y_pred_a", "y_pred_b", "y1", "y2"]
    changed = {key: ARGUMENTS[key].astype(kind) for key in parameters(name) & set(labels)}
    assert_same(call(name, **changed), call(name))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCORED)
def test_scores_of_any_type_order_as_in_float64(name: str, kind: str) -> None:
    score = ARGUMENTS["y_score"]
    score = (score > 120) if kind == "bool" else score // 2 if kind == "int8" else score
    score = score.astype(kind)
    assert_same(call(name, y_score=score), call(name, y_score=score.astype(float)))


@pytest.mark.parametrize("kind", ["float16", "float32"])
@pytest.mark.parametrize("name", PROMISED)
def test_short_probabilities_are_summed_in_float64(name: str, kind: str) -> None:
    p = ARGUMENTS["y_prob"].astype(kind)
    key = next(iter({"y_proba", "y_prob"} & parameters(name)))
    assert_same(call(name, **{key: p}), call(name, **{key: p.astype(float)}))


def test_half_precision_neither_overflows_nor_vanishes() -> None:
    y, p = [0, 1] * 50_000, np.full(100_000, 0.5, np.float16)
    assert metrics.log_loss(y, p) == pytest.approx(np.log(2))
    assert metrics.brier_score_loss(y, p) == 0.25
    columns = np.full((100_000, 2), 0.5, np.float16)
    assert metrics.log_loss(y, columns) == pytest.approx(np.log(2))
    assert metrics.brier_score_loss(y, columns) == 0.25
    near = np.full(100_000, 1 / 4096, np.float16)
    assert metrics.brier_score_loss([0] * 100_000, near) == pytest.approx(4096.0**-2)
    # Certain and wrong: cut off at the precision of the type, as in scikit-learn.
    assert metrics.log_loss([0, 1], np.array([1, 1], np.float16)) == pytest.approx(
        (-np.log(2.0**-10) - np.log(1 - 2.0**-10)) / 2
    )


@pytest.mark.parametrize("kind", ["uint8", "int32", "float16"])
@pytest.mark.parametrize("name", ["best_threshold", "expected_profit", "expected_profit_curve"])
def test_prices_of_any_type(name: str, kind: str) -> None:
    prices = {key: np.full(N, price).astype(kind) for key, price in PRICES.items()}
    assert_same(call(name, **prices), call(name))


def test_unsigned_scores_earn_what_a_slow_loop_counts() -> None:
    assert metrics.best_threshold([0, 1], np.array([0, 1], np.uint8), gain_tp=1, cost_fp=1) == 1.0
    score = ARGUMENTS["y_score"].astype(np.uint8)
    earns = [np.where(TRUE == 1, 1, -2)[score >= t].sum() / N for t in range(256)]
    profit, thresholds = metrics.expected_profit_curve(TRUE, score, gain_tp=1, cost_fp=2)
    assert profit.max() == pytest.approx(max(earns))
    at = {int(t): p for t, p in zip(thresholds[1:], profit[1:], strict=True)}
    assert all(at[t] == pytest.approx(earns[t]) for t in at)


def arrays_of(name: str) -> list[str]:
    return sorted(parameters(name) & {*ARGUMENTS, "sample_weight", "gain_tp"})


@pytest.mark.parametrize(("name", "key"), [(n, k) for n in NAMES for k in arrays_of(n)])
def test_masked_arrays_are_refused_everywhere(name: str, key: str) -> None:
    given = ARGUMENTS.get(key, np.ones(N))
    for masked in (np.ma.masked_array(given, given == given[0]), [np.ma.masked, *given[1:]]):
        with pytest.raises(ValueError, match=f"{key} must be an array without a mask"):
            call(name, **{key: masked})


def test_masked_arrays_are_refused_where_rows_are_drawn() -> None:
    y = np.ma.masked_array(TRUE, WRONG)
    for asked in ((y, TRUE), (TRUE, y)):
        with pytest.raises(ValueError, match="must be an array without a mask"):
            metrics.bootstrap_interval(metrics.accuracy_score, *asked, rng=0)
    with pytest.raises(ValueError, match="cost_fp must be an array without a mask"):
        metrics.cost_sensitive_threshold(cost_fp=np.ma.masked_array([1.0, 2.0], [0, 1]), gain_tp=1)


@pytest.mark.parametrize("name", [*SCORED, *PROMISED])
def test_one_column_is_refused_in_clear_words(name: str) -> None:
    (key,) = {"y_score", "y_proba", "y_prob"} & parameters(name)
    column = ARGUMENTS[key][:, np.newaxis]  # what Keras's predict returns for one unit
    with pytest.raises(ValueError, match=rf"{key} must be .* take {key}\[:, 0\]"):
        call(name, **{key: column})


def test_several_labels_a_row_are_refused_in_clear_words() -> None:
    for y in (np.zeros((3, 2), int), np.zeros((3, 1), int)):
        with pytest.raises(
            ValueError, match=r"of shape \(n_samples,\), one label a row, got shape"
        ):
            metrics.accuracy_score(y, y)


def test_objects_count_as_what_they_are() -> None:
    numbers = np.array([np.int64(0), np.float32(1), 1, True], dtype=object)
    assert metrics.accuracy_score(numbers, [0, 1, 1, 0]) == 0.75
    scores = np.array([np.float64(0.1), 0.9, 1, np.int8(0)], dtype=object)
    wanted = sk.roc_auc_score([0, 1, 1, 1], [0.1, 0.9, 1, 0])
    assert metrics.roc_auc_score(numbers, scores) == wanted
    words = np.array([np.str_("a"), "b"], dtype=object)
    assert metrics.accuracy_score(words, ["a", "b"]) == 1


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["a", np.nan, "b"], "class labels of one kind .* got float, str"),
        ([0, "1", 1], "class labels of one kind .* got int, str"),
        ([[1], [1, 2]], "an array whose rows have one length"),
        ("abc", ".*one label a row, got shape"),
    ],
)
def test_words_and_numbers_are_never_mixed(y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"y_true must be {message}"):
        metrics.accuracy_score(y, y)
