"""Wrong answers, quick questions and planted bugs on attention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.attention import exercises, planted, questions
from bmcourse.exercises import Exercise
from bmcourse.nn import MultiHeadAttention, gradcheck

from .answers import message, right_answers

Array = Any


def by_the_jacobian(P: Array, dP: Array) -> Array:
    return np.array([(np.diag(p) - np.outer(p, p)) @ dp for p, dp in zip(P, dP, strict=True)])


def by_loops(lengths: Array, steps: int) -> Array:
    mask = np.zeros((len(lengths), steps, steps), bool)
    for b, i, j in np.ndindex(*mask.shape):
        mask[b, i, j] = j <= i and j < lengths[b]
    return mask


def shifted(q: Array, K: Array, V: Array) -> Array:
    scores = K @ q / len(q) ** 0.5
    powers = np.exp(scores - scores.max())
    return (powers[:, None] * V).sum(0) / powers.sum()


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.softmax_backward, by_the_jacobian),
        (exercises.allowed, by_loops),
        (exercises.allowed, lambda lengths, steps: by_loops(lengths, steps).astype(int)),
        (exercises.look_up, shifted),
        (exercises.cache_bytes, lambda a, b, c, n, s: n * s * (a * b * c + a * b * c)),
        (
            exercises.score_backward,
            lambda dS, Q, K: {
                "dQ": np.einsum("ij,jc->ic", dS, K) / Q.shape[1] ** 0.5,
                "dK": np.einsum("ij,ic->jc", dS, Q) / Q.shape[1] ** 0.5,
            },
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.softmax_backward, lambda P, dP: dP * (P - P**2), "diagonal of the Jacobian"),
        (
            exercises.softmax_backward,
            lambda P, dP: P * dP - P * (P * dP).sum(0),
            "down the columns",
        ),
        (
            exercises.score_backward,
            lambda dS, Q, K: {"dQ": dS @ K, "dK": dS.T @ Q},
            "root of key_dim is missing",
        ),
        (
            exercises.score_backward,
            lambda dS, Q, K: {"dQ": dS @ K / Q.shape[1] ** 0.5, "dK": dS @ Q / Q.shape[1] ** 0.5},
            "dS must be transposed",
        ),
        (exercises.look_up, lambda q, K, V: V[np.argmax(K @ q)], "hard look-up"),
        (
            exercises.look_up,
            lambda q, K, V: np.exp(K @ q / len(q) ** 0.5) / np.exp(K @ q / len(q) ** 0.5).sum() @ V,
            "overflows",
        ),
        (exercises.allowed, lambda n, s: np.triu(np.ones((len(n), s, s))) > 0, "expected"),
        (exercises.allowed, lambda n, s: ~by_loops(n, s), "Turned around"),
        (
            exercises.allowed,
            lambda n, s: np.tril(np.ones((len(n), s, s))) > 0,
            "padding is still in view",
        ),
        (exercises.cache_bytes, lambda a, b, c, n, s: a * b * c * n * s, "two vectors"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        np.mean([10, 20, 60]),
        "It sees what it is to predict.",
        "They are the same vectors, each in the place where its word now stands.",
    ]


@pytest.mark.parametrize("name", planted.MASKS)
def test_the_planted_heads_have_right_gradients(name: str) -> None:
    rng = np.random.default_rng(4)
    head = planted.Head(5, planted.MASKS[name], rng=rng)
    report = gradcheck(head, rng.normal(size=(2, 4, 5)), rng=rng)
    assert report.passed, str(report)


def test_the_right_head_is_the_library_s() -> None:
    rng = np.random.default_rng(4)
    head = planted.Head(4, planted.MASKS["right"], rng=rng)
    layer = MultiHeadAttention(4, 1, causal=True, dtype=np.float64)
    for name in planted.PARTS:
        layer.params[f"{name}_kernel"][...] = head.params[name][:, np.newaxis]
    layer.params["output_kernel"][...] = np.eye(4)
    x = rng.normal(size=(2, 6, 4))
    np.testing.assert_allclose(head.forward(x), layer.forward(x), atol=1e-12)
    upstream = rng.normal(size=x.shape)
    np.testing.assert_allclose(head.backward(upstream), layer.backward(upstream), atol=1e-12)


def test_each_planted_mask_differs_as_its_name_says() -> None:
    x = np.random.default_rng(1).normal(size=(1, 5, 4))
    seen = {}
    for name, mask in planted.MASKS.items():
        head = planted.Head(4, mask, rng=2)
        head.forward(x)
        seen[name] = head.weights[0]
    future = {name: bool(np.triu(w, 1).any()) for name, w in seen.items()}
    assert [n for n, yes in future.items() if yes] == [
        "forgotten",
        "transposed",
        "one place too far",
    ]
    rows = {name: bool(np.allclose(w.sum(axis=1), 1)) for name, w in seen.items()}
    assert [n for n, yes in rows.items() if not yes] == [
        "one place too short",
        "after the softmax",
        "softmax over the queries",
    ]
