from __future__ import annotations

import math

import numpy as np
import pytest

from bmcourse.recipes.machines.costs import (
    Link,
    Scaling,
    all_reduce_seconds,
    pipeline_schedule,
    zero_bytes,
)

LINK = Link(latency=0.5, bandwidth=4.0)


def test_a_message_waits_then_flows() -> None:
    assert LINK.seconds(0) == 0.5
    assert LINK.seconds(8) == 2.5


def test_fit_finds_latency_and_bandwidth() -> None:
    sizes = np.array([1.0, 10.0, 1e3, 1e6])
    found = Link.fit(sizes, [LINK.seconds(size) for size in sizes])
    assert found.latency == pytest.approx(0.5)
    assert found.bandwidth == pytest.approx(4.0)
    noisy = Link.fit(
        sizes, [LINK.seconds(s) * f for s, f in zip(sizes, (1.1, 0.9, 1, 1), strict=True)]
    )
    assert noisy.latency == pytest.approx(0.5, rel=0.15)  # no time outweighs the others


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9])
def test_all_reduce_by_counting_messages(n: int) -> None:
    assert all_reduce_seconds(12, n, LINK) == pytest.approx(2 * (n - 1) * (0.5 + 12 / n / 4))
    star = all_reduce_seconds(12, n, LINK, "star")
    assert star == pytest.approx(2 * (n - 1) * 3.5)
    tree, waiting = 0, n
    while waiting > 1:
        tree, waiting = tree + 1, math.ceil(waiting / 2)
    assert all_reduce_seconds(12, n, LINK, "tree") == pytest.approx(2 * tree * 3.5)


def test_other_ways_are_refused() -> None:
    with pytest.raises(ValueError, match="way"):
        all_reduce_seconds(1, 2, LINK, "mesh")
    with pytest.raises(ValueError, match="machines"):
        all_reduce_seconds(1, 0, LINK)


@pytest.mark.parametrize(("stages", "parts"), [(1, 1), (1, 4), (4, 1), (3, 5)])
def test_a_pipeline_by_its_rules(stages: int, parts: int) -> None:
    plan = pipeline_schedule(stages, parts)
    length = parts + stages - 1
    assert plan.shape == (stages, 2 * length)
    assert (plan == -1).sum() == stages * 2 * (stages - 1)
    np.testing.assert_array_equal(plan, plan[:, ::-1])  # the last part goes back first
    for stage in range(stages):
        for half in (plan[stage, :length], plan[stage, length:]):
            assert sorted(half[half >= 0]) == list(range(parts))
        for part in range(parts):
            forth, back = np.flatnonzero(plan[stage] == part)
            if stage:
                before_forth, before_back = np.flatnonzero(plan[stage - 1] == part)
                assert forth > before_forth  # after the stage before
                assert back < before_back  # and before it on the way back


def test_bytes_of_the_zero_paper() -> None:
    # Rajbhandari and others, 2020, figure 1: 7.5 billion weights, 64 machines, in gigabytes
    found = [zero_bytes(7.5e9, 64, stage) / 1e9 for stage in range(4)]
    np.testing.assert_allclose(found, [120, 31.4, 16.6, 1.9], atol=0.05)
    assert zero_bytes(10, 1, 3) == 160
    with pytest.raises(ValueError, match="stage"):
        zero_bytes(1, 1, 4)


def test_seconds_of_a_step_on_many_machines() -> None:
    scaling = Scaling(fixed=1.0, an_example=0.1, size=12.0, link=LINK)
    assert scaling.seconds(40, 1) == pytest.approx(1 + 4)
    assert scaling.seconds(40, 2) == pytest.approx(1 + 2 + 2 * (0.5 + 1.5))
    assert scaling.seconds(40, 4, "star") == pytest.approx(1 + 1 + 6 * 3.5)


def test_best_machines_by_trying_all() -> None:
    link = Link(1e-4, 1e9)
    for scaling, batch in (
        (Scaling(0.01, 1e-3, 1e6, link), 1000),
        (Scaling(0.0, 1e-3, 1e8, link), 2000),
        (Scaling(0.01, 1e-6, 1e8, link), 1000),  # never pays
        (Scaling(0.01, 1e-4, 1e5, link), 5),
    ):
        times = [scaling.seconds(batch, n) for n in range(1, 500)]
        assert scaling.best_machines(batch) == 1 + int(np.argmin(times))


def test_a_line_through_times_of_computing() -> None:
    batches = np.array([10.0, 100.0, 1000.0])
    scaling = Scaling.fit(batches, 0.02 + 0.003 * batches, 5.0, LINK)
    assert scaling.fixed == pytest.approx(0.02)
    assert scaling.an_example == pytest.approx(0.003)
    assert (scaling.size, scaling.link) == (5.0, LINK)
