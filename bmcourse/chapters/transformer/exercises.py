"""Exercises on the transformer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _normal(rng: np.random.Generator, rows: int, n: int) -> tuple[Array, Array]:
    """Return normalized rows and their deviations (rows, 1), with a small ε inside."""
    x = rng.normal(size=(rows, n), scale=3)
    centred = x - x.mean(axis=1, keepdims=True)
    s = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 0.5)
    return centred / s, s


def _spread_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[-1.0, 1.0]]), np.array([[2.0]]), np.array([[4.0, 0.0]]))
    drawn = []
    for rows, n in ((1, 4), (3, 3), (4, 6)):
        x_hat, s = _normal(rng, rows, n)
        drawn.append((x_hat, s, rng.normal(size=(rows, n))))
    return [small, *drawn]


def _mean(a: Array) -> Array:
    mean: Array = a.mean(axis=1, keepdims=True)
    return mean


def _spread(x_hat: Array, s: Array, d_hat: Array) -> Array:
    return (d_hat - x_hat * _mean(d_hat * x_hat)) / s


spread_backward = Exercise(
    "back through the division by s",
    reference=_spread,
    cases=_spread_cases,
    mistakes={
        "d_hat / s": "That is the direct path alone. Each c also moves s, and s divides all the others.",
        "(d_hat - x_hat * (d_hat * x_hat).sum(axis=1, keepdims=True)) / s": "Almost: s moves by x_hat / n for each c, so the sum over the features is divided by n: a mean.",
        "(d_hat + x_hat * _mean(d_hat * x_hat)) / s": "The sign of the second path is wrong: a larger s makes every x_hat smaller.",
        "d_hat - x_hat * _mean(d_hat * x_hat)": "Both paths are divided by s.",
        "(d_hat - x_hat * _mean(d_hat)) / s": "The mean runs over the products d_hat * x_hat: each x_hat shrinks in proportion to itself.",
        "(d_hat - _mean(d_hat * x_hat)) / s": "How far s moves with one c is x_hat / n for that c: the mean must be multiplied by x_hat.",
        "(d_hat - x_hat * (d_hat * x_hat).mean(axis=0, keepdims=True)) / s": "Your mean runs down the columns. Each row is one place, normalised on its own.",
        "(d_hat - x_hat * (d_hat * x_hat).mean()) / s": "Your mean runs over all rows. Each row is normalised on its own.",
        "d_hat / s - x_hat * _mean(d_hat * x_hat) / s**2": "Divide by s once: c / s is x_hat already, which takes one s out of s².",
        "_spread(x_hat, s, d_hat) - _mean(_spread(x_hat, s, d_hat))": "You went one step too far: the mean m comes next. Here only the division by s is asked for.",
    },
)


def _norm_cases(rng: np.random.Generator) -> list[Case]:
    drawn = []
    for rows, n in ((1, 4), (3, 3), (5, 6)):
        x_hat, s = _normal(rng, rows, n)
        gamma = rng.normal(size=n) + 1
        drawn.append((x_hat, s, gamma, rng.normal(size=(rows, n))))
    return drawn


def _norm_back(x_hat: Array, s: Array, gamma: Array, dY: Array) -> dict[str, Array]:
    d_hat = dY * gamma
    dX = (d_hat - _mean(d_hat) - x_hat * _mean(d_hat * x_hat)) / s
    return {"dX": dX, "dgamma": (dY * x_hat).sum(axis=0), "dbeta": dY.sum(axis=0)}


def _rows_and_columns(x_hat: Array, s: Array, gamma: Array, dY: Array) -> Array:
    d_hat = dY * gamma
    along: Array = (d_hat * x_hat).mean(axis=0)
    return (d_hat - d_hat.mean(axis=0) - x_hat * along) / s


_RIGHT = "_norm_back(x_hat, s, gamma, dY)"
layer_norm_backward = Exercise(
    "layer normalisation, backward",
    reference=_norm_back,
    cases=_norm_cases,
    mistakes={
        f"{_RIGHT} | {{'dX': _norm_back(x_hat, s, np.ones(len(gamma)), dY)['dX']}}": "dX: gamma is missing. x_hat was multiplied by gamma, so the gradient that reaches x_hat is dY * gamma.",
        f"{_RIGHT} | {{'dX': dY * gamma / s}}": "dX: mean and deviation were taken as constants. Both move with x.",
        f"{_RIGHT} | {{'dX': _spread(x_hat, s, dY * gamma)}}": "dX: the mean m is missing. Each x moves all c of its row by -1/n.",
        f"{_RIGHT} | {{'dX': (dY * gamma - _mean(dY * gamma)) / s}}": "dX: the path through the deviation is missing.",
        f"{_RIGHT} | {{'dX': _rows_and_columns(x_hat, s, gamma, dY)}}": "dX: your means run down the columns, as in batch normalisation. Here each row is on its own.",
        f"{_RIGHT} | {{'dgamma': (dY * x_hat).mean(axis=0), 'dbeta': dY.mean(axis=0)}}": "dgamma and dbeta: add over the places. One gamma serves them all, and paths add.",
        f"{_RIGHT} | {{'dgamma': (dY * gamma * x_hat).sum(axis=0)}}": "dgamma: the slope of gamma * x_hat with gamma is x_hat alone.",
        f"{_RIGHT} | {{'dbeta': (dY * gamma).sum(axis=0)}}": "dbeta: beta is added behind gamma, so gamma does not stand in its gradient.",
        f"{_RIGHT} | {{'dgamma': (dY * x_hat).sum(axis=1), 'dbeta': dY.sum(axis=1)}}": "dgamma and dbeta: one number for each feature. Add over the places, axis 0.",
        f"{_RIGHT} | {{'dgamma': dY * x_hat, 'dbeta': dY}}": "dgamma and dbeta have one number for each feature: add over the places.",
        f"{_RIGHT}['dX']": "Return a dictionary with dX, dgamma and dbeta.",
    },
)


def _mixing(weights: Array) -> Callable[[Array], Array]:
    """Return a layer that mixes the places of a text with fixed weights (places, places)."""

    def layer(x: Array) -> Array:
        return np.asarray(np.einsum("ts,bsf->btf", weights, x) + 0.5 * x)

    return layer


def _layers(_: np.random.Generator) -> list[Case]:
    causal = np.tri(6) / 6
    late = causal.copy()
    late[4, 5] = 0.01  # only the place before the last looks ahead
    early = causal.copy()
    early[0, 1] = 0.01  # only the first place looks ahead, by one
    scaled = causal - 0.3 * np.eye(6)
    over_places = _mixing(causal)

    def normed(x: Array) -> Array:
        return np.asarray(over_places(x) / np.sqrt((x**2).mean(axis=1, keepdims=True) + 1))

    def over_batch(x: Array) -> Array:
        return np.asarray(over_places(x) - x.mean(axis=0, keepdims=True))

    weights = (causal, scaled, late, early, np.ones((6, 6)) / 6, causal.T)
    return [(_mixing(w),) for w in weights] + [(normed,), (over_batch,)]


def _moved(layer: Callable[[Array], Array], place: int, part: slice) -> bool:
    x = np.random.default_rng(5).normal(size=(2, 6, 3))
    changed = x.copy()
    changed[:, place] += 1
    return bool(np.abs(layer(changed) - layer(x))[:, part].max() > 1e-9)


def _sees(layer: Callable[[Array], Array]) -> bool:
    return any(_moved(layer, place, slice(0, place)) for place in range(1, 6))


sees_the_future = Exercise(
    "does a layer see the future?",
    reference=_sees,
    cases=_layers,
    mistakes={
        "any(_moved(layer, place, slice(0, 6)) for place in range(6))": "You compare all places. A changed place may move itself and those behind it: compare only those before it.",
        "_moved(layer, 5, slice(0, 5))": "You change the last place only. In one of the layers, only the first place looks ahead, by one. Change each place in turn.",
        "_moved(layer, 1, slice(0, 1))": "You change the second place only. In one of the layers, only a later place looks ahead. Change each place in turn.",
        "_moved(layer, 0, slice(1, 6))": "You change the first place and watch those behind it. They may move: it is their past. Change a later place, and watch those before it.",
        "not _sees(layer)": "Turned around: True means that it sees the future.",
        "False": "Some of these layers do see the future.",
    },
)


def _count(vocabulary: int, length: int, features: int, blocks: int) -> int:
    block = 12 * features**2 + 13 * features
    return (vocabulary + length) * features + blocks * block + 2 * features


parameters = Exercise(
    "parameters of a GPT",
    reference=_count,
    cases=lambda _: [
        (10, 8, 4, 1),
        (1024, 64, 64, 2),
        (50257, 1024, 768, 12),
        (50257, 2048, 12288, 96),
    ],
    mistakes={
        "_count(vocabulary, length, features, blocks) + vocabulary * features": "You counted the table of pieces twice: the output layer shares it.",
        "_count(vocabulary, length, features, blocks) + vocabulary * features + vocabulary": "You counted an output layer of its own. It shares the table of pieces, and has no bias.",
        "_count(vocabulary, length, features, blocks) - 2 * features": "The normalisation behind the last block is missing: gamma and beta.",
        "_count(vocabulary, 0, features, blocks)": "The table of places is missing.",
        "_count(vocabulary, length, features, blocks) - 4 * blocks * features": "The two normalisations of each block are missing: gamma and beta, twice.",
        "_count(vocabulary, length, features, blocks) - 9 * blocks * features": "The biases of the dense layers are missing: 4 in the attention, 4 + 1 in the network, each times features.",
        "_count(vocabulary, length, features, blocks) - 13 * blocks * features": "Each block has 13 * features more: nine for biases, four for the normalisations.",
        "(vocabulary + length) * features + 12 * blocks * features**2": "The kernels are right. Biases and normalisations are missing.",
        "blocks * (12 * features**2 + 13 * features) + 2 * features": "The two tables are missing: one of pieces, one of places.",
        "_count(vocabulary, length, features, blocks) - 8 * blocks * features**2": "The network's two kernels are missing: features × 4 features, and back.",
        "_count(vocabulary, length, features, blocks) - 4 * blocks * features**2": "The attention's four kernels are missing: query, key, value, output.",
        "_count(vocabulary, length, features, 1)": "That is a model of one block.",
    },
)
