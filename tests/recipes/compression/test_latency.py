"""Answers are timed in turn, after a warm-up that does not count."""

from __future__ import annotations

import numpy as np

from bmcourse.recipes.compression.latency import in_turn


def test_in_turn() -> None:
    now, asked = [0.0], []

    def way(name: str, seconds: float) -> object:
        def answer(x: object) -> None:
            asked.append((name, int(np.asarray(x)[0])))
            now[0] += seconds * (100 if len(asked) <= 2 else 1)  # the first round is slow

        return answer

    ways = {"slow": way("slow", 4.0), "fast": way("fast", 1.0)}
    found = in_turn(ways, np.arange(3), rounds=4, warm_up=1, clock=lambda: now[0])  # type: ignore[arg-type]
    assert {k: v.tolist() for k, v in found.items()} == {"slow": [4.0] * 4, "fast": [1.0] * 4}
    assert asked == [(name, i) for i in (0, 1, 2, 0, 1) for name in ("slow", "fast")]
