"""Laws of scaling: the loss as a function of weights and tokens, its fit and its best split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from scipy.special import logsumexp, softmax

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Law:
    """The loss ``E + A / N**alpha + B / D**beta``, in nats a token.

    Hoffmann and others, "Training Compute-Optimal Large Language Models", 2022, section 3.3.
    """

    E: float
    A: float
    B: float
    alpha: float
    beta: float

    def loss(self, N: npt.ArrayLike, D: npt.ArrayLike) -> Array:
        """Return the loss of N weights that have seen D tokens."""
        weights, tokens = np.asarray(N, np.float64), np.asarray(D, np.float64)
        return np.asarray(
            self.E + self.A / weights**self.alpha + self.B / tokens**self.beta, np.float64
        )

    def best(self, C: npt.ArrayLike, a_weight_and_token: float = 6) -> tuple[Array, Array]:
        """Return the N and D of the least loss with ``a_weight_and_token * N * D = C``."""
        product = np.asarray(C, np.float64) / a_weight_and_token
        both = self.alpha + self.beta
        G = (self.alpha * self.A / (self.beta * self.B)) ** (1 / both)
        N = G * product ** (self.beta / both)
        return N, product / N

    def tokens_for(self, N: npt.ArrayLike) -> Array:
        """Return the D with which N is the best size: there both terms fall equally fast."""
        weights = np.asarray(N, np.float64)
        slope = self.alpha * self.A / weights**self.alpha
        return np.asarray((self.beta * self.B / slope) ** (1 / self.beta), np.float64)


HOFFMANN = Law(E=1.69, A=406.4, B=410.7, alpha=0.34, beta=0.28)
"""As published, rounded: equation 10 of Hoffmann and others, 2022."""

BESIROGLU = Law(E=1.8172, A=482.01, B=2085.43, alpha=0.3478, beta=0.3658)
"""Fitted anew to the points of a figure: Besiroglu and others, 2024."""

STARTS = ((0.5, 0.4, 0.4), (0.2, 0.3, 0.5), (0.8, 0.6, 0.3))


def fit(N: npt.ArrayLike, D: npt.ArrayLike, loss: npt.ArrayLike) -> Law:
    """Fit the five numbers by least squares on the logarithm of the loss.

    Parameters
    ----------
    N, D, loss : array_like of shape (runs,)

    Returns
    -------
    Law
        The best of several starts.
    """
    log_n, log_d, log_loss = (np.log(np.asarray(a, np.float64)) for a in (N, D, loss))

    n, d, one = log_n - log_n.mean(), log_d - log_d.mean(), np.ones_like(log_n)

    def terms(p: Array) -> Array:
        return np.stack([p[0] * one, p[1] - p[3] * n, p[2] - p[4] * d])  # (3, runs), logarithms

    def residuals(p: Array) -> Array:
        return np.asarray(logsumexp(terms(p), axis=0) - log_loss)

    def slopes(p: Array) -> Array:
        e, a, b = softmax(terms(p), axis=0)  # the share of each term in the loss
        return np.stack([e, a, b, -a * n, -b * d], axis=1)  # (runs, 5)

    lowest = log_loss.min()
    found = []
    for share, alpha, beta in STARTS:
        rest = np.log((1 - share) / 2)
        start = [lowest + np.log(share), lowest + rest, lowest + rest, alpha, beta]
        bounds = ([-6, -8, -8, 0.02, 0.02], [lowest, 4, 4, 3, 3])
        found.append(least_squares(residuals, start, slopes, bounds=bounds))
    p = min(found, key=lambda result: float(result.cost)).x
    A = np.exp(p[1] + p[3] * log_n.mean())
    B = np.exp(p[2] + p[4] * log_d.mean())
    return Law(*(float(value) for value in (np.exp(p[0]), A, B, p[3], p[4])))


def parabola(N: npt.ArrayLike, loss: npt.ArrayLike) -> tuple[float, float, Array]:
    """Fit a parabola to the loss over log N; return its lowest N, its loss there, its numbers.

    Examples
    --------
    >>> lowest, loss, _ = parabola([10, 100, 1000], [3, 2, 3])
    >>> round(lowest), round(loss, 6)
    (100, 2.0)
    """
    numbers = np.polyfit(np.log(np.asarray(N, np.float64)), np.asarray(loss, np.float64), 2)
    place = -numbers[1] / (2 * numbers[0])
    return float(np.exp(place)), float(np.polyval(numbers, place)), numbers


def redrawn(runs: list[dict[str, Any]], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw the runs anew with replacement: cells of one size and budget, then seeds in each.

    Parameters
    ----------
    runs : list of dict
        Each with ``size``, ``budget`` and ``seed``.
    rng : numpy.random.Generator
    """
    cells: dict[tuple[int, float], list[dict[str, Any]]] = {}
    for run in runs:
        cells.setdefault((run["size"], run["budget"]), []).append(run)
    drawn: list[dict[str, Any]] = []
    every = list(cells.values())
    for place in rng.integers(len(every), size=len(every)):
        cell = every[place]
        drawn += [cell[i] for i in rng.integers(len(cell), size=len(cell))]
    return drawn


def interval(values: npt.ArrayLike) -> tuple[float, float]:
    """Return where the middle 95 % of the values lie."""
    low, high = np.percentile(np.asarray(values, np.float64), [2.5, 97.5])
    return float(low), float(high)
