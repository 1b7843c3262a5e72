"""Exercises on diffusion."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _posterior(x0: Array, xt: Array, k_s: float, k_t: float) -> Array:
    a = k_t / k_s
    return (np.sqrt(k_s) * (1 - a) * x0 + np.sqrt(a) * (1 - k_s) * xt) / (1 - k_t)


def _four_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([1.0]), np.array([0.0]), 0.64, 0.4096)
    drawn = [
        (rng.normal(size=n), rng.normal(size=n), k, k * a)
        for n, k, a in ((3, 0.9, 0.5), (4, 0.3, 0.8))
    ]
    return [small, (np.array([0.0]), np.array([1.0]), 0.64, 0.4096), *drawn]


posterior_mean = Exercise(
    "mean of the step back",
    reference=_posterior,
    cases=_four_cases,
    mistakes={
        "(np.sqrt(k_s) * (1 - k_t / k_s) * x0 + np.sqrt(k_t / k_s) * (1 - k_s) * xt)": "Almost: that still has to be divided by 1 - k_t.",
        "(np.sqrt(k_s) * (1 - k_s) * x0 + np.sqrt(k_t / k_s) * (1 - k_t / k_s) * xt) / (1 - k_t)": "The two shares have changed places: x0 goes with 1 - a, x_t with 1 - k_s.",
        "(np.sqrt(k_s) * (1 - k_t / k_s) * x0 + np.sqrt(k_t) * (1 - k_s) * xt) / (1 - k_t)": "The root before x_t is that of a = k_t / k_s: x_t hangs on x_s, not on x_0.",
        "(np.sqrt(k_t) * (1 - k_t / k_s) * x0 + np.sqrt(k_t / k_s) * (1 - k_s) * xt) / (1 - k_t)": "The root before x_0 is that of k_s: x_s is what we look for.",
        "(k_s * (1 - k_t / k_s) * x0 + k_t / k_s * (1 - k_s) * xt) / (1 - k_t)": "The roots are missing: k and a are shares of the variance.",
        "np.sqrt(k_s) * x0 / (1 - k_s) + np.sqrt(k_t / k_s) * xt / (1 - k_t / k_s)": "That is the bracket alone. Multiply it by the variance of the step back.",
        "np.sqrt(k_s) * x0": "That is the mean of x_s when only x_0 is known. x_t tells more.",
        "xt / np.sqrt(k_t / k_s)": "That undoes the shrinking only. The noise in x_t would be kept, and x_0 not used.",
        "(np.sqrt(k_s) * (1 - k_t) * x0 + np.sqrt(k_t) * (1 - k_s) * xt) / (1 - k_t)": "a is not k_t: it is what the steps from s to t keep, k_t / k_s.",
    },
)


def _back(guess: Array, xt: Array, k_s: float, k_t: float) -> Array:
    noise = (xt - np.sqrt(k_t) * guess) / np.sqrt(1 - k_t)
    found: Array = np.sqrt(k_s) * guess + np.sqrt(1 - k_s) * noise
    return found


def _noise_in(guess: Array, xt: Array, k: float) -> Array:
    found: Array = (xt - np.sqrt(k) * guess) / np.sqrt(1 - k)
    return found


step_back = Exercise(
    "a step back without new noise",
    reference=_back,
    cases=_four_cases,
    mistakes={
        "guess": "That jumps to the end: x_0. The step goes to s only, where some noise is left.",
        "np.sqrt(k_s) * guess": "The noise that is left at s is missing: sqrt(1 - k_s) of it.",
        "np.sqrt(k_s) * guess + np.sqrt(1 - k_s) * xt": "x_t is not noise alone: take the guess out of it first.",
        "np.sqrt(k_s) * guess + np.sqrt(1 - k_t) * _noise_in(guess, xt, k_t)": "The noise is scaled as at t. At s less of it is left: sqrt(1 - k_s).",
        "np.sqrt(k_t) * guess + np.sqrt(1 - k_s) * _noise_in(guess, xt, k_t)": "The picture is scaled as at t. At s more of it is left: sqrt(k_s).",
        "k_s * guess + (1 - k_s) * _noise_in(guess, xt, k_t)": "The roots are missing: k_s is a share of the variance.",
        "np.sqrt(k_s) * guess + np.sqrt(1 - k_s) * (xt - np.sqrt(k_t) * guess)": "The noise must have variance 1 before you scale it: divide by sqrt(1 - k_t).",
        "np.sqrt(k_s) * guess + np.sqrt(1 - k_s) * (xt - guess) / np.sqrt(1 - k_t)": "In x_t the picture stands with the factor sqrt(k_t).",
        "_posterior(guess, xt, k_s, k_t)": "That is the mean of the step back. It needs new noise on top; here the old noise is put back.",
    },
)


def _kept(variances: Array, t: int) -> float:
    return float(np.prod(1 - np.asarray(variances)[:t]))


kept = Exercise(
    "share of the picture after t steps",
    reference=_kept,
    cases=lambda rng: [
        (np.array([0.36, 0.36]), 2),
        (np.array([0.5, 0.2, 0.1]), 0),
        (np.array([0.5, 0.2, 0.1]), 1),
        (rng.uniform(0.01, 0.5, 6), 4),
    ],
    mistakes={
        "1 - np.sum(np.asarray(variances)[:t])": "Shares multiply: each step keeps a share of what the one before has left.",
        "np.prod(np.asarray(variances)[:t])": "That multiplies what is added. Multiply what is kept, 1 - variance.",
        "1 - np.prod(np.asarray(variances)[:t])": "Take 1 - variance before you multiply, not after.",
        "np.sqrt(_kept(variances, t))": "That is the factor of the picture. The share of the variance is its square.",
        "np.prod(1 - np.asarray(variances)[:t + 1])": "One step too many: after t steps, the first t variances count.",
        "np.prod(1 - np.asarray(variances)[:t - 1]) if t else 1.0": "One step too few: after t steps, the first t variances count.",
        "np.prod(1 - np.asarray(variances))": "Only the first t steps count.",
        "1 - _kept(variances, t)": "That is the variance of the noise. What is kept is the rest.",
        "(1 - np.asarray(variances)[t - 1]) if t else 1.0": "That is what the last step keeps. Multiply over all steps so far.",
        "np.cumprod(1 - np.asarray(variances))[:t]": "Return one number, that of step t.",
    },
)


def _guided(told: Array, untold: Array, w: float) -> Array:
    return (1 + w) * told - w * untold


guided = Exercise(
    "guidance",
    reference=_guided,
    cases=lambda rng: [
        (np.array([1.0]), np.array([0.5]), 2.0),
        (np.array([1.0, -1.0]), np.array([0.0, 0.0]), 0.0),
        (rng.normal(size=4), rng.normal(size=4), 0.5),
        (rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 4.0),
    ],
    mistakes={
        "(1 - w) * told + w * untold": "That lies between the two. Guidance goes past the label, away from what is said without it.",
        "w * told + (1 - w) * untold": "Here w = 0 must mean no guidance, the answer with the label. (Some papers write it your way, with their w one larger.)",
        "(1 + w) * untold - w * told": "The two have changed places: go towards the label.",
        "told + w * untold": "Add w times the difference, told - untold.",
        "(1 + w) * told + w * untold": "The sign: the answer without a label is taken away.",
        "w * (told - untold)": "That is the push alone. Add it to the answer with the label.",
        "((1 + w) * told - w * untold) / (1 + 2 * w)": "Nothing is to be divided: the two factors, 1 + w and -w, add up to 1.",
    },
)


def _guess(xt: Array, training: Array, k: float) -> Array:
    far = ((xt - np.sqrt(k) * training) ** 2).sum(axis=1) / (2 * (1 - k))
    powers = np.exp(far.min() - far)
    found: Array = powers @ training / powers.sum()
    return found


def _mix(far: Array, training: Array) -> Array:
    powers = np.exp(far.min() - far)
    found: Array = powers @ training / powers.sum()
    return found


def _far(xt: Array, training: Array) -> Array:
    found: Array = ((xt - training) ** 2).sum(axis=1)
    return found


def _naive_guess(xt: Array, training: Array, k: float) -> Array:
    powers = np.exp(-_far(xt, np.sqrt(k) * training) / (2 * (1 - k)))
    found: Array = powers @ training / powers.sum()
    return found


best_guess = Exercise(
    "the best guess from a training set",
    reference=_guess,
    cases=lambda rng: [
        (np.array([0.8, 0.0]), np.array([[1.0, 0.0], [0.0, 1.0]]), 0.64),
        (rng.normal(size=3), rng.normal(size=(5, 3)), 0.3),
        (rng.normal(size=4), rng.normal(size=(3, 4)), 0.9),
        (np.full(50, 9.0), np.stack([np.full(50, 1.0), np.full(50, -1.0)]), 0.95),
    ],
    mistakes={
        "_mix(_far(xt, training) / (2 * (1 - k)), training)": "In x_t a training picture stands with the factor sqrt(k).",
        "_mix(_far(xt, np.sqrt(k) * training) / (1 - k), training)": "The 2 is missing: a normal density falls like exp(-distance² / (2 variance)).",
        "_mix(_far(xt, np.sqrt(k) * training) / 2, training)": "Divide by the variance of the noise, 1 - k.",
        "_mix(_far(xt, np.sqrt(k) * training) / (2 * np.sqrt(1 - k)), training)": "Divide by the variance of the noise, 1 - k, not by its root.",
        "_mix(_far(xt, np.sqrt(k) * training) / (2 * k), training)": "The variance of the noise is 1 - k.",
        "_mix(np.sqrt(_far(xt, np.sqrt(k) * training)) / (2 * (1 - k)), training)": "The distance stands squared in a normal density.",
        "_mix(_far(xt, k * training) / (2 * (1 - k)), training)": "The factor of the picture in x_t is the root of k.",
        "training[_far(xt, np.sqrt(k) * training).argmin()]": "That is the nearest picture alone. The mean takes each with its probability.",
        "training.mean(axis=0)": "That forgets x_t: pictures near it are likelier.",
        "_mix(_far(xt, np.sqrt(k) * training) / (2 * (1 - k)), np.sqrt(k) * training)": "The guess is of x_0: average the training pictures themselves.",
        _naive_guess: "Far from every picture all powers round to 0, and 0 / 0 is no number. Subtract the smallest distance first.",
    },
)
