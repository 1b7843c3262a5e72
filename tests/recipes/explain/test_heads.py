"""Scores and switching off of heads, on small networks whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.explain import heads


def small() -> nn.Sequential:
    blocks = [nn.TransformerBlock(4, 2, 8, causal=True, rng=seed) for seed in (1, 2)]
    return nn.Sequential([nn.Embedding(5, 4, rng=0), *blocks])


def test_a_head_that_looks_everywhere_alike() -> None:
    model = small()
    for layer in heads.attentions(model):
        layer.params["query_kernel"][...] = 0
    found = heads.induction_scores(model, np.arange(4)[np.newaxis])
    np.testing.assert_allclose(found, np.full((2, 2), np.mean([1 / 5, 1 / 6, 1 / 7, 1 / 8])))


def test_the_place_after_the_same_piece() -> None:
    model = small()
    ids = np.array([[0, 1, 2]])
    found = heads.induction_scores(model, ids)
    model.forward(np.concatenate([ids, ids], axis=1))
    weights = heads.attentions(model)[1].weights[0, 0]
    expected = (weights[3, 1] + weights[4, 2] + weights[5, 3]) / 3
    assert found[1, 0] == pytest.approx(expected)


def test_looks_back() -> None:
    model, ids = small(), np.array([[0, 3, 1], [2, 2, 4]])
    found = heads.looks_back(model, ids)
    model.forward(ids)
    weights = heads.attentions(model)[1].weights[:, 0]
    assert found[1, 0] == pytest.approx(np.mean([weights[:, 1, 0], weights[:, 2, 1]]))


def test_switching_off_takes_away_what_the_head_adds() -> None:
    model, ids = small(), np.array([[0, 3, 1]])
    layer = heads.attentions(model)[0]
    before = model.forward(ids)
    x, whole = layer.x.copy(), layer.forward(layer.x.copy())
    mixed = layer.weights[0, 1] @ layer.value[0, 1]  # (steps, key_dim)
    with heads.switched_off(model, 0, 1):
        without = layer.forward(x)
        assert not np.allclose(model.forward(ids), before)
    np.testing.assert_allclose(
        whole - without, [mixed @ layer.params["output_kernel"][1]], atol=1e-6
    )
    np.testing.assert_array_equal(model.forward(ids), before)


def test_put_back_after_an_error() -> None:
    model, ids = small(), np.array([[0, 3, 1]])
    before = model.forward(ids)
    with pytest.raises(RuntimeError), heads.switched_off(model, 1, 0):
        raise RuntimeError
    np.testing.assert_array_equal(model.forward(ids), before)


@pytest.mark.parametrize(("block", "head"), [(2, 0), (0, 2), (-1, 0)])
def test_refusals(block: int, head: int) -> None:
    with pytest.raises(ValueError, match=r"block|head"), heads.switched_off(small(), block, head):
        pass


def test_a_blind_head_shares_its_weight_among_the_other_places() -> None:
    model, ids = small(), np.array([[0, 3, 1, 2], [2, 2, 4, 1]])
    before = model.forward(ids)
    first = heads.attentions(model)[0]
    seen = first.weights.copy()  # (batch, heads, queries, keys)
    with heads.blind(model, 0, 1, back=2):
        assert not np.allclose(model.forward(ids), before)
        found = first.weights.copy()
    np.testing.assert_array_equal(found[:, 0], seen[:, 0])  # the other head
    expected = seen[:, 1].copy()
    for query in (2, 3):
        expected[:, query, query - 2] = 0
    expected /= expected.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(found[:, 1], expected, atol=1e-6)
    np.testing.assert_array_equal(model.forward(ids), before)


@pytest.mark.parametrize(("block", "head", "back"), [(2, 0, 1), (0, 2, 1), (0, 0, 0)])
def test_blind_refuses_what_is_not_there(block: int, head: int, back: int) -> None:
    with (
        pytest.raises(ValueError, match=r"block|head|back"),
        heads.blind(small(), block, head, back),
    ):
        pass
