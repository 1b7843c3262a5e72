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


def coverage(stratified: bool) -> float:
    """How often a nominal 95 % interval of the precision holds the true one, by simulation.

    A test set is a random sample: of all rows, 30 % are positive. The model flags 80 % of these
    and 20 % of the others, so its precision is 0.24 / 0.38.
    """
    truth, held, rng = 0.24 / 0.38, 0, np.random.default_rng(5)
    for _ in range(200):
        y = rng.random(60) < 0.3
        flagged = rng.random(60) < np.where(y, 0.8, 0.2)
        found = metrics.bootstrap_interval(
            metrics.precision_score, y, flagged, rng=rng, n_resamples=100, stratified=stratified
        )
        held += found.low <= truth <= found.high
    return held / 200


def test_of_a_random_sample_only_the_unstratified_interval_covers_what_it_says() -> None:
    assert coverage(stratified=False) >= 0.9
    assert coverage(stratified=True) <= coverage(stratified=False) - 0.03


def test_it_is_not_stratified_unless_asked() -> None:
    y, guess = [0, 1] * 20, [0, 1, 1, 1] * 10
    default, asked = (
        metrics.bootstrap_interval(metrics.recall_score, y, guess, rng=3, **options)
        for options in ({}, {"stratified": False})
    )
    np.testing.assert_array_equal(default.resamples, asked.resamples)


@pytest.mark.parametrize("stratified", [False, True])
def test_every_row_is_drawn_alike_the_last_of_a_class_too(stratified: bool) -> None:
    y, rows = np.array([0] * 7 + [1] * 3), np.arange(10)
    times = np.zeros(10)

    def count(_, drawn):
        nonlocal times
        times += np.bincount(drawn, minlength=10)
        return 0.0

    metrics.bootstrap_interval(count, y, rows, rng=0, n_resamples=4000, stratified=stratified)
    times[rows] -= 1  # the estimate on the whole set
    np.testing.assert_allclose(times / 4000, 1, atol=0.08)  # five standard errors


def test_prices_have_intervals_too() -> None:
    rng = np.random.default_rng(0)
    price = rng.normal(200_000.5, 30_000, 300)
    guess = price + rng.normal(0, 9_000, 300)
    found = metrics.bootstrap_interval(lambda y, p: np.abs(y - p).mean(), price, guess, rng=rng)
    errors = np.abs(price - guess)
    half = 1.96 * errors.std() / np.sqrt(300)
    assert found.estimate == pytest.approx(errors.mean())
    assert found.low == pytest.approx(errors.mean() - half, rel=0.02)
    assert found.high == pytest.approx(errors.mean() + half, rel=0.02)
    with pytest.raises(ValueError, match="y_true must be class labels"):
        metrics.bootstrap_interval(metrics.accuracy_score, price, guess, rng=0, stratified=True)


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
    with pytest.raises(ValueError, match="y_true must be an array of finite numbers, got nan"):
        call(metrics.accuracy_score, [0.0, np.nan], [0, 1], rng=rng)
    with pytest.raises(ValueError, match=r"rng must be a .*Generator or a seed"):
        call(metrics.accuracy_score, [0, 1], [0, 1], rng=None)
    with pytest.raises(ValueError, match="n_resamples must be"):
        call(metrics.accuracy_score, [0, 1], [0, 1], rng=rng, n_resamples=0)
