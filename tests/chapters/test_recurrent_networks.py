"""Wrong answers, quick questions, planted bugs and the tools of chapter 18."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.chapters.recurrent_networks import exercises, memory, novels, planted, questions
from bmcourse.chapters.recurrent_networks.truncated import TruncatedLSTM
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def by_differences(x: Array, w: float, u: float, b: float) -> dict[str, float]:
    def end(w: float, u: float, b: float) -> float:
        h = 0.0
        for number in x:
            h = np.tanh(w * number + u * h + b)
        return float(h)

    e = 1e-5
    return {
        "dw": (end(w + e, u, b) - end(w - e, u, b)) / (2 * e),
        "du": (end(w, u + e, b) - end(w, u - e, b)) / (2 * e),
        "db": (end(w, u, b + e) - end(w, u, b - e)) / (2 * e),
    }


def by_concatenation(gradients: list[Array], limit: float) -> list[Array]:
    length = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    return [g / max(1.0, length / limit) for g in gradients]


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.through_time, by_differences),
        (exercises.clipped, by_concatenation),
        (
            exercises.last_states,
            lambda H, n: np.stack([h[k - 1] for h, k in zip(H, n, strict=True)]),
        ),
        (exercises.forget_bias, lambda n, s: -np.log(s ** (-1 / n) - 1)),
        (
            exercises.cell_backward,
            lambda dc, i, f, g, c: {"dg": i * dc, "di": g * dc, "dbefore": f * dc, "df": c * dc},
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.through_time,
            lambda x, w, u, b: exercises._walk(x, w, u, b, steps=1),
            "last step alone",
        ),
        (
            exercises.through_time,
            lambda x, w, u, b: exercises._walk(x, w, u, b, slope=False),
            "slope of tanh",
        ),
        (
            exercises.through_time,
            lambda x, w, u, b: exercises._walk(x, w, u, b, back="w"),
            "the factor is u",
        ),
        (
            exercises.cell_backward,
            lambda dc, i, f, g, c: {"di": dc * g, "df": dc * c, "dg": dc * i, "dbefore": dc},
            "forget gate stands",
        ),
        (
            exercises.cell_backward,
            lambda dc, i, f, g, c: {"di": dc * i, "df": dc * c, "dg": dc * g, "dbefore": dc * f},
            "gets the other one",
        ),
        (
            exercises.clipped,
            lambda gs, limit: [g * min(1, limit / np.linalg.norm(g)) for g in gs],
            "by itself",
        ),
        (
            exercises.clipped,
            lambda gs, limit: [np.maximum(np.minimum(g, limit), -limit) for g in gs],
            "each number",
        ),
        (exercises.last_states, lambda H, n: H[:, -1, :], "read the padding"),
        (exercises.last_states, lambda H, n: H[:, n - 1], "Pair the sequences"),
        (exercises.forget_bias, lambda n, s: np.log(s / (1 - s)), "take the root"),
        (exercises.forget_bias, lambda n, s: s ** (1 / n), "That is the gate"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        8 * 0.5**3,
        "A window of more than 50 steps.",
        "It starts the second time from the state that the first one left.",
    ]


def test_truncated_gradients_treat_the_state_before_as_given() -> None:
    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 4))
    layer = TruncatedLSTM(3, 4, window=6, rng=1, dtype=np.float64)
    whole = nn.LSTM(3, 4, rng=1, dtype=np.float64)
    np.testing.assert_allclose(layer.forward(x), whole.forward(x))
    np.testing.assert_allclose(layer.backward(upstream), whole.backward(upstream))
    layer.window = 1  # by hand: the last step, from given states
    layer.forward(x)
    layer.backward(upstream)
    before, dz = layer.states[-2], _last_step(layer, upstream)
    np.testing.assert_allclose(layer.grads["recurrent_kernel"], before.T @ dz, atol=1e-12)
    np.testing.assert_allclose(layer.grads["bias"], dz.sum(axis=0), atol=1e-12)


def _last_step(layer: nn.LSTM, dh: Array) -> Array:
    i, f, g, o = np.split(layer.opened[-1], 4, axis=-1)
    squashed = np.tanh(layer.cells[-1])
    dc = dh * o * (1 - squashed**2)
    parts = [
        dc * g * i * (1 - i),
        dc * layer.cells[-2] * f * (1 - f),
        dc * i * (1 - g**2),
        dh * squashed * o * (1 - o),
    ]
    return np.concatenate(parts, axis=-1)


def test_a_marked_number_is_the_answer() -> None:
    x, y = memory.draw(50, 12, np.random.default_rng(0))
    assert (x[..., 1].sum(axis=1) == 1).all()
    assert x[:, memory.EARLY :, 1].max() == 0
    np.testing.assert_array_equal((x[..., 0] * x[..., 1]).sum(axis=1), y[:, 0])


def test_the_forget_bias_is_set_and_training_lowers_the_loss() -> None:
    model = memory.network("LSTM", 0, 4.0)
    bias = model.layers[0].params["bias"].reshape(4, -1)
    np.testing.assert_array_equal(bias, [[0.0] * 32, [4.0] * 32, [0.0] * 32, [0.0] * 32])
    losses = memory.train(model, 10, 200, 0, rate=0.01)
    assert np.mean(losses[-20:]) < 0.5 * np.mean(losses[:20])
    assert memory.forgotten(model, 10, 1) < 0.8


def test_bits_of_a_network_that_knows_nothing() -> None:
    model = novels.network(8, 0)
    model.layers[-1].params["kernel"][...] = 0
    text = np.random.default_rng(0).integers(0, 8, (3, 11))
    bits = novels.bits_of(model, text, skip=4)
    np.testing.assert_allclose(bits, np.full((3, 6), 3.0), atol=1e-6)


def test_windows_of_a_text() -> None:
    np.testing.assert_array_equal(novels.windows(np.arange(9), 2, [0, 5]), [[0, 1, 2], [5, 6, 7]])


def test_the_parts_of_the_novels_do_not_overlap() -> None:
    data = novels.characters()
    assert len(data.alphabet) == 81
    share = np.array([len(data.train), len(data.validation), len(data.test)])
    np.testing.assert_allclose(share / share.sum(), [0.88, 0.02, 0.10], atol=1e-4)


def signs(bug: str) -> list[bool]:
    """Which of five tests a reader fails, as the chapter applies them."""
    rng = np.random.default_rng(3)
    layer = nn.LSTM(3, 4, rng=rng, dtype=np.float64)
    layer.params["bias"][...] = rng.normal(size=16)
    x, lengths = rng.normal(size=(2, 6, 3)), np.array([6, 4])
    x[1, 4:] = 0
    read = planted.reader(layer, bug)
    first = read(x, lengths)
    fresh = planted.reader
    other = x.copy()
    other[0] += 1
    late = x.copy()
    late[0, -1] += 1
    return [
        not np.allclose(first, read(x, lengths)),
        not np.allclose(fresh(layer, bug)(x[1:, :4], lengths[1:])[:, -1], first[1:, -1]),
        not np.allclose(fresh(layer, bug)(other, lengths)[1], first[1]),
        not np.allclose(fresh(layer, bug)(late, lengths)[0, :-1], first[0, :-1]),
        not np.allclose(first[0], layer_states(layer, x[:1])),
    ]


def layer_states(layer: nn.LSTM, x: Array) -> Array:
    layer.return_sequences = True
    return layer.forward(x)[0]


def test_each_planted_bug_fails_its_own_tests() -> None:
    assert {bug: signs(bug) for bug in planted.BUGS} == {
        "right": [False, False, False, False, False],
        "padding read": [False, True, False, False, False],
        "state kept": [True, False, False, False, False],
        "axes swapped": [False, True, True, False, True],
        "future read": [False, True, False, True, True],
        "gates mixed up": [False, False, False, False, True],
    }


def test_gates_reordered_and_back() -> None:
    columns = np.random.default_rng(0).normal(size=(3, 8))
    moved = planted.reordered(columns, "ifgo", "iofg")
    np.testing.assert_array_equal(planted.reordered(moved, "iofg", "ifgo"), columns)
    assert not np.allclose(moved, columns)
