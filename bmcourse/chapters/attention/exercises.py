"""Exercises on attention."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _softmax(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    shares: Array = powers / powers.sum(axis=axis, keepdims=True)
    return shares


def _weights_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[0.5, 0.25, 0.25]]), np.array([[4.0, 0.0, 8.0]]))
    drawn = [
        (_softmax(rng.normal(size=(n, m))), rng.normal(size=(n, m))) for n, m in ((3, 3), (2, 5))
    ]
    return [small, *drawn]


def _softmax_back(P: Array, dP: Array) -> Array:
    return P * (dP - (P * dP).sum(axis=-1, keepdims=True))


softmax_backward = Exercise(
    "softmax, backward, row by row",
    reference=_softmax_back,
    cases=_weights_cases,
    mistakes={
        "P * (1 - P) * dP": "That is the diagonal of the Jacobian alone. Every weight depends on every score of its row.",
        "P * dP": "The second term of the Jacobian, -p_i p_j, is missing.",
        "dP - (P * dP).sum(axis=-1, keepdims=True)": "Almost: each entry still has to be multiplied by its own weight P.",
        "P * (dP - dP.sum(axis=-1, keepdims=True))": "The sum runs over the products P * dP, not over dP alone.",
        "P * (dP - dP.mean(axis=-1, keepdims=True))": "Subtract the mean that the weights take: the sum of P * dP, not the plain mean.",
        "P * (dP - (P * dP).mean(axis=-1, keepdims=True))": "The weights already make a mean of it: take the sum of P * dP.",
        "P * (dP - (P * dP).sum(axis=0, keepdims=True))": "You summed down the columns. Each row is a softmax of its own.",
        "P * (dP - (P * dP).sum())": "You summed over all rows. Each row is a softmax of its own.",
        "P * (dP + (P * dP).sum(axis=-1, keepdims=True))": "The sign of the second term is wrong: the Jacobian has -p_i p_j.",
        "P * (1 - P)": "That is the slope of each weight with its own score. The upstream gradient dP is missing, and so are the other scores.",
    },
)


def _scores_back(dS: Array, Q: Array, K: Array) -> dict[str, Array]:
    root = np.sqrt(Q.shape[1])
    return {"dQ": dS @ K / root, "dK": dS.T @ Q / root}


def _scores_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[1.0, 2.0], [0.0, 4.0]]), np.ones((2, 4)), np.arange(8.0).reshape(2, 4))
    drawn = [tuple(rng.normal(size=(n, m)) for m in (n, d, d)) for n, d in ((3, 2), (5, 9))]
    return [small, *drawn]


def _both(dS: Array, Q: Array, K: Array, factor: float) -> dict[str, Array]:
    return {name: array * factor for name, array in _scores_back(dS, Q, K).items()}


score_backward = Exercise(
    "scores, backward",
    reference=_scores_back,
    cases=_scores_cases,
    mistakes={
        "_scores_back(dS, Q, K) | {'dK': dS @ Q / np.sqrt(Q.shape[1])}": "dK: key j met query i in S_ij, so dS must be transposed. With as many keys as queries the shapes hide it.",
        "_scores_back(dS, Q, K) | {'dQ': dS.T @ K / np.sqrt(Q.shape[1])}": "dQ: no transpose here. Row i of dS belongs to query i.",
        "_both(dS, Q, K, np.sqrt(Q.shape[1]))": "The division by the root of key_dim is missing: it stands in the scores, so it stands in both gradients.",
        "_both(dS, Q, K, 1 / np.sqrt(Q.shape[1]))": "You divided by key_dim. The scores are divided by its square root.",
        "_both(dS, Q, K, Q.shape[1])": "You multiplied by the root of key_dim. The scores were divided by it, so the gradients are, too.",
        "_both(dS, Q, K, np.sqrt(Q.shape[1] / len(Q)))": "You divided by the root of the number of words. The scores are divided by the root of key_dim, Q.shape[1].",
        "{'dQ': dS @ Q / np.sqrt(Q.shape[1]), 'dK': dS.T @ K / np.sqrt(Q.shape[1])}": "In a product, each factor gets the other one: dQ needs K, and dK needs Q.",
        "{'dQ': dS.T @ Q / np.sqrt(Q.shape[1]), 'dK': dS @ K / np.sqrt(Q.shape[1])}": "The two gradients have changed places.",
        "_scores_back(dS, Q, K) | {'dK': (dS.T @ Q / np.sqrt(Q.shape[1])).T}": "dK comes out transposed: it must have the shape of K.",
    },
)


def _look_up(q: Array, K: Array, V: Array) -> Array:
    found: Array = _softmax(K @ q / np.sqrt(len(q))) @ V
    return found


def _look_up_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([1.0, 1.0, 0.0, 0.0]), np.eye(3, 4) * 2, np.diag([10.0, 20.0, 30.0]))
    drawn = [
        (rng.normal(size=d), rng.normal(size=(n, d)), rng.normal(size=(n, m)))
        for n, d, m in ((4, 4, 4), (6, 9, 2), (3, 2, 5))
    ]
    large = (np.full(4, 40.0), np.array([[30.0] * 4, [-30.0] * 4, [31.0] * 4]), np.eye(3))
    return [small, *drawn, large]


def _naive(q: Array, K: Array, V: Array) -> Array:
    powers = np.exp(K @ q / np.sqrt(len(q)))
    found: Array = powers / powers.sum() @ V
    return found


look_up = Exercise(
    "one soft look-up",
    reference=_look_up,
    cases=_look_up_cases,
    mistakes={
        "_softmax(K @ q) @ V": "The scores are not divided by the root of key_dim.",
        "_softmax(K @ q / len(q)) @ V": "You divided by key_dim. Divide by its square root.",
        "_softmax(K @ q / np.sqrt(len(K))) @ V": "You divided by the root of the number of words. key_dim is the length of the query.",
        "_softmax(K @ q * np.sqrt(len(q))) @ V": "You multiplied by the root of key_dim. Divide by it.",
        "_softmax(K @ q / np.sqrt(len(q)))": "Those are the weights. Mix the values with them.",
        "K @ q / np.sqrt(len(q)) @ V": "Those scores are no weights yet: softmax makes them positive, with sum 1.",
        "np.exp(K @ q / np.sqrt(len(q)) - (K @ q / np.sqrt(len(q))).max()) @ V": "The weights must add up to 1: divide by the sum of the powers.",
        "V[(K @ q).argmax()]": "That is the hard look-up: the best key takes all. Here every key gets its share.",
        "_softmax(K @ q / np.sqrt(len(q))) @ K": "You mixed the keys. Keys say what to look for, values are handed out.",
        _naive: "With large scores, exp overflows to infinity. Subtract the largest score first: it changes no weight.",
    },
)


def _allowed(lengths: Array, steps: int) -> Array:
    key = np.arange(steps)
    past = np.tri(steps, dtype=bool)
    real = key < np.asarray(lengths)[:, np.newaxis]  # (batch, keys)
    return past & real[:, np.newaxis]  # (batch, queries, keys)


def _real(lengths: Array, steps: int, more: int = 0) -> Array:
    """True for each key that is a word, shape (batch, keys)."""
    return np.arange(steps) < np.asarray(lengths)[:, np.newaxis] + more


def _past(steps: int, diagonal: int = 0) -> Array:
    return np.tri(steps, k=diagonal, dtype=bool)


allowed = Exercise(
    "a mask for a causal, padded batch",
    reference=_allowed,
    cases=lambda rng: [
        (np.array([2]), 3),
        (np.array([1, 4]), 4),
        (np.array([3, 5, 2]), 5),
        (rng.integers(1, 7, size=4), 6),
    ],
    mistakes={
        "_past(steps) & _real(lengths, steps)[:, :, np.newaxis]": "You hide the rows of padding. Hide its columns: the last axis counts the keys. What a padded query finds is thrown away anyway.",
        "_past(steps).T & _real(lengths, steps)[:, np.newaxis]": "Transposed: your queries look at the future. Row i may look at columns up to i.",
        "_past(steps, 1) & _real(lengths, steps)[:, np.newaxis]": "One place too far: each query sees the next word. Row i may look at columns up to i.",
        "_past(steps, -1) & _real(lengths, steps)[:, np.newaxis]": "One place too short: a query may look at its own word.",
        "~(_past(steps) & _real(lengths, steps)[:, np.newaxis])": "Turned around: True is where a query may look.",
        "np.broadcast_to(_past(steps), (len(lengths), steps, steps))": "The padding is still in view: a key at or after the length is no word.",
        "np.broadcast_to(_real(lengths, steps)[:, np.newaxis], (len(lengths), steps, steps))": "The future is still in view: row i may look at columns up to i only.",
        "_past(steps) & _real(lengths, steps, 1)[:, np.newaxis]": "One word of padding is in view: a length of 2 means places 0 and 1.",
        "_past(steps) & _real(lengths, steps, -1)[:, np.newaxis]": "The last word is hidden: a length of 2 means places 0 and 1.",
        "_past(steps) | _real(lengths, steps)[:, np.newaxis]": "Both conditions must hold: use &, not |.",
        "_past(steps)": "Make one mask for each sentence: shape (batch, steps, steps).",
    },
)


def _cache_bytes(layers: int, heads: int, key_dim: int, length: int, bytes_each: int) -> int:
    return 2 * layers * heads * key_dim * length * bytes_each


cache_bytes = Exercise(
    "bytes of keys and values",
    reference=_cache_bytes,
    cases=lambda _: [
        (1, 1, 2, 3, 2),
        (2, 3, 4, 5, 1),
        (32, 32, 128, 2048, 2),
        (80, 8, 128, 100, 4),
    ],
    mistakes={
        "layers * heads * key_dim * length * bytes_each": "Keys and values are kept: two vectors for each word.",
        "2 * heads * key_dim * length * bytes_each": "Every layer keeps its own keys and values.",
        "2 * layers * key_dim * length * bytes_each": "Every head keeps its own keys and values.",
        "2 * layers * heads * key_dim * length": "Those are numbers. Each takes bytes_each bytes.",
        "2 * layers * heads * key_dim * length**2 * bytes_each": "The weights have length² entries, but they are not kept. Keys and values grow with the length alone.",
        "2 * layers * heads * length**2 * bytes_each": "Those are weights, length² of them. What is kept are keys and values.",
        "3 * layers * heads * key_dim * length * bytes_each": "The queries are not kept: an old word asks no more.",
        "2 * layers * heads * key_dim * bytes_each": "That is for one word. Multiply by the length of the text.",
        "16 * layers * heads * key_dim * length * bytes_each": "Those are bits. Eight of them are a byte.",
    },
)
