from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.machines import sums


@pytest.mark.parametrize("size", [1, 3])
def test_processes_add_up_and_count(size: int) -> None:
    rng = np.random.default_rng(0)
    vectors = [rng.normal(size=12) for _ in range(size)]
    totals, sent = sums.sum_over_processes(vectors)
    assert len(totals) == size
    for total in totals:
        np.testing.assert_allclose(total, np.sum(vectors, axis=0), atol=1e-14)
        np.testing.assert_array_equal(total, totals[0])
    assert sent == [2 * (size - 1) * 12 * 8 // size] * size


def test_times_of_sums_by_length() -> None:
    found = sums.seconds_of_sums(2, (4, 40_000), times=5)
    assert list(found) == [4, 40_000]
    assert [len(row) for row in found.values()] == [5, 5]
    assert min(min(row) for row in found.values()) > 0
