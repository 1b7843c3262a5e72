"""Exercises that derive: probabilities after undersampling, and the focal loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _chances(rng: np.random.Generator) -> list[Case]:
    return [(0.5, 0.1), (0.9, 0.25), (np.array([0.0, 0.3, 1.0]), 0.02), (rng.random(6), 0.4)]


def _through_odds(q: npt.ArrayLike, kept: float) -> Array:
    with np.errstate(all="ignore"):
        odds = kept * np.asarray(q, dtype=float) / (1 - np.asarray(q))
        return np.asarray(odds / (1 + odds))


after_undersampling = Exercise(
    "probabilities after undersampling",
    reference=lambda q, kept: kept * q / (kept * q + 1 - q),
    cases=_chances,
    mistakes={
        "q / (q + kept * (1 - q))": "Other direction: thinning the negatives raised the odds, so q is too high. Multiply the odds by `kept`.",
        "kept * q": "You multiplied the probability. It is the odds, q / (1 - q), that are multiplied.",
        "kept * np.asarray(q) / np.maximum(1 - np.asarray(q), 1e-12)": "Those are the odds. One more step: p = odds / (1 + odds).",
        "q": "You returned q unchanged. It holds for the thinned rows only.",
        _through_odds: "Right, but for q = 1: its odds are infinite. Write p without them: multiply above and below by 1 - q.",
        "np.asarray(q) / kept": "You divided the probability. It is the odds, q / (1 - q), that are multiplied by `kept`.",
        "kept * q / (kept * q + 1 - kept)": "The other part below the line is 1 - q: the chance of a negative among the thinned rows.",
        "kept * q / (kept * q + (1 - kept) * (1 - q))": "Only the odds of the thinned rows are multiplied by `kept`: 1 - q stays as it is.",
        "q / (kept * q + 1 - q)": "`kept` is missing above the line: the same kept · q stands there.",
        "(1 - q) / (kept * q + 1 - q)": "That is the probability of a negative. Return that of a positive.",
        "kept * np.asarray(q) / (1 - np.asarray(q))": "Those are the odds. One more step: p = odds / (1 + odds).",
        "_through_odds(q, 1 / kept)": "Other direction: thinning the negatives raised the odds. Multiply them by `kept`, and avoid 1 / 0 for q = 1.",
        "np.asarray(q) / (1 - np.asarray(q)) / kept": "Those are odds, and in the other direction. Multiply by `kept`, then p = odds / (1 + odds).",
    },
)


def _p(z: npt.ArrayLike) -> Array:
    return 1 / (1 + np.exp(-np.asarray(z)))


def _focal_slope(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (gamma * p * np.log(p) + p - 1)


def _by_p(z: Array, gamma: float) -> Array:
    p = _p(z)
    return _focal_slope(z, gamma) / (p * (1 - p))


def _first_factor_kept(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (p - 1)


def _sign_lost(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (-gamma * p * np.log(p) + p - 1)


focal_slope = Exercise(
    "slope of the focal loss",
    reference=_focal_slope,
    cases=lambda rng: [(0.0, 0.0), (0.0, 2.0), (1.5, 2.0), (rng.normal(0, 2, 5), 1.5)],
    mistakes={
        _first_factor_kept: "Both factors depend on z: by the product rule, (1 - p)^γ has a slope, too.",
        _by_p: "That is dL/dp. Multiply by dp/dz = p (1 - p).",
        _sign_lost: "Check the signs: (1 - p)^γ falls as p grows, and log p is negative.",
        "-_focal_slope(z, gamma)": "The sign: for a positive, L falls as z grows.",
        "-((1 - _p(z)) ** gamma) * np.log(_p(z))": "That is the loss itself. Asked is its derivative.",
        "_focal_slope(z, gamma) - _first_factor_kept(z, gamma)": "Both factors depend on z: log p has a slope, too. Its part is missing.",
        "_p(z) - 1": "That is cross-entropy's slope, right for γ = 0 only.",
        "(1 - _p(z)) ** gamma * (_p(z) * np.log(_p(z)) + _p(z) - 1)": "The slope of (1 - p)^γ has the factor γ.",
        "(1 - _p(z)) ** (gamma - 1) * (gamma * _p(z) * np.log(_p(z)) + _p(z) - 1)": "One factor 1 - p is missing: dp/dz = p (1 - p) brings it.",
        "gamma * (1 - _p(z)) ** (gamma - 1) * np.log(_p(z)) - (1 - _p(z)) ** (gamma + 1)": "The slope of (1 - p)^γ goes through p, too: multiply it by dp/dz = p (1 - p).",
        "gamma * _p(z) * (1 - _p(z)) ** gamma * np.log(_p(z)) - (1 - _p(z)) ** gamma / _p(z)": "The slope of log p goes through p, too: multiply 1 / p by dp/dz = p (1 - p).",
        "(1 - _p(z)) ** gamma * np.log(_p(z))": "That is minus the loss. Asked is the derivative of the loss.",
        "(1 - _p(z)) ** gamma * (gamma * _p(z) * np.log10(_p(z)) + _p(z) - 1)": "Use the natural logarithm, np.log.",
        "(1 - _p(z)) ** gamma * (gamma * _p(z) * np.log(_p(z)) + 1 - _p(z))": "Check the signs: L has a minus, and -log p falls as p grows.",
    },
    rtol=1e-5,
)
