from __future__ import annotations

import threading
from multiprocessing import Pipe

import numpy as np
import pytest

from bmcourse.recipes.machines.ring import Ring, Vector


def around(vectors: list[Vector]) -> tuple[list[Vector], list[int]]:
    """Run a ring in threads of this process: quick, and each step can be followed."""
    size = len(vectors)
    pipes = [Pipe() for _ in range(size)]  # pipe r: from worker r to the next
    rings = [Ring(r, size, pipes[r][0], pipes[(r - 1) % size][1]) for r in range(size)]
    if size == 1:
        rings = [Ring(0, 1, None, None)]
    sums: list[Vector] = [np.empty(0)] * size

    def run(rank: int) -> None:
        sums[rank] = rings[rank].all_reduce(vectors[rank].copy())

    threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return sums, [ring.bytes_sent for ring in rings]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_everyone_has_the_same_sum(size: int, length: int) -> None:
    rng = np.random.default_rng(size)
    vectors = [rng.normal(size=length) for _ in range(size)]
    sums, sent = around(vectors)
    np.testing.assert_allclose(sums[0], np.sum(vectors, axis=0), atol=1e-14)
    for total in sums:
        np.testing.assert_array_equal(total, sums[0])
    assert sum(sent) == 2 * (size - 1) * length * 8
    if length % size == 0:
        assert set(sent) == {2 * (size - 1) * length * 8 // size}


def test_the_vector_is_changed_in_place_and_bytes_add_up() -> None:
    ring, vector = Ring(0, 1, None, None), np.ones(3)
    assert ring.all_reduce(vector) is vector
    assert ring.bytes_sent == 0


def test_vectors_larger_than_what_a_connection_holds() -> None:
    vectors = [np.full(400_000, float(rank)) for rank in range(3)]
    sums, _ = around(vectors)
    np.testing.assert_array_equal(sums[2], np.full(400_000, 3.0))


def test_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="vector"):
        Ring(0, 1, None, None).all_reduce(np.ones((2, 2)))
