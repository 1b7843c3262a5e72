"""Runs with and without a canary, and what their counts show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from bmcourse.recipes.privacy import accountant, canary, dp_sgd


def test_images_become_small() -> None:
    image = np.zeros((1, 28, 28))
    image[0, 4:8, :4] = 255
    small = canary.small_digits(image)
    assert small.shape == (1, 49)
    assert small[0, 7] == 1
    assert small.sum() == 1


def test_the_canary_shows_with_wrong_clipping() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(size=(200, 9)).astype("float32"), rng.integers(0, 10, 200)

    def mean(present: bool) -> float:
        wrong = dp_sgd.clipped_mean_only
        return float(np.mean([canary.canary_score(x, y, present, rng, wrong) for _ in range(8)]))

    assert mean(True) - mean(False) > 0.3


def test_evidence_counts_on_the_second_half_and_stays_below_the_truth() -> None:
    rng = np.random.default_rng(0)
    present, absent = rng.normal(1, 1, 4000), rng.normal(0, 1, 4000)  # mu = 1
    found = canary.evidence(present, absent, delta=1e-3)
    assert found.hits == (present[2000:] >= found.threshold).sum()
    assert found.alarms == (absent[2000:] >= found.threshold).sum()
    assert (found.runs_with, found.runs_without) == (2000, 2000)
    low = stats.binomtest(found.hits, 2000).proportion_ci(0.95, "exact").low
    high = stats.binomtest(found.alarms, 2000).proportion_ci(0.95, "exact").high
    expected = math.log((low - 1e-3) / high)
    assert found.epsilon(1e-3) == pytest.approx(max(expected, 0)) or found.epsilon(1e-3) > expected
    assert 0.5 < found.epsilon(1e-3) < accountant.epsilon(1, 1.0, 1, 1e-3)
    moved = canary.evidence(present + 10, absent + 10, delta=1e-3)
    assert moved.epsilon(1e-3) == pytest.approx(found.epsilon(1e-3))
    assert moved.threshold == pytest.approx(found.threshold + 10)
    first = [canary.count(present[:2000], absent[:2000], t).epsilon(1e-3) for t in (0.5, 1, 1.5, 2)]
    chosen = canary.count(present[:2000], absent[:2000], found.threshold).epsilon(1e-3)
    assert chosen >= max(first) - 0.05
