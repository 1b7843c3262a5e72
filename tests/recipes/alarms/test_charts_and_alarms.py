from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from bmcourse.checks import Array
from bmcourse.recipes.alarms import blocks, control_charts, events, late_labels


def test_ewma_is_the_weighted_sum_of_the_past() -> None:
    z = np.random.default_rng(0).normal(size=(3, 20))
    weight = 0.3
    powers = weight * (1 - weight) ** np.arange(20)
    slow = np.array(
        [[(powers[: k + 1][::-1] * row[: k + 1]).sum() for k in range(20)] for row in z]
    )
    np.testing.assert_allclose(
        control_charts.ewma(z, weight), slow / math.sqrt(weight / (2 - weight))
    )
    np.testing.assert_allclose(control_charts.ewma(z, 1.0), z)


def test_cusum_is_the_largest_sum_of_a_stretch_that_ends_now() -> None:
    z = np.random.default_rng(1).normal(size=40)
    slow = []
    for now in range(1, 41):
        sums = [sign * z[first:now] - 0.5 for sign in (1, -1) for first in range(now)]
        slow.append(max(0.0, *(s.sum() for s in sums)))
    np.testing.assert_allclose(control_charts.cusum(z, 0.5), slow)


def test_run_length_of_single_values_is_one_over_the_chance() -> None:
    lengths = control_charts.run_lengths(
        lambda z: z, 2.0, np.random.default_rng(2), runs=4000, longest=400
    )
    assert lengths.mean() == pytest.approx(1 / (2 * stats.norm.sf(2)), rel=0.06)


def test_run_length_of_a_cusum_is_siegmunds() -> None:
    limit, slack = 3.0, 0.5
    b = limit + 1.166
    one_sided = (math.exp(2 * slack * b) - 2 * slack * b - 1) / (2 * slack**2)
    lengths = control_charts.run_lengths(
        lambda z: control_charts.cusum(z, slack),
        limit,
        np.random.default_rng(3),
        runs=1500,
        longest=600,
    )
    assert lengths.mean() == pytest.approx(one_sided / 2, rel=0.1)


def test_memory_keeps_the_variance_and_the_first_value_counts_as_one() -> None:
    rng = np.random.default_rng(4)
    seen: list[Array] = []

    def chart(z: Array) -> Array:
        seen.append(z)
        return z

    control_charts.run_lengths(chart, 9.0, rng, runs=200, longest=500, memory=0.9, shift=1.0)
    assert seen[0].std() == pytest.approx(1, abs=0.05)
    assert seen[0].mean() == pytest.approx(1, abs=0.05)
    step = np.corrcoef(seen[0][:, 1:].ravel(), seen[0][:, :-1].ravel())[0, 1]
    assert step == pytest.approx(0.9, abs=0.02)
    always = control_charts.run_lengths(lambda z: z + 99, 3.0, rng, runs=3, longest=5)
    assert always.tolist() == [1, 1, 1]


def test_alarms_rest() -> None:
    at = np.arange(6.0)
    raised = events.raise_alarms(np.array([0.5, 0.5, 0.4, 0.6, 0.6, 0.6]), 0.5, at, rest=2)
    assert raised.tolist() == [0, 3, 5]
    assert len(events.raise_alarms(np.zeros(6), 0.5, at, rest=2)) == 0


def test_alarms_and_events_are_matched_by_the_earliest() -> None:
    found = events.judge([1.0, 3.0, 20.0], [5.0, 6.5, 40.0], horizon=6.0, least=1.0)
    assert found.right.tolist() == [True, True, False]
    assert found.lead[:2].tolist() == [4.0, 5.5]
    assert math.isnan(found.lead[2])
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert events.saved(found, visit=10, saving=100) == 170
    assert events.judge([4.5], [5.0], 6.0, least=1.0).recall == 0
    assert events.judge([5.0], [11.0], 6.0).recall == 0


def test_no_alarms_and_no_events() -> None:
    found = events.judge([], [5.0], 6.0)
    assert found.recall == 0
    assert math.isnan(found.precision)
    assert math.isnan(events.judge([5.0], [], 6.0).recall)


def test_replay_trains_on_known_rows_only() -> None:
    at = np.arange(0.0, 40.0)
    newest: list[float] = []

    def model(x: Array, y: Array) -> Callable[[Array], Array]:
        newest.append(float(x.max()))
        return lambda rows: np.full(len(rows), len(newest))

    scores = late_labels.replay(
        model,
        at,
        at > 5,
        at,
        begin=20.0,
        step=10.0,
        horizon=6.0,
        delay=3.0,
    )
    assert newest == [11.0, 21.0]
    assert np.isnan(scores[:20]).all()
    assert scores[20:30].tolist() == [1] * 10
    assert scores[30:].tolist() == [2] * 10


@pytest.mark.parametrize("delay", [-6.0, -7.5, 0.0])
def test_replay_never_scores_a_row_that_it_has_learned_from(delay: float) -> None:
    """Pretending that labels are known at once reaches the row before, not the row itself."""
    at = np.repeat(np.arange(0.0, 40.0), 2)  # two machines, the same hours
    learned: list[Array] = []
    pairs: list[tuple[float, float]] = []

    def model(x: Array, y: Array) -> Callable[[Array], Array]:
        learned.append(x)

        def score(rows: Array) -> Array:
            pairs.append((float(x.max()), float(rows.min())))
            assert not np.isin(rows, x).any()
            return np.zeros(len(rows))

        return score

    late_labels.replay(model, at, at > 5, at, begin=20.0, step=6.0, horizon=6.0, delay=delay)
    assert [first for _, first in pairs] == [20.0, 26.0, 32.0, 38.0]
    newest = 1 if delay < 0 else 6  # hours before the first row that is scored
    assert [last for last, _ in pairs] == [first - newest for _, first in pairs]
    assert [len(rows) for rows in learned] == [2 * (int(last) + 1) for last, _ in pairs]


def test_blocks_are_drawn_whole() -> None:
    names = np.array([3, 1, 1, 3, 2])
    seen = []

    def statistic(rows: np.ndarray) -> float:
        seen.append(np.bincount(names[rows], minlength=4))
        return float(np.mean(rows))

    estimate, low, high = blocks.block_bootstrap(statistic, names, np.random.default_rng(0), 200)
    for counts in seen:
        assert not (counts[[1, 3]] % 2).any()
        assert counts[1] // 2 + counts[2] + counts[3] // 2 == 3
    assert estimate == 2
    assert low < estimate < high


def test_interval_of_blocks_covers_what_that_of_rows_does_not() -> None:
    """Ten equal rows in each block: the interval is that of the blocks."""
    rng = np.random.default_rng(5)
    values, names = np.repeat(rng.normal(size=60), 10), np.repeat(np.arange(60), 10)
    _, low, high = blocks.block_bootstrap(lambda rows: values[rows].mean(), names, rng)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 60**0.5, rel=0.15)
