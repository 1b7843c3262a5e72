"""Exercises on two networks in a game."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _shares(rng: np.random.Generator, n: int) -> Array:
    drawn: Array = rng.dirichlet(np.ones(n))
    return drawn


def _two_shares(rng: np.random.Generator) -> list[Case]:
    small = (np.array([0.5, 0.25, 0.25]), np.array([0.1, 0.3, 0.6]))
    return [small, *((_shares(rng, n), _shares(rng, n)) for n in (4, 7))]


best_discriminator = Exercise(
    "the best discriminator",
    reference=lambda p, q: p / (p + q),
    cases=_two_shares,
    mistakes={
        "q / (p + q)": "That is the chance that the image is drawn. D answers how sure it is that the image is real.",
        "p / q": "Almost: that is the odds of real against drawn, D / (1 - D). Solve for D.",
        "p - q": "Set the slope p / D - q / (1 - D) to 0 and solve for D; a difference can be negative.",
        "(p > q).astype(float)": "That is the decision. The best D is a probability, and it is 0.5 where both are equally frequent.",
        "p / (p + q) - 0.5": "Do not take 0.5 away: D itself is 0.5 where p equals q.",
        "np.log(p / q)": "That is the logit of the best D. Put it through the sigmoid, or solve for D itself.",
        "p": "D must know the drawn images, too: where q is large, D is small.",
    },
)


def _growth_cases(rng: np.random.Generator) -> list[Case]:
    return [(0.1,), (0.75,), (float(rng.uniform(0.2, 0.6)),)]


growth = Exercise(
    "how much the distance grows in one round",
    reference=lambda h: np.sqrt(1 + h * h),
    cases=_growth_cases,
    mistakes={
        "1 + h * h": "That is the square of the size. The length of 1 + ih is a root, by Pythagoras.",
        "1 + h": "The part ih stands at a right angle to the 1. Add the squares, then take the root.",
        "np.sqrt(1 - h * h)": "A sign has slipped: the size of 1 + ih is the root of the sum of both squares.",
        "1.0": "Both eigenvalues have a real part of 1, but they have an imaginary part, too.",
        "h": "That is the imaginary part alone.",
        "1 - h * h": "That is no size of an eigenvalue here: the determinant is 1 + h * h, the product of both.",
        "np.exp(h)": "One round multiplies by the size of 1 + ih: no exponential.",
    },
)


def _kl(p: Array, q: Array) -> float:
    seen = p > 0
    return float(np.sum(p[seen] * np.log(p[seen] / q[seen])))


def _js(p: Array, q: Array) -> float:
    middle = (p + q) / 2
    return (_kl(p, middle) + _kl(q, middle)) / 2


def _naive_js(p: Array, q: Array) -> float:
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        both = p * np.log(p / middle) + q * np.log(q / middle)
    return float(np.sum(both) / 2)


def _js_cases(rng: np.random.Generator) -> list[Case]:
    apart = (np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.25, 0.75]))
    partly = (np.array([0.2, 0.8, 0.0]), np.array([0.0, 0.4, 0.6]))
    return [*_two_shares(rng), apart, partly]


jensen_shannon = Exercise(
    "the Jensen-Shannon divergence",
    reference=_js,
    cases=_js_cases,
    mistakes={
        _naive_js: "Where p is 0, p log p counts as 0. Your sum has 0 times the log of 0, which is not a number: leave those places out.",
        "2 * _js(p, q)": "It is the mean of two divergences: half of their sum.",
        "_js(p, q) / np.log(2)": "That is in bits. Take natural logarithms, for nats.",
        "np.sqrt(_js(p, q))": "That is the Jensen-Shannon distance, a root. The divergence is meant.",
        "2 * _js(p, q) - 2 * np.log(2)": "That is the value of the game at the best discriminator. Solve it for JS.",
        "_kl(p, (p + q) / 2)": "That is one half of it: the mean of this and of the divergence of q from the middle is meant.",
        "-_js(p, q)": "The sign is wrong: a divergence is never below 0.",
        "_kl(p, p + q) / 2 + _kl(q, p + q) / 2": "The middle is the mean of p and q: divide their sum by 2.",
    },
)


def _sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def _round(theta: float, psi: float, rate: float) -> dict[str, float]:
    psi = psi - rate * theta * _sigmoid(psi * theta)
    return {"theta": theta + rate * psi * _sigmoid(psi * theta), "psi": psi}


def _at_once(theta: float, psi: float, rate: float) -> dict[str, float]:
    slope = rate * _sigmoid(psi * theta)
    return {"theta": theta + psi * slope, "psi": psi - theta * slope}


def _first_generator(theta: float, psi: float, rate: float) -> dict[str, float]:
    theta = theta + rate * psi * _sigmoid(psi * theta)
    return {"theta": theta, "psi": psi - rate * theta * _sigmoid(psi * theta)}


def _old_sigmoid(theta: float, psi: float, rate: float) -> dict[str, float]:
    slope = rate * _sigmoid(psi * theta)
    psi = psi - theta * slope
    return {"theta": theta + psi * slope, "psi": psi}


def _helping(theta: float, psi: float, rate: float) -> dict[str, float]:
    psi = psi + rate * theta * _sigmoid(psi * theta)
    return {"theta": theta + rate * psi * _sigmoid(psi * theta), "psi": psi}


def _both_lower(theta: float, psi: float, rate: float) -> dict[str, float]:
    psi = psi - rate * theta * _sigmoid(psi * theta)
    return {"theta": theta - rate * psi * _sigmoid(psi * theta), "psi": psi}


def _linear(theta: float, psi: float, rate: float) -> dict[str, float]:
    psi = psi - rate * theta / 2
    return {"theta": theta + rate * psi / 2, "psi": psi}


alternate = Exercise(
    "one round, in turns",
    reference=_round,
    cases=lambda rng: [
        (1.0, 0.0, 0.2),
        (float(rng.normal()), float(rng.normal()), 0.3),
        (-2.0, 1.5, 0.5),
    ],
    mistakes={
        _at_once: "Both moved at once. In turns, the generator answers the discriminator's new psi.",
        _first_generator: "The discriminator moves first here, then the generator.",
        _old_sigmoid: "The generator's slope uses the new psi in the sigmoid, too.",
        _helping: "The discriminator's sign is wrong: the slope of V with psi is -theta times the sigmoid, and it climbs.",
        _both_lower: "The generator's sign is wrong: the slope of V with theta is -psi times the sigmoid, and it goes down.",
        _linear: "You put 1/2 for the sigmoid. That holds near the origin only.",
    },
)
