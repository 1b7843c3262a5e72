"""Exercises on training with many machines."""

from __future__ import annotations

import math

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise


def _whole_gradient(gradients: list[Array], sizes: list[int]) -> Array:
    return np.asarray(sum(n / sum(sizes) * g for g, n in zip(gradients, sizes, strict=True)))


def _shards(rng: np.random.Generator) -> list[Case]:
    pencil = ([np.array([-0.5]), np.array([9.0])], [2, 1])
    return [pencil, ([rng.normal(size=4) for _ in range(3)], [40, 50, 30])]


whole_gradient = Exercise(
    "the whole batch's gradient from those of its shards",
    reference=_whole_gradient,
    cases=_shards,
    mistakes={
        "np.mean(gradients, axis=0)": "Each shard counts alike here. An example in a small shard then counts for more than one in a large shard.",
        "np.sum(gradients, axis=0)": "That is the sum of means: it grows with the number of shards.",
        "sum(n * g for g, n in zip(gradients, sizes))": "Each mean times its number of examples is a sum over examples. Divide by the number of all examples.",
        "sum(n * g for g, n in zip(gradients, sizes)) / len(sizes)": "Divide by the number of examples, not by the number of shards.",
        "sum(g / n for g, n in zip(gradients, sizes))": "The gradients are already means. A shard with more examples counts for more.",
    },
)


def _ring_bytes(size: float, machines: int) -> float:
    return 2 * (machines - 1) / machines * size


ring_bytes = Exercise(
    "bytes that each machine sends around the ring",
    reference=_ring_bytes,
    cases=lambda rng: [(4.0, 4), (100.0, 5), (1e6, 2), (1e6, 1), (8e9, 1000)],
    mistakes={
        "(machines - 1) / machines * size": "That is one round. There are two: one to add up, one to hand the sums on.",
        "2 * (machines - 1) * size": "In each step a machine sends one part, not the whole vector. (This is what all machines send together.)",
        "2 * size": "Nearly. A round has one step less than there are machines.",
        "2 * size / machines": "That is one step of each round. How many steps has a round?",
        "2 * machines * size": "In each step a machine sends one part of the vector, and a round has one step less than there are machines.",
    },
)


def _best_number(compute: float, size: float, latency: float, bandwidth: float) -> float:
    gain = compute - 2 * size / bandwidth
    return max(1.0, math.sqrt(max(gain, 0.0) / (2 * latency)))


def _links(rng: np.random.Generator) -> list[Case]:
    return [
        (8.0, 0.0, 1.0, 1.0),
        (10.0, 1.0, 1.0, 1.0),
        (0.05, 4e8, 1e-5, 1e10),
        (0.3, 1e8, 2e-5, 5e9),
        (1.0, 0.0, 2.0, 1.0),
    ]


best_number = Exercise(
    "number of machines with the shortest step",
    reference=_best_number,
    cases=_links,
    mistakes={
        "max(1.0, math.sqrt(compute / (2 * latency)))": "Where are the bytes? Each machine sends 2V/β (n − 1)/n, and (n − 1)/n = 1 − 1/n grows with n.",
        "max(1.0, math.sqrt(max(compute + 2 * size / bandwidth, 0.0) / (2 * latency)))": "The sign: C/n falls with n, and −2V/(nβ) rises.",
        "max(1.0, math.sqrt(max(compute - 2 * size / bandwidth, 0.0) / latency))": "There are two rounds: the derivative of 2(n − 1)λ is 2λ.",
        "max(1.0, max(compute - 2 * size / bandwidth, 0.0) / (2 * latency))": "That is n². Take the root.",
        "max(1.0, math.sqrt(max(compute - size / bandwidth, 0.0) / (2 * latency)))": "Two rounds: each machine sends nearly 2V.",
        "math.sqrt((compute - 2 * size / bandwidth) / (2 * latency))": "Where sending takes longer than computing, no number above 1 helps: return 1.",
        "math.sqrt(max(compute - 2 * size / bandwidth, 0.0) / (2 * latency))": "Fewer than one machine cannot be: return at least 1.",
    },
)


