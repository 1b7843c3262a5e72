"""Exercises on recurrent networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _states(x: Array, w: float, u: float, b: float) -> list[float]:
    h = [0.0]
    for number in x:
        h.append(float(np.tanh(w * number + u * h[-1] + b)))
    return h


def _through_time(x: Array, w: float, u: float, b: float) -> dict[str, float]:
    h, dh = _states(x, w, u, b), 1.0
    dw = du = db = 0.0
    for t in range(len(x), 0, -1):
        dz = dh * (1 - h[t] ** 2)
        dw += dz * x[t - 1]
        du += dz * h[t - 1]
        db += dz
        dh = u * dz
    return {"dw": dw, "du": du, "db": db}


def _walk(
    x: Array,
    w: float,
    u: float,
    b: float,
    *,
    back: str = "u",
    steps: int | None = None,
    slope: bool = True,
    late: int = 0,
    mean: bool = False,
) -> dict[str, float]:
    """Walk back with one slip: a wrong factor on the way, too few steps, no slope, a wrong state."""
    h, dh, first = _states(x, w, u, b), 1.0, 0 if steps is None else max(0, len(x) - steps)
    factor = {"u": u, "w": w, "1": 1.0}[back]
    total = np.zeros(3)
    for t in range(len(x), first, -1):
        dz = dh * (1 - h[t] ** 2) if slope else dh
        total += dz * np.array([x[t - 1], h[t - 1 + late], 1.0])
        dh = factor * dz
    total /= len(x) if mean else 1
    return dict(zip(("dw", "du", "db"), map(float, total), strict=True))


def _sequences(rng: np.random.Generator) -> list[Case]:
    drawn = [(rng.normal(size=n), *rng.normal(size=3)) for n in (3, 5)]
    return [(np.array([1.0, 0.0, 0.0]), 1.0, 0.5, 0.0), *drawn]


through_time = Exercise(
    "back through time",
    reference=_through_time,
    cases=_sequences,
    mistakes={
        "_walk(x, w, u, b, steps=1)": "That is the last step alone. Each weight was used at every step: walk on, and add.",
        "_walk(x, w, u, b, slope=False)": "The slope of tanh is missing: dz = dh (1 - h²) at each step.",
        "_walk(x, w, u, b, back='w')": "On the way from one state to the one before, the factor is u, not w.",
        "_walk(x, w, u, b, back='1')": "The factor u is missing on the way to the state before: dh = u dz.",
        "_walk(x, w, u, b, late=1)": "For du, dz at step t meets the state *before*, h at t - 1. Yours meets its own state.",
        "_walk(x, w, u, b, mean=True)": "Gradients of a weight that is used at many steps add up. You took the mean.",
        "{name: -value for name, value in _through_time(x, w, u, b).items()}": "All signs are turned around: return the gradient, not the step against it.",
        "{'dw': _through_time(x, w, u, b)['du'], 'du': _through_time(x, w, u, b)['dw'], 'db': _through_time(x, w, u, b)['db']}": "dw and du have changed places: w meets the input, u the state before.",
    },
)


def _cell(dc: Array, i: Array, f: Array, g: Array, before: Array) -> dict[str, Array]:
    return {"di": dc * g, "df": dc * before, "dg": dc * i, "dbefore": dc * f}


cell_backward = Exercise(
    "one step of the cell, backward",
    reference=_cell,
    cases=lambda rng: [
        (1.0, 0.5, 0.9, -0.5, 2.0),
        *[tuple(rng.normal(size=(5, n))) for n in (1, 3)],
    ],
    mistakes={
        "_cell(dc, i, f, g, before) | {'di': dc * i, 'dg': dc * g}": "In a product, each factor gets the other one: di needs g, and dg needs i.",
        "_cell(dc, i, f, g, before) | {'df': dc * f, 'dbefore': dc * before}": "In a product, each factor gets the other one: df needs the cell before, and the cell before needs f.",
        "_cell(dc, i, f, g, before) | {'df': dc * (f * before + i * g)}": "For df take the cell *before* the step, not the one after.",
        "_cell(dc, i, f, g, before) | {'dbefore': dc}": "The forget gate stands on the way to the cell before: multiply by f.",
        "_cell(dc, i, f, g, before) | {'dbefore': dc * f * (1 - before**2)}": "No tanh stands on this way: the cell is carried over as it is, times f.",
        "{'di': dc * g * i * (1 - i), 'df': dc * before * f * (1 - f), 'dg': dc * i * (1 - g**2), 'dbefore': dc * f}": "Those are the gradients before the sigmoids and the tanh. Here the gates' own values are asked for, without slopes.",
        "{'di': g, 'df': before, 'dg': i, 'dbefore': f}": "The upstream gradient dc is missing.",
    },
)


def _length(gradients: list[Array]) -> float:
    return float(np.sqrt(sum(float(np.sum(g**2)) for g in gradients)))


def _clipped(gradients: list[Array], limit: float) -> list[Array]:
    length = _length(gradients)
    return [g * (limit / length) if length > limit else g.copy() for g in gradients]


def _each(gradients: list[Array], limit: float) -> list[Array]:
    return [_clipped([g], limit)[0] for g in gradients]


def _always(gradients: list[Array], limit: float) -> list[Array]:
    return [g * (limit / _length(gradients)) for g in gradients]


def _sum_of_lengths(gradients: list[Array], limit: float) -> list[Array]:
    length = sum(_length([g]) for g in gradients)
    return [g * min(1.0, limit / max(length, 1e-300)) for g in gradients]


def _squared(gradients: list[Array], limit: float) -> list[Array]:
    length = _length(gradients) ** 2
    return [g * min(1.0, limit / max(length, 1e-300)) for g in gradients]


clipped = Exercise(
    "clipping by the global norm",
    reference=_clipped,
    cases=lambda rng: [
        ([np.array([3.0]), np.array([4.0])], 1.0),
        ([np.array([0.3]), np.array([0.4])], 1.0),
        ([np.zeros(2), np.zeros((2, 2))], 1.0),
        ([rng.normal(size=(4, 3)), rng.normal(size=3), 0.01 * rng.normal(size=(3, 3))], 0.5),
    ],
    mistakes={
        _each: "You clipped each array by itself. That turns the direction: measure the length of all of them together.",
        "[np.clip(g, -limit, limit) for g in gradients]": "You clipped each number. That turns the direction: scale all of them by one factor.",
        _always: "A gradient shorter than the limit stays as it is, and one of length 0 must not be divided by.",
        _sum_of_lengths: "The joint length is no sum of lengths: it is the root of the sum of all squares.",
        _squared: "The root is missing: the length is the root of the sum of squares.",
        "[g * limit for g in gradients]": "Divide by the joint length, and only where it is larger than the limit.",
    },
)


def _last(H: Array, lengths: Array) -> Array:
    return np.asarray(H[np.arange(len(H)), np.asarray(lengths) - 1])


last_states = Exercise(
    "the last real state of each sequence",
    reference=_last,
    cases=lambda rng: [
        (np.arange(12.0).reshape(2, 3, 2), np.array([1, 3])),
        (rng.normal(size=(3, 4, 2)), np.array([4, 2, 1])),
        (rng.normal(size=(4, 4, 3)), np.array([2, 3, 1, 2])),
    ],
    mistakes={
        "H[:, -1]": "That state has read the padding, too. Take the one at the sequence's own last step.",
        "H[np.arange(len(H)), np.minimum(lengths, H.shape[1] - 1)]": "One step too far: a length of 2 means steps 0 and 1.",
        "H[np.arange(len(H)), np.asarray(lengths) - 2]": "One step too short: a length of 2 means steps 0 and 1, and the last is 1.",
        "H[:, np.asarray(lengths) - 1]": "That takes the steps of all lengths from every sequence. Pair the sequences with their lengths: index both axes with arrays.",
        "H[np.arange(len(H)), np.asarray(lengths) - 1][:, np.newaxis]": "The axis of the steps must go: shape (batch, units).",
        "np.array([h[:n].mean(axis=0) for h, n in zip(H, lengths)])": "That is the mean of the real states. Take the last one.",
    },
)


def _forget_bias(steps: int, share: float) -> float:
    gate = share ** (1 / steps)
    return float(np.log(gate / (1 - gate)))


forget_bias = Exercise(
    "the bias that remembers",
    reference=_forget_bias,
    cases=lambda _: [(1, 0.5), (2, 0.25), (10, 0.9), (100, 0.5), (30, 0.1)],
    mistakes={
        "np.log(share / (1 - share))": "That keeps the share over one step. Over many steps, the gate is multiplied with itself: take the root first.",
        "share ** (1 / steps)": "That is the gate. Its bias goes through a sigmoid: turn the sigmoid around.",
        "1 / (1 + np.exp(-share ** (1 / steps)))": "You applied the sigmoid. Turn it around: log(gate / (1 - gate)).",
        "np.log(share ** (1 / steps))": "That is the logarithm of the gate. The inverse of the sigmoid is log(gate / (1 - gate)).",
        "np.log(share**steps / (1 - share**steps))": "A root is needed, not a power: gate to the power of steps is the share.",
        "np.log((1 - share / steps) / (share / steps))": "The losses do not add up: each step multiplies by the gate.",
        "np.log((1 - (1 - share) / steps) / ((1 - share) / steps))": "The losses do not add up: each step multiplies by the gate.",
        "np.log((1 - share ** (1 / steps)) / share ** (1 / steps))": "The sign is turned around: the larger the gate, the larger its bias.",
    },
)
