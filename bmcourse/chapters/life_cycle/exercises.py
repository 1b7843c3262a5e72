"""Exercises on the life cycle: a closed load, drift's own noise, late labels, many looks."""

from __future__ import annotations

import math

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise


def _throughput(clients: int, seconds: float, pause: float) -> float:
    return clients / (seconds + pause)


throughput = Exercise(
    "requests a second of a closed load",
    reference=_throughput,
    cases=lambda rng: [(16, 0.05, 0.15), (1, 0.5, 2.0), (8, 0.25, 0.0)],
    mistakes={
        "clients / seconds": "Between an answer and the next question a customer pauses: a round takes both.",
        "1 / (seconds + pause)": "That is one customer. All `clients` ask.",
        "1 / seconds": "That is one customer who never pauses.",
        "clients * seconds": "That is the time that all wait together. Ask how many rounds fit into a second.",
        "clients * (seconds + pause)": "Upside down: a longer round gives fewer requests a second.",
        "(seconds + pause) / clients": "That is the time from request to request. Take the inverse.",
        "clients / seconds + pause": "Seconds cannot be added to requests a second: bracket the round.",
        "clients / max(seconds, pause)": "A customer waits, and *then* pauses: add the two.",
    },
)


def _psi_mean(parts: int, n: int, m: int) -> float:
    return (parts - 1) * (1 / n + 1 / m)


psi_mean = Exercise(
    "mean of the stability index when nothing drifts",
    reference=_psi_mean,
    cases=lambda rng: [(10, 1000, 50), (5, 300, 300), (2, 40, 100)],
    mistakes={
        "parts * (1 / n + 1 / m)": "The shares add up to 1, so the last difference is no new chance: `parts - 1`.",
        "(parts - 1) / (n + m)": "The variances of the two shares are added, 1/n and 1/m, not the two sizes.",
        "(parts - 1) / m": "The reference has luck, too: 1/n is missing.",
        "(parts - 1) / n": "The window has luck, too, and more of it: 1/m is missing.",
        "1 / n + 1 / m": "That is one part. Sum over the parts.",
        "(parts - 1) / (n * m)": "Variances of independent shares are added: 1/n + 1/m.",
        "(parts - 1) * (1 / n**0.5 + 1 / m**0.5)": "The index holds *squares* of differences: variances, not standard deviations.",
        "sum((1 - 1 / parts) / parts * (1 / n + 1 / m) for _ in range(parts))": "Each square is divided by the share p. You left out this division.",
    },
)


def _error_known(asked: Array, errors: Array, delay: int, now: int) -> float:
    return float(errors[asked + delay <= now].mean())


def _requests(rng: np.random.Generator) -> list[Case]:
    # At `now` some labels are just coming, some have come, and some requests are not asked yet.
    asked = np.array([0, 1, 1, 2, 3, 3, 4, 5, 6, 7])
    return [(rng.permutation(asked), rng.uniform(0.01, 1, 10), delay, 5) for delay in (1, 2, 3)]


error_known = Exercise(
    "the mean error that can be known now",
    reference=_error_known,
    cases=_requests,
    mistakes={
        "float(errors.mean())": "Some of these labels lie in the future.",
        "float(errors[asked <= now].mean())": "These are asked, but the last `delay` months of them have no label yet.",
        "float(errors[asked + delay < now].mean())": "A label that comes in month `now` can be used in month `now`.",
        "float(errors[asked + delay >= now].mean())": "These are the labels that are still to come. Take the others.",
        "float(errors[asked <= now + delay].mean())": "The delay moves a label later, not earlier: the request must be old enough.",
        "float(errors[asked + delay == now].mean())": "These are only the labels of this month. All that came before are known, too.",
        "float(errors[asked + delay <= now].sum())": "That is the sum. Take the mean.",
        "float(errors[asked + delay <= now].sum() / len(errors))": "Divide by the number of labels that have come, not by that of all requests.",
    },
)


def _limit(alpha: float, columns: int, looks: int) -> float:
    return alpha / (columns * looks)


limit_of_one = Exercise(
    "the limit of one test among many",
    reference=_limit,
    cases=lambda rng: [(0.05, 20, 12), (0.01, 5, 52), (0.1, 3, 2)],
    mistakes={
        "alpha / columns": "That holds for one look. Each of the `looks` is a new chance for a false alarm.",
        "alpha / looks": "That holds for one column. Each column is a new chance for a false alarm.",
        "alpha": "With this limit each single test is wrong with chance alpha, and there are many tests.",
        "alpha / (columns + looks)": "At each look every column is tested: that makes columns times looks tests.",
        "alpha * columns * looks": "That bounds the chance of any false alarm if each test has alpha. Go the other way.",
        "1 - (1 - alpha) ** (1 / (columns * looks))": "This is right for independent tests only. Columns of one house are not independent: Bonferroni's quotient always holds.",
        "1 - (1 - alpha) ** (columns * looks)": "That is the chance of any false alarm of independent tests with alpha each. Go the other way.",
        "alpha ** (columns * looks)": "That is the chance that all independent tests are wrong together.",
    },
)


def _labels(deviation: float, worse: float, z: float) -> int:
    return math.ceil((z * deviation / worse) ** 2 - 1e-9)


labels_needed = Exercise(
    "labels until half the interval equals the harm",
    reference=_labels,
    cases=lambda rng: [(0.07, 0.017, 3.0), (0.5, 0.07, 2.0), (1.0, 0.3, 1.5)],
    mistakes={
        "math.ceil(z * deviation / worse)": "The width goes down with the *root* of the number of labels: square.",
        "math.ceil((deviation / worse) ** 2)": "Half the interval is `z` standard errors wide.",
        "math.ceil(z * (deviation / worse) ** 2)": "Square `z`, too.",
        "math.ceil((z * worse / deviation) ** 2)": "Upside down: a smaller difference needs more labels.",
        "int((z * deviation / worse) ** 2)": "Round up: with fewer labels half the interval is still wider than `worse`.",
        "(z * deviation / worse) ** 2": "There is no part of a label: round up.",
        "math.ceil((2 * z * deviation / worse) ** 2)": "Only the half below the mean must be no wider than `worse`, not the whole interval.",
        "math.ceil(2 * (z * deviation / worse) ** 2)": "`deviation` is that of the *difference* of the two errors already. It is not counted twice.",
    },
)