def _bubble(stages: int, parts: int) -> float:
    return (stages - 1) / (parts + stages - 1)


bubble = Exercise(
    "share of the time that a pipeline waits",
    reference=_bubble,
    cases=lambda rng: [(1, 4), (4, 1), (4, 8), (8, 64)],
    mistakes={
        "(stages - 1) / parts": "That is waiting over working. The share is waiting over all: waiting plus working.",
        "parts / (parts + stages - 1)": "That is the share of the time that it works.",
        "(stages - 1) / (parts + stages)": "Count the steps of one way: the last part enters after parts - 1 steps, and needs `stages` steps.",
        "stages / (parts + stages - 1)": "With one stage nothing waits.",
        "(stages - 1) / stages": "That is one part alone in the pipeline. More parts fill it.",
        "2 * (stages - 1) / (parts + stages - 1)": "There are two ways, forward and backward, but each has as many steps of work, too: the share stays.",
    },
)


def _around(vectors: Array, move: int = -1, to: int = 1, put: bool = False) -> Array:
    """In n - 1 steps machine r sends part r + move * step to machine r + to; return the table."""
    held = np.array(vectors, dtype=float)
    n = len(held)
    parts = np.array_split(np.arange(held.shape[1]), n)
    for step in range(n - 1):
        sent = [held[r][parts[(r + move * step) % n]].copy() for r in range(n)]
        for r in range(n):
            place, before = parts[(r - to + move * step) % n], (r - to) % n
            held[r][place] = sent[before] if put else held[r][place] + sent[before]
    return held


def _first_round(vectors: Array) -> Array:
    return _around(vectors)


def _a_step_too_many(vectors: Array) -> Array:
    held = _first_round(vectors)
    n = len(held)
    parts = np.array_split(np.arange(held.shape[1]), n)
    sent = [held[r][parts[(r + 1) % n]].copy() for r in range(n)]
    for r in range(n):
        held[r][parts[r]] += sent[(r - 1) % n]
    return held


def _tables(rng: np.random.Generator) -> list[Case]:
    pencil = np.array([[1.0, 2.0], [10.0, 20.0]])
    return [(pencil,), (rng.normal(size=(3, 6)),), (rng.normal(size=(4, 9)),)]


first_round = Exercise(
    "the first round of the ring",
    reference=_first_round,
    cases=_tables,
    mistakes={
        "np.tile(np.sum(vectors, axis=0), (len(vectors), 1))": "That is the end of the second round. After the first, each machine has *one* complete part.",
        "_around(vectors, move=1, to=-1)": "You sent to the machine before. The ring sends to the next one: r to r + 1.",
        "_around(vectors, move=0)": "You sent the same part in each step. In the next step a machine sends the part that it has just received and added to.",
        _a_step_too_many: "One step too many: after n − 1 steps each part has visited all.",
        "_around(vectors, put=True)": "The received part is *added* to the own one. (Putting it in place is the second round.)",
    },
)


def _between_checkpoints(store: float, life: float, machines: int) -> float:
    return math.sqrt(2 * store * life / machines)


between_checkpoints = Exercise(
    "seconds from checkpoint to checkpoint",
    reference=_between_checkpoints,
    cases=lambda rng: [(2.0, 100.0, 1), (30.0, 3e7, 1000), (10.0, 1e7, 64)],
    mistakes={
        "math.sqrt(2 * store * life)": "That is one machine. Of n machines the first dies n times as soon.",
        "math.sqrt(2 * store * life * machines)": "More machines die more often, so store more often.",
        "math.sqrt(store * life / machines)": "On average *half* an interval is lost: the second term is t n / (2 life).",
        "2 * store * life / machines": "That is the square of the time. Take the root.",
        "math.sqrt(store * life / (2 * machines))": "Set the derivative of store / t + t n / (2 life) to 0 once more: the 2 ends above the line.",
        "math.sqrt(2 * store * life) / machines": "The machines stand under the root.",
    },
)
