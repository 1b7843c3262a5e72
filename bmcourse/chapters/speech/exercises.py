"""Exercises on speech: a spectrum's power, an alias, a cell of the edit table, noise, a question."""

from __future__ import annotations

import math

from bmcourse.exercises import Exercise


def _power(a: float, b: float, c: float, d: float) -> float:
    return (a - c) ** 2 + (b - d) ** 2


power_at_one = Exercise(
    "the power at one turn",
    reference=_power,
    cases=lambda rng: [(1.0, 2.0, 4.0, -3.0), (0.0, 1.0, 0.0, -1.0), (2.0, 7.0, -1.0, 5.0)],
    mistakes={
        "(a + c)**2 + (b + d)**2": "Half a turn later the wave has the opposite sign: subtract `c` from `a`, and `d` from `b`.",
        "(a - c + b - d)**2": "The real and the imaginary part are squared one by one, and then added.",
        "(a - c)**2 - (b - d)**2": "That is the real part of the square. The power is the square of the *size*: add both squares.",
        "math.hypot(a - c, b - d)": "That is the size. The power is its square.",
        "(a - c)**2": "That is the cosine's part alone. A wave that begins a quarter of a turn later has its power in the other part, `b - d`.",
        "(a - b + c - d)**2": "That is the power at two turns: there the sign changes with each sample.",
        "(a + b + c + d)**2": "That is the power at 0 turns: the square of the sum.",
    },
)


def _alias(frequency: float, rate: float) -> float:
    return abs(frequency - rate * round(frequency / rate))


alias = Exercise(
    "the tone that is heard",
    reference=_alias,
    cases=lambda rng: [(3000.0, 8000.0), (5000.0, 8000.0), (9000.0, 8000.0), (13500.0, 8000.0)],
    mistakes={
        "frequency": "Above half the rate there are other tones with the same samples, and the lowest of them is heard.",
        "frequency % rate": "Above half the rate the rest, too, has a lower twin: 5,000 of 8,000 sounds as 3,000.",
        "frequency % (rate / 2)": "Above half the rate the tone comes *down* again, it does not begin anew at 0.",
        "min(frequency, rate / 2)": "The tone is not cut off at half the rate. It is taken for another one.",
        "rate - frequency if frequency > rate / 2 else frequency": "That folds once. Above the rate, count from the nearest multiple.",
        "abs(rate - frequency)": "A tone below half the rate is heard as it is. And far above it, count from the *nearest* multiple of the rate.",
        "frequency - rate * round(frequency / rate)": "A tone that turns backwards sounds as one that turns forwards: take the size.",
    },
)


def _cell(diagonal: int, above: int, left: int, same: bool) -> int:
    return min(diagonal + (not same), above + 1, left + 1)


cheapest = Exercise(
    "the cheapest way into a cell",
    reference=_cell,
    cases=lambda rng: [
        (2, 3, 3, True),
        (2, 3, 3, False),
        (3, 2, 3, False),
        (3, 3, 2, False),
        (3, 2, 2, True),
        (1, 1, 1, False),
    ],
    mistakes={
        "min(diagonal, above, left) + 1": "The same word on both sides costs nothing on the diagonal.",
        "min(diagonal, above, left) + (not same)": "A word left out or put in costs 1, also if the two words here are the same.",
        "min(diagonal + same, above + 1, left + 1)": "The wrong way round: the diagonal is free if the words are the *same*.",
        "diagonal + (not same)": "Words can be left out and put in: compare with the ways from above and from the left.",
        "min(diagonal + 2 * (not same), above + 1, left + 1)": "A word replaced is one error here, not two.",
        "max(diagonal + (not same), above + 1, left + 1)": "Of three ways take the cheapest.",
        "min(diagonal, above + 1, left + 1)": "On the diagonal, two different words cost 1: one is replaced.",
        "min(above + 1, left + 1)": "There is a third way: both words at once, along the diagonal.",
    },
)


def _factor(signal: float, noise: float, decibels: float) -> float:
    return math.sqrt(signal / noise / 10 ** (decibels / 10))


noise_factor = Exercise(
    "the factor of the noise",
    reference=_factor,
    cases=lambda rng: [(4.0, 1.0, 20.0), (9.0, 2.0, 10.0), (5.0, 3.0, -3.0)],
    mistakes={
        "signal / noise / 10 ** (decibels / 10)": "That is the ratio of powers. Power grows with the square of the factor: take the root.",
        "math.sqrt(signal / noise / 10 ** (decibels / 20))": "The decibels here are of powers: divide by 10. (By 20 they would give the ratio of sizes, and then no root is left to take.)",
        "signal / noise / 10 ** (decibels / 20)": "By 20 the decibels give a ratio of sizes, but `signal / noise` is one of powers: take its root.",
        "math.sqrt(noise / signal / 10 ** (decibels / 10))": "Upside down: a stronger signal bears stronger noise.",
        "math.sqrt(signal / noise * 10 ** (decibels / 10))": "More decibels mean less noise: divide.",
        "math.sqrt(signal / 10 ** (decibels / 10))": "The noise that you have has a power of its own, `noise`, which need not be 1.",
        "math.sqrt(signal / noise / decibels)": "Decibels are ten times a logarithm: `10 ** (decibels / 10)`.",
        "math.sqrt(signal / noise) - 10 ** (decibels / 20)": "A ratio in decibels is a factor, not a difference.",
    },
)


def _gain(wrong: float, cost: float, noticed: float, question: float) -> float:
    return wrong * noticed * cost - question


asking_gains = Exercise(
    "what a question back gains",
    reference=_gain,
    cases=lambda rng: [(0.1, 20.0, 0.9, 0.5), (0.02, 6.0, 0.5, 0.15), (0.5, 3.0, 1.0, 0.0)],
    mistakes={
        "wrong * cost - question": "Not every caller notices that the word read back is wrong: multiply by `noticed`.",
        "wrong * noticed * cost": "The question costs something, for every caller.",
        "wrong * (noticed * cost - question)": "You do not know which words are wrong: the question is put to every caller.",
        "noticed * cost - question": "Only a share `wrong` of the orders is misheard.",
        "wrong * (1 - noticed) * cost - question": "That is the cost of the errors that stay. Gained are those that are noticed.",
        "question - wrong * noticed * cost": "The sign: what the question saves, minus what it costs.",
        "wrong * noticed * (cost - question)": "The question is asked every time, also where nothing was wrong.",
    },
)
