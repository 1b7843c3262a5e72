"""Wrong answers, quick questions, ablated blocks and planted bugs of the transformer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.transformer import exercises, planted, questions
from bmcourse.chapters.transformer.ablated import PARTS, AblatedBlock, language_model
from bmcourse.chapters.transformer.corpus import Corpus, corpus
from bmcourse.exercises import Exercise
from bmcourse.nn import LayerNormalization, TransformerBlock, gradcheck
from bmcourse.text import NGramModel

from .answers import message, right_answers

Array = Any


def by_jacobian(x_hat: Array, s: Array, d_hat: Array) -> Array:
    n = x_hat.shape[1]
    rows = [
        (np.eye(n) - np.outer(row, row) / n) @ d / deviation
        for row, deviation, d in zip(x_hat, s, d_hat, strict=True)
    ]
    return np.array(rows)


def in_two_steps(x_hat: Array, s: Array, gamma: Array, dY: Array) -> dict[str, Array]:
    dc = by_jacobian(x_hat, s, dY * gamma)
    return {
        "dX": dc - dc.mean(1, keepdims=True),
        "dgamma": np.einsum("pf,pf->f", dY, x_hat),
        "dbeta": np.ones(len(dY)) @ dY,
    }


def by_every_place(layer: Any) -> bool:
    x = np.random.default_rng(1).normal(size=(1, 6, 3))
    before, seen = layer(x), False
    for place in range(6):
        other = x.copy()
        other[0, place] -= 2.5
        seen |= not np.allclose(layer(other)[:, :place], before[:, :place])
    return seen


def added_up(vocabulary: int, length: int, features: int, blocks: int) -> int:
    norm, attention = 2 * features, 4 * (features**2 + features)
    network = features * 4 * features + 4 * features + 4 * features * features + features
    return (
        vocabulary * features + length * features + blocks * (2 * norm + attention + network) + norm
    )


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.spread_backward, by_jacobian),
        (exercises.layer_norm_backward, in_two_steps),
        (exercises.sees_the_future, by_every_place),
        (exercises.parameters, added_up),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.spread_backward, lambda x_hat, s, d: d / s, "direct path alone"),
        (
            exercises.spread_backward,
            lambda x_hat, s, d: (d - x_hat * (d * x_hat).mean(0)) / s,
            "down the columns",
        ),
        (
            exercises.layer_norm_backward,
            lambda x_hat, s, gamma, dY: in_two_steps(x_hat, s, 1 + 0 * gamma, dY),
            "gamma is missing",
        ),
        (
            exercises.layer_norm_backward,
            lambda x_hat, s, gamma, dY: in_two_steps(x_hat, s, gamma, dY)["dX"],
            "Return a dictionary",
        ),
        (
            exercises.sees_the_future,
            lambda layer: bool(
                (layer(np.ones((1, 6, 3))) != layer(np.arange(18.0).reshape(1, 6, 3))).any()
            ),
            "compare all places",
        ),
        (exercises.parameters, lambda v, n, d, b: added_up(v, n, d, b) + v * d, "twice"),
        (exercises.parameters, lambda v, n, d, b: added_up(v, 0, d, b), "table of places"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    norm = LayerNormalization(4, epsilon=1e-12, dtype=np.float64)
    row = np.array([[0.0, 6, 6, 8]])
    assert right_answers(questions) == [
        pytest.approx(np.abs(norm.forward(3 * row + 5) - norm.forward(row)).max(), abs=1e-9),
        "It hands its input on unchanged.",
        "Mean and deviation of all places tell each place something about the later ones.",
    ]


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("part", ["none", *PARTS])
def test_an_ablated_block_has_right_gradients(part: str, norm_first: bool) -> None:
    rng = np.random.default_rng(4)
    without = {part} - {"none"}
    block = AblatedBlock(6, 2, 24, norm_first, without=without, rng=rng, dtype=np.float64)
    report = gradcheck(block, rng.normal(size=(2, 4, 6)), rng=rng)
    assert report.passed, str(report)


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_block_without_nothing_is_the_library_s(norm_first: bool) -> None:
    ours = AblatedBlock(6, 2, 24, norm_first, rng=1, dtype=np.float64)
    library = TransformerBlock(6, 2, 24, True, norm_first, rng=1, dtype=np.float64)
    x, upstream = np.random.default_rng(2).normal(size=(2, 3, 5, 6))
    np.testing.assert_array_equal(ours.forward(x), library.forward(x))
    np.testing.assert_array_equal(ours.backward(upstream), library.backward(upstream))


def test_each_part_is_gone() -> None:
    x = np.random.default_rng(2).normal(size=(1, 5, 6))
    whole = AblatedBlock(6, 2, 24, rng=1, dtype=np.float64)
    counts = {
        part: AblatedBlock(6, 2, 24, without={part}, rng=1).count_params() - whole.count_params()
        for part in PARTS
    }
    attention, network, norm = 4 * (36 + 6), 6 * 24 * 2 + 24 + 6, 12
    assert counts["attention"] == -attention - norm
    assert counts["network"] == -network - norm
    assert counts["norm"] == -2 * norm
    assert [part for part, less in counts.items() if less == 0] == [
        "skip", "positions", "causal", "bend", "gelu", "scale",
    ]  # fmt: skip
    for part in set(PARTS) - {"positions", "scale"}:
        block = AblatedBlock(6, 2, 24, without={part}, rng=1, dtype=np.float64)
        assert np.abs(block.forward(x) - whole.forward(x)).max() > 1e-3, part


def test_the_language_model_has_its_tables() -> None:
    whole, small = (
        language_model(10, 8, 16, 2, 1, without=without, rng=1) for without in (set(), {"scale"})
    )
    for layer, other in zip(whole.layers[:2], small.layers[:2], strict=True):
        for name in layer.params:
            np.testing.assert_allclose(layer.params[name], 4 * other.params[name], rtol=1e-6)
    kinds = [type(layer).__name__ for layer in language_model(10, 8, 4, 2, 2).layers]
    assert kinds[:2] == ["Embedding", "PositionalEmbedding"]
    assert kinds[-2:] == ["LayerNormalization", "Dense"]
    after = language_model(10, 8, 4, 2, 2, norm_first=False, without={"positions"}).layers
    assert [type(layer).__name__ for layer in after[::3]] == ["Embedding", "Dense"]


@pytest.fixture(scope="module")
def data() -> Corpus:
    return corpus(300, learned_from=20_000)


def test_no_text_is_in_two_parts(data: Corpus) -> None:
    assert data.test.startswith("Persuasion")
    assert "Anne Elliot" in data.test
    assert "Anne Elliot" not in data.training + data.validation
    assert 0.04 < len(data.validation) / len(data.training) < 0.06


@pytest.mark.parametrize("part", ["validation", "test"])
def test_passages_and_their_spans_are_the_same_text(data: Corpus, part: str) -> None:
    passages = data.passages(part, 5, 3, 16)
    spans = data.spans(part, 5, 3, 16)
    text = getattr(data, part)
    for passage, (start, end) in zip(passages, spans, strict=True):
        np.testing.assert_array_equal(passage[1:, 0], passage[:-1, -1])
        assert data.tokenizer.decode(passage[:, 1:].ravel()) == text[start:end]


def test_bits_of_a_model_that_knows_nothing(data: Corpus) -> None:
    class Even:
        def forward(self, x: Array) -> Array:
            return np.zeros((*x.shape, 300))

    passages, spans = data.passages("test", 5, 3, 16), data.spans("test", 5, 3, 16)
    expected = 3 * 16 * np.log2(300) / (spans[:, 1] - spans[:, 0])
    np.testing.assert_allclose(data.bits(Even(), passages), expected)


def test_bits_agree_with_a_bigram_model(data: Corpus) -> None:
    bigram = NGramModel(2, 300).fit(data.ids["training"][:20_000])
    rows = np.log(np.array([bigram.next([i]) for i in range(300)]) + 1e-300)

    class Bigram:
        def forward(self, x: Array) -> Array:
            return rows[x]

    passages = data.passages("test", 2, 3, 16)
    spans = data.spans("test", 2, 3, 16)
    for passage, span, bits in zip(passages, spans, data.bits(Bigram(), passages), strict=True):
        ids = np.append(passage[0, 0], passage[:, 1:])
        shares = bigram.probabilities(ids)[1:]
        assert bits == pytest.approx(-np.log2(shares).sum() / (span[1] - span[0]))


def test_batches_are_the_text_and_the_next_piece(data: Corpus) -> None:
    x, y = data.batch(np.random.default_rng(0), 4, 10)
    np.testing.assert_array_equal(x[:, 1:], y[:, :-1])
    text = data.tokenizer.decode([*x[0], y[0, -1]])
    assert text.strip("�") in data.training


def test_too_many_passages_are_refused(data: Corpus) -> None:
    with pytest.raises(ValueError, match="count must be at most"):
        data.passages("validation", 10_000, 8, 64)


@pytest.mark.parametrize("bug", planted.BUGS)
def test_a_planted_gradient_is_wrong_only_where_its_name_says(bug: str) -> None:
    rng = np.random.default_rng(0)
    network = planted.model(bug, 12, 6, 8, rng=3)
    reports = [
        gradcheck(layer, rng.normal(size=(2, 6, 8)), rng=rng) for layer in network.layers[1:3]
    ]
    right = all(report.passed for report in reports)
    assert right == (bug not in ("no skip on the way back", "slope of the other GELU"))


@pytest.mark.parametrize("bug", planted.BUGS)
def test_a_planted_model_differs_as_its_name_says(bug: str) -> None:
    ids = np.random.default_rng(0).integers(0, 12, (2, 6))
    right, network = (planted.model(name, 12, 6, 8, rng=3) for name in ("none", bug))
    for name, values in right.params.items():
        np.testing.assert_array_equal(
            values, [*network.params.values()][[*right.params].index(name)]
        )
    differs = np.abs(right.forward(ids) - network.forward(ids)).max() > 1e-6
    assert differs == (bug not in ("none", "no skip on the way back", "slope of the other GELU"))
    changed = ids.copy()
    changed[:, -1] = (changed[:, -1] + 1) % 12
    moved = np.abs(network.forward(changed) - network.forward(ids))[:, :-1].max() > 1e-9
    assert moved == (bug in ("norm over the places", "no mask"))
