"""Exercises on BERT."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Exercise

Array = npt.NDArray[Any]


def _surprises(logits: Array, targets: Array) -> Array:
    """Return -ln of the probability of each target, shape (places,)."""
    scores = logits - logits.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(scores).sum(axis=-1))
    found: Array = log_sum - scores[np.arange(len(targets)), targets]
    return found


def _masked_loss(logits: Array, targets: Array, hidden: Array) -> float:
    return float(_surprises(logits, targets)[hidden].mean())


def _overflowing(logits: Array, targets: Array, hidden: Array) -> float:
    powers = np.exp(logits)
    shares = powers / powers.sum(axis=-1, keepdims=True)
    return float(-np.log(shares[np.arange(len(targets)), targets])[hidden].mean())


def _places(rng: np.random.Generator, places: int, ids: int, scale: float = 1.0) -> Any:
    hidden = np.zeros(places, bool)
    hidden[rng.choice(places, max(places // 4, 1), replace=False)] = True
    return scale * rng.normal(size=(places, ids)), rng.integers(ids, size=places), hidden


masked_loss = Exercise(
    "loss on the hidden places",
    reference=_masked_loss,
    cases=lambda rng: [
        (np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]), np.array([1, 2]), np.array([True, False])),
        _places(rng, 8, 5),
        _places(rng, 20, 3),
        (np.array([[2000.0, 1990.0], [0.0, 1.0]]), np.array([1, 0]), np.array([True, False])),
        _places(rng, 40, 5, scale=900.0),
    ],
    mistakes={
        "_surprises(logits, targets).mean()": "You took all places. Where nothing is hidden the answer stands in the input: only the hidden places count.",
        "(_surprises(logits, targets) * hidden).mean()": "You added the hidden places only, but divided by the number of all places.",
        "_surprises(logits, targets)[hidden].sum()": "That is a sum. Divide by the number of hidden places.",
        "_surprises(logits, targets)[hidden].mean() / np.log(2)": "Those are bits. Here the loss is in nats: the natural logarithm.",
        "-_surprises(logits, targets)[hidden].mean()": "The sign: the logarithm of a probability is negative, and a loss counts from 0 up.",
        "_surprises(logits, targets)[~hidden].mean()": "Those are the places that are *not* hidden.",
        "-logits[np.arange(len(targets)), targets][hidden].mean()": "Logits are no logarithms of probabilities yet: subtract the logarithm of the sum of their exponentials.",
        "_overflowing(logits, targets, hidden)": "Large logits overflow in exp. Subtract the largest logit of each place first.",
    },
    rtol=1e-5,
)


def _mean_vector(vectors: Array, ids: Array) -> Array:
    return np.asarray(vectors[ids != 0].mean(axis=0))


mean_vector = Exercise(
    "mean without padding",
    reference=_mean_vector,
    cases=lambda rng: [
        (np.array([[2.0, 0.0], [4.0, 6.0], [9.0, 9.0]]), np.array([5, 7, 0])),
        (rng.normal(size=(6, 4)), np.array([1, 9, 8, 2, 0, 0])),
        (rng.normal(size=(4, 3)), np.array([1, 5, 5, 2])),
    ],
    mistakes={
        "vectors.mean(axis=0)": "You took the padding, too: the same sentence would get another vector in a longer row.",
        "vectors[ids != 0].sum(axis=0) / len(ids)": "The sum is right. Divide by the number of places that are no padding.",
        "vectors[ids != 0].sum(axis=0)": "Divide by the number of places that are no padding.",
        "vectors[0]": "That is the vector of the first place alone. Here we want the mean over places.",
        "vectors[ids != 0].mean(axis=1)": "You took the mean over the features. Take it over the places: one number a feature.",
        "vectors[ids == 0].mean(axis=0) if (ids == 0).any() else vectors.sum(axis=0)": "Those are the places of the padding. Take the others.",
    },
)


def _shown(ids: Array, hidden: Array, kind: Array, random: Array, mask: int) -> Array:
    instead = np.where(kind < 0.8, mask, np.where(kind < 0.9, random, ids))
    return np.where(hidden, instead, ids)


shown = Exercise(
    "what the network is shown",
    reference=_shown,
    cases=lambda rng: [
        (
            np.array([11, 12, 13, 14]),
            np.array([True, True, True, False]),
            np.array([0.1, 0.85, 0.95, 0.1]),
            np.array([21, 22, 23, 24]),
            3,
        ),
        (  # numbers exactly at the bounds
            np.array([11, 12, 13]),
            np.array([True, True, True]),
            np.array([0.8, 0.9, 0.0]),
            np.array([21, 22, 23]),
            3,
        ),
        (
            rng.integers(4, 99, 60),
            rng.random(60) < 0.5,
            rng.random(60),
            rng.integers(100, 199, 60),
            3,
        ),
    ],
    mistakes={
        "np.where(hidden, mask, ids)": "You hid every chosen place behind the mask. One of ten gets a random id, one of ten stays.",
        "np.where(kind < 0.8, mask, np.where(kind < 0.9, random, ids))": "Places that were not chosen must stay as they are, whatever their number in `kind`.",
        "np.where(hidden & (kind < 0.8), mask, ids)": "One of ten of the chosen places gets a random id.",
        "np.where(hidden, np.where(kind < 0.8, mask, random), ids)": "One of ten of the chosen places stays as it is: that of a `kind` from 0.9 on.",
        "np.where(hidden, np.where(kind < 0.8, mask, np.where(kind < 0.9, ids, random)), ids)": "The order: from 0.8 to 0.9 a random id, from 0.9 on the id itself.",
        "np.where(hidden, np.where(kind < 0.1, mask, np.where(kind < 0.2, random, ids)), ids)": "Eight of ten get the mask, not one of ten.",
    },
)


def _unit(x: Array) -> Array:
    lengths: Array = np.linalg.norm(x, axis=1, keepdims=True)
    return x / lengths


def _diagonal_loss(logits: Array) -> float:
    return float(_surprises(logits, np.arange(len(logits))).mean())


def _choice_loss(first: Array, second: Array, temperature: float) -> float:
    return _diagonal_loss(_unit(first) @ _unit(second).T / temperature)


choice_loss = Exercise(
    "loss of a choice among passages",
    reference=_choice_loss,
    cases=lambda rng: [
        (np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[3.0, 4.0], [0.0, 1.0]]), 0.5),
        (rng.normal(size=(5, 3)), 4 * rng.normal(size=(5, 3)), 0.07),
        (rng.normal(size=(3, 8)), rng.normal(size=(3, 8)), 1.0),
    ],
    mistakes={
        "_diagonal_loss(first @ second.T / temperature)": "Give each vector the length 1 first: the cosine asks for the direction alone.",
        "_diagonal_loss(_unit(first) @ _unit(second).T * temperature)": "Divide by the temperature: a small one makes the softmax sharp.",
        "_diagonal_loss(_unit(first) @ _unit(second).T)": "The temperature is missing.",
        "_diagonal_loss(_unit(second) @ _unit(first).T / temperature)": "The other way round: for each *first* passage the softmax goes over all second ones.",
        "len(first) * _choice_loss(first, second, temperature)": "That is the sum. Take the mean over the passages.",
        "-_choice_loss(first, second, temperature)": "The sign: a loss counts from 0 up.",
        "-(_unit(first) * _unit(second)).sum(axis=1).mean() / temperature": "You used the right pairs alone. The others stand in the softmax's sum.",
    },
    rtol=1e-5,
)
