from __future__ import annotations

import numpy as np
import pytest

from bmcourse import metrics


def test_interval_of_an_accuracy_is_that_of_the_binomial() -> None:
    # A drawn accuracy over n samples has variance p (1 - p) / n.
    right = np.array([1] * 160 + [0] * 40)
    found = metrics.bootstrap_interval(
        metrics.accuracy_score,
        np.ones(200, int),
        right,
        rng=np.random.default_rng(0),
        n_resamples=2000,
    )
    spread = np.sqrt(0.8 * 0.2 / 200)
    assert found.estimate == 0.8
    assert found.resamples.shape == (2000,)
    assert found.resamples.std() == pytest.approx(spread, rel=0.1)
    assert found.low == pytest.approx(0.8 - 1.96 * spread, abs=0.01)
    assert found.high == pytest.approx(0.8 + 1.96 * spread, abs=0.01)


def drawn_positives(stratified: bool) -> set[float]:
    seen = metrics.bootstrap_interval(
        lambda y, guess: float(y.sum()),
        [1] * 3 + [0] * 27,
        [0] * 30,
        rng=np.random.default_rng(1),
        n_resamples=50,
        stratified=stratified,
    )
    return set(seen.resamples)


def test_strata_keep_the_numbers_of_the_classes() -> None:
    assert drawn_positives(stratified=True) == {3.0}
    assert len(drawn_positives(stratified=False)) > 3


def test_a_seed_repeats_the_interval() -> None:
    y, score = [0, 1] * 20, np.linspace(0, 1, 40)
    one, two = (
        metrics.bootstrap_interval(
            metrics.roc_auc_score, y, score, rng=np.random.default_rng(7), n_resamples=20
        )
        for _ in range(2)
    )
    assert (one.low, one.high) == (two.low, two.high)


def test_both_models_meet_the_same_samples() -> None:
    y = np.array([0, 1] * 20)

    def gap(truth, a, b):
        return metrics.accuracy_score(truth, a) - metrics.accuracy_score(truth, b)

    same = metrics.bootstrap_interval(gap, y, 1 - y, 1 - y, rng=np.random.default_rng(0))
    assert (same.low, same.high) == (0, 0)


def test_bad_input_is_refused() -> None:
    rng = np.random.default_rng(0)
    call = metrics.bootstrap_interval
    with pytest.raises(ValueError, match="must be of the same length"):
        call(metrics.accuracy_score, [0, 1], [0], rng=rng)
    with pytest.raises(ValueError, match="metric must be finite on every drawn set, got nan"):
        call(metrics.roc_auc_score, [1, 1], [0.1, 0.2], rng=rng)
    with pytest.raises(ValueError, match="confidence_level must be"):
        call(metrics.accuracy_score, [0, 1], [0, 1], rng=rng, confidence_level=95)
    with pytest.raises(ValueError, match="n_resamples must be"):
        call(metrics.accuracy_score, [0, 1], [0, 1], rng=rng, n_resamples=0)
