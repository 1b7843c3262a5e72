"""The noise of a diffusion model: how it is added, and how it is taken away step by step.

Ho, Jain and Abbeel, "Denoising Diffusion Probabilistic Models", 2020; Song, Meng and Ermon,
"Denoising Diffusion Implicit Models", 2021; Nichol and Dhariwal, "Improved Denoising Diffusion
Probabilistic Models", 2021, for the cosine.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
Predict = Callable[[Array, Array], Array]
"""From noisy pictures (batch, ...) and their steps (batch,) to the noise in them (batch, ...)."""


@dataclass(frozen=True)
class Noise:
    """How much of the picture is left after each of T steps.

    Attributes
    ----------
    kept : ndarray of shape (T + 1,)
        The mean of x_t is ``sqrt(kept[t]) * x_0``, and its variance is ``1 - kept[t]``;
        ``kept[0]`` is 1. In papers: alpha with a bar.
    """

    kept: Array

    @classmethod
    def of_steps(cls, variances: npt.ArrayLike) -> Noise:
        """Return the noise whose step t adds the variance ``variances[t - 1]``.

        Examples
        --------
        >>> Noise.of_steps([0.5, 0.5]).kept
        array([1.  , 0.5 , 0.25])
        """
        beta = np.asarray(variances, dtype=float)
        if beta.ndim != 1 or not np.all((beta > 0) & (beta < 1)):
            checks.fail("variances", "one row of numbers between 0 and 1", beta)
        return cls(np.concatenate([[1.0], np.cumprod(1 - beta)]))

    @classmethod
    def cosine(cls, steps: int = 1000, start: float = 0.008, most: float = 0.999) -> Noise:
        """Return the noise whose kept share falls like a squared cosine; no step adds over `most`.

        Examples
        --------
        >>> Noise.cosine(1000).kept[[0, 500, 1000]].round(3)
        array([1.   , 0.494, 0.   ])
        """
        time = np.arange(checks.integer("steps", steps, at_least=1) + 1) / steps
        curve = np.cos((time + start) / (1 + start) * np.pi / 2) ** 2
        return cls.of_steps(np.clip(1 - curve[1:] / curve[:-1], 1e-8, most))

    @property
    def steps(self) -> int:
        """T."""
        return len(self.kept) - 1

    def noised(self, x0: Array, t: npt.ArrayLike, noise: Array) -> Array:
        """Return x_t in one step: ``sqrt(kept) * x0 + sqrt(1 - kept) * noise``.

        Parameters
        ----------
        x0, noise : ndarray of shape (batch, ...)
        t : array_like of int, of shape () or (batch,)
        """
        kept = _beside(self.kept[np.asarray(t)], x0)
        return np.sqrt(kept) * x0 + np.sqrt(1 - kept) * noise

    def picture(self, xt: Array, t: npt.ArrayLike, noise: Array) -> Array:
        """Return the x_0 that `noised` came from, given x_t and the noise in it."""
        kept = _beside(self.kept[np.asarray(t)], xt)
        return (xt - np.sqrt(1 - kept) * noise) / np.sqrt(kept)

    def velocity(self, x0: Array, t: npt.ArrayLike, noise: Array) -> Array:
        """Return ``sqrt(kept) * noise - sqrt(1 - kept) * x0``, a mix that is never tiny or huge.

        Salimans and Ho, "Progressive Distillation for Fast Sampling of Diffusion Models", 2022.
        """
        kept = _beside(self.kept[np.asarray(t)], x0)
        return np.sqrt(kept) * noise - np.sqrt(1 - kept) * x0

    def from_velocity(self, xt: Array, t: npt.ArrayLike, velocity: Array) -> Array:
        """Return the noise in x_t, given the velocity there."""
        kept = _beside(self.kept[np.asarray(t)], xt)
        return np.sqrt(1 - kept) * xt + np.sqrt(kept) * velocity

    def posterior(self, x0: Array, xt: Array, t: int, s: int) -> tuple[Array, float]:
        """Return mean and variance of x_s, given x_0 and x_t, for an earlier step ``s < t``."""
        if not 0 <= s < t <= self.steps:
            checks.fail("s and t", f"0 <= s < t <= {self.steps}", (s, t))
        before, after = self.kept[s], self.kept[t]
        alpha = after / before  # what the steps from s to t keep
        from_x0 = np.sqrt(before) * (1 - alpha) / (1 - after)
        from_xt = np.sqrt(alpha) * (1 - before) / (1 - after)
        return from_x0 * x0 + from_xt * xt, float((1 - alpha) * (1 - before) / (1 - after))

    def back(self, x0: Array, xt: Array, t: int, s: int, fresh: Array, eta: float = 1.0) -> Array:
        """Return one x_s, for a guess of x_0: the step that makes a picture out of noise.

        ``eta=1`` draws from `posterior` (DDPM); ``eta=0`` puts the old noise back and adds none
        (DDIM).

        Parameters
        ----------
        x0, xt, fresh : ndarray of shape (batch, ...)
            The guess, the noisy picture, and new standard normal noise.
        t, s : int
            Steps, ``s < t``.
        eta : float
            Share of the posterior's standard deviation.
        """
        before, after = self.kept[s], self.kept[t]
        old = (xt - np.sqrt(after) * x0) / np.sqrt(1 - after)  # the noise, if x0 were right
        spread = eta * np.sqrt(self.posterior(x0, xt, t, s)[1])
        again = np.sqrt(np.maximum(1 - before - spread**2, 0))
        found: Array = np.sqrt(before) * x0 + again * old + spread * fresh
        return found

    def stops(self, n: int) -> Array:
        """Return T and n further steps down to 0, evenly spread.

        Examples
        --------
        >>> Noise.cosine(1000).stops(4)
        array([1000,  750,  500,  250,    0])
        """
        n = checks.integer("n", n, at_least=1)
        return np.linspace(self.steps, 0, n + 1).round().astype(int)


def walk(
    predict: Predict,
    noise: Noise,
    start: Array,
    *,
    steps: int,
    rng: np.random.Generator,
    eta: float = 1.0,
    bound: float | None = 1.0,
) -> Iterator[tuple[int, Array, Array]]:
    """Walk from noise to a picture, and show each step on the way.

    Parameters
    ----------
    predict : callable
        ``predict(xt, t)`` returns the noise in ``xt``.
    noise : Noise
    start : ndarray of shape (batch, ...)
        Standard normal noise, x_T.
    steps : int
        How many calls of `predict`.
    rng : numpy.random.Generator
    eta : float
        1 for DDPM, 0 for DDIM, see `Noise.back`.
    bound : float, optional
        Guesses of x_0 are cut off at ± `bound`, the range of the pictures.

    Yields
    ------
    tuple of int, ndarray, ndarray
        The step s just reached, x_s, and the guess of x_0 that led there.
    """
    x = start
    stops = noise.stops(steps)
    for t, s in itertools.pairwise(stops):
        guess = noise.picture(x, t, predict(x, np.full(len(x), t)))
        if bound is not None:
            guess = np.clip(guess, -bound, bound)
        fresh = rng.standard_normal(x.shape, dtype=np.float32)
        x = noise.back(guess, x, int(t), int(s), fresh, eta).astype(start.dtype)
        yield int(s), x, guess


def sample(predict: Predict, noise: Noise, start: Array, **settings: Any) -> Array:
    """Return the pictures at the end of `walk`, which has the same arguments."""
    for _, x, _ in walk(predict, noise, start, **settings):
        last = x
    return last


def spread_steps(n: int, steps: int, rng: np.random.Generator) -> Array:
    """Draw n steps from 1 to `steps`, one from each n-th part of them, in random order.

    The loss of a batch then varies less than with independent draws, and means the same.
    """
    parts = (rng.permutation(n) + rng.random(n)) / n
    return 1 + (parts * steps).astype(int)


def errors_by_step(
    predict: Predict, noise: Noise, x0: Array, rng: np.random.Generator, *, parts: int = 10
) -> dict[str, Array]:
    """Return mean squared errors on pictures, for each of `parts` stretches of the steps.

    Parameters
    ----------
    predict : callable
        ``predict(xt, t)`` returns the noise in ``xt``.
    noise : Noise
    x0 : ndarray of shape (batch, pixels)
        Each picture is seen at one step; they are spread evenly.
    rng : numpy.random.Generator
    parts : int

    Returns
    -------
    dict of str to ndarray of shape (parts,)
        Of the ``noise``, the ``velocity`` and the ``picture``.
    """
    t = np.sort(spread_steps(len(x0), noise.steps, rng))
    z = rng.standard_normal(x0.shape)
    wrong = ((predict(noise.noised(x0, t, z), t) - z) ** 2).mean(axis=1)  # (batch,)
    kept = noise.kept[t]
    errors = {"noise": wrong, "velocity": wrong / kept, "picture": wrong * (1 - kept) / kept}
    return {
        name: np.array([part.mean() for part in np.array_split(values, parts)])
        for name, values in errors.items()
    }


def _beside(values: Array, x: Array) -> Array:
    """Give one number, or one a picture, the axes of the pictures."""
    return np.reshape(values, np.shape(values) + (1,) * (x.ndim - 1)) if np.ndim(values) else values
