"""Train many times with and without one example, to check an epsilon from below."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bmcourse import nn
from bmcourse.checks import Array
from bmcourse.recipes.privacy.accountant import least_epsilon
from bmcourse.recipes.privacy.dp_sgd import clipped_sum, train_privately
from bmcourse.recipes.privacy.membership import clopper_pearson
from bmcourse.recipes.privacy.network import digits_network

Summed = Callable[[nn.Sequential, Array, Array, float], list[Array]]
SETTING = {"share": 0.2, "noise": 2.0, "clip": 1.0, "steps": 50, "rate": 0.5}


def small_digits(images: Array) -> Array:
    """Return 28 x 28 images as 7 x 7 means of four by four pixels, flat, from 0 to 1."""
    blocks = images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)) / 255
    return np.asarray(blocks.reshape(-1, 49), dtype=np.float32)


def canary_score(
    x: Array, y: Array, present: bool, rng: np.random.Generator, summed: Summed = clipped_sum
) -> float:
    """Train once, with or without the canary, and return how much its own pixel has moved.

    The canary is bright in one pixel that is 0 in all other images. Only its gradients move the
    weights of that pixel; all else that moves them is noise. It says "class 0".
    """
    pixels = np.hstack([x, np.zeros((len(x), 1), x.dtype)])
    own = np.zeros((1, pixels.shape[1]), x.dtype)
    own[0, -1] = 10
    if present:
        pixels, y = np.vstack([pixels, own]), np.append(y, 0)
    model = digits_network(rng, units=0, pixels=pixels.shape[1])
    model.params["0_Dense.kernel"][...] = 0
    size = len(x) / len(pixels)  # the expected batch is that of the set without the canary
    setting = SETTING | {"rate": SETTING["rate"] / size}
    train_privately(model, pixels, y, **setting, rng=rng, summed=summed)  # type: ignore[arg-type]
    row = model.params["0_Dense.kernel"][-1]
    return float(row[0] - row[1:].mean())


@dataclass(frozen=True)
class Evidence:
    """Counts of an attack on runs with and without the canary.

    Attributes
    ----------
    threshold : float
        Scores of at least this are called "with".
    hits, runs_with : int
    alarms, runs_without : int
    """

    threshold: float
    hits: int
    runs_with: int
    alarms: int
    runs_without: int

    def epsilon(self, delta: float) -> float:
        """Return what epsilon exceeds with 95 % confidence: both rates at their bad ends."""
        true = clopper_pearson(self.hits, self.runs_with)[0]
        false = clopper_pearson(self.alarms, self.runs_without)[1]
        return least_epsilon(true, false, delta)


def count(present: Array, absent: Array, threshold: float) -> Evidence:
    """Count what a threshold finds."""
    hits, alarms = int((present >= threshold).sum()), int((absent >= threshold).sum())
    return Evidence(float(threshold), hits, len(present), alarms, len(absent))


def evidence(present: Array, absent: Array, delta: float) -> Evidence:
    """Choose the threshold on the first half of the runs, and count on the second half.

    A threshold chosen on the runs that are counted would find more than there is.
    """
    halves = len(present) // 2, len(absent) // 2
    best, chosen = -math.inf, 0.0
    for threshold in np.quantile(present[: halves[0]], np.linspace(0, 0.99, 100)):
        reached = count(present[: halves[0]], absent[: halves[1]], threshold).epsilon(delta)
        if reached > best:
            best, chosen = reached, float(threshold)
    return count(present[halves[0] :], absent[halves[1] :], chosen)
