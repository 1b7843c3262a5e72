"""The one step of all fine-tuning: gradients by central differences, masks, ties, draws."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.language import tuning
from bmcourse.recipes.language.numpy_gpt import numpy_gpt
from bmcourse.recipes.language.tuning import Batch


def arrays(rng, vocabulary=11, context=12, features=8, blocks=2, heads=2):
    shapes = {
        "token_embedding/embeddings": (vocabulary, features),
        "position_embedding/position_embeddings": (context, features),
    }
    each = (heads, features // heads)
    for number in range(blocks):
        start = f"block_{number}_"
        for name in ("query", "key", "value"):
            shapes[f"{start}attention/{name}/kernel"] = (features, *each)
            shapes[f"{start}attention/{name}/bias"] = each
        shapes[f"{start}attention/attention_output/kernel"] = (*each, features)
        shapes[f"{start}attention/attention_output/bias"] = (features,)
        for name in ("attention_norm", "hidden_norm"):
            shapes |= {f"{start}{name}/{key}": (features,) for key in ("gamma", "beta")}
        shapes |= {f"{start}hidden/kernel": (features, 4 * features)}
        shapes |= {f"{start}hidden/bias": (4 * features,)}
        shapes |= {f"{start}output/kernel": (4 * features, features)}
        shapes |= {f"{start}output/bias": (features,)}
    shapes |= {f"last_norm/{key}": (features,) for key in ("gamma", "beta")}
    return {name: rng.normal(size=shape) * 0.4 for name, shape in shapes.items()}


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def model(rng):
    return numpy_gpt(arrays(rng), heads=2)


TEXTS = tuning.batch([[1, 2, 3], [4], [5, 6]], [[7, 8], [9, 10, 1], [2]])


def slow_sums(model, texts):
    sums = []
    for ids, counted in zip(texts.ids, texts.counted, strict=True):
        total = 0.0
        for place in np.flatnonzero(counted):
            logits = model.forward(ids[np.newaxis, :place])[0, -1].astype(float)
            total += logits[ids[place]] - np.log(np.exp(logits).sum())
        sums.append(total)
    return sums


class Still(nn.SGD):
    """An optimizer that keeps the gradients and moves nothing."""

    def step(self, pairs, owners=None):
        self.pairs = [(parameter, gradient.copy()) for parameter, gradient in pairs]


@pytest.mark.parametrize("rank", [None, 2])
def test_the_step_has_the_gradient_of_the_weighted_sum(model, rank, rng):
    low = nn.LowRank(tuning.kernels(model), rank, rng=rng) if rank else None
    if low:
        for values in low.params.values():
            values[...] = rng.normal(size=values.shape) * 0.2
        low.write()
    tuner = tuning.Tuner(model, Still(0.1), low)
    weights = np.array([1.0, -2.0, 0.5])
    sums = tuner.step(TEXTS, lambda sums: weights)
    np.testing.assert_allclose(sums, slow_sums(model, TEXTS), atol=1e-4)
    for parameter, gradient in tuner.optimizer.pairs[::3]:
        direction = rng.normal(size=parameter.shape)
        heights = []
        for sign in (1, -1):
            kept = parameter.copy()
            parameter += sign * 1e-2 * direction / np.linalg.norm(direction)
            if low:
                low.write()
            heights.append(-weights @ tuning.log_likelihoods(model, TEXTS))
            parameter[...] = kept
        slope = (heights[0] - heights[1]) / 2e-2
        expected = (gradient * direction).sum() / np.linalg.norm(direction)
        assert slope == pytest.approx(expected, rel=2e-2, abs=2e-3)


def test_log_likelihoods_do_not_depend_on_the_batch(model):
    slow = slow_sums(model, TEXTS)
    for size in (1, 2, 3):
        np.testing.assert_allclose(tuning.log_likelihoods(model, TEXTS, size), slow, atol=1e-4)


def test_one_table_serves_both_ends(model):
    tuner = tuning.Tuner(model, nn.SGD(0.5))
    before = tuning.log_likelihoods(model, TEXTS)
    for _ in range(3):
        tuner.step(TEXTS, tuning.imitate(TEXTS))
    table, last = model.layers[0].params["embeddings"], model.layers[-1].params
    np.testing.assert_array_equal(last["kernel"], table.T)
    assert not last["bias"].any()
    assert tuning.log_likelihoods(model, TEXTS).sum() > before.sum()


def test_low_rank_changes_kernels_alone(model):
    before = {name: values.copy() for name, values in model.params.items()}
    chosen = tuning.kernels(model)
    assert len(chosen) == 2 * 6
    tuner = tuning.Tuner(model, nn.Adam(0.1), nn.LowRank(chosen, 1, rng=0))
    tuner.step(TEXTS, tuning.imitate(TEXTS))
    changed = {name for name, values in model.params.items() if (values != before[name]).any()}
    assert changed == set(chosen)
    assert tuner.low_rank is not None
    tuner.low_rank.take_out()
    assert all((values == before[name]).all() for name, values in model.params.items())


def test_everywhere_counts_all_but_what_fills_up():
    everything = tuning.everywhere(TEXTS)
    assert everything.counted.sum(axis=1).tolist() == [5, 4, 3]
    assert everything.counted[1].tolist() == [True] * 4 + [False]


def test_some_rows_lose_unused_columns():
    part = TEXTS[np.array([2])]
    assert part.ids.tolist() == [[5, 6, 2]]
    assert len(TEXTS) == 3


def test_all_right_asks_for_every_place(model):
    right = tuning.all_right(model, TEXTS)
    for text, said in zip(range(3), right, strict=True):
        ids, counted = TEXTS.ids[text], TEXTS.counted[text]
        guesses = [
            model.forward(ids[np.newaxis, :place])[0, -1].argmax()
            for place in np.flatnonzero(counted)
        ]
        assert said == (guesses == ids[counted]).all()
    place = np.array([3])
    ids = TEXTS.ids[:1].copy()
    ids[0, 3] = model.forward(ids[:, :3])[0, -1].argmax()
    assert tuning.all_right(model, Batch(ids, np.arange(5)[np.newaxis] == place)).tolist() == [True]


def test_drawn_answers_follow_the_model(model):
    questions = [[1, 2, 3], [4]] * 1500
    texts = tuning.draw_answers(model, questions, 2, np.random.default_rng(0))
    assert texts.counted.sum(axis=1).tolist() == [2] * 3000
    for row, question in ((0, [1, 2, 3]), (1, [4])):
        logits = model.forward(np.array([question]))[0, -1]
        expected = np.exp(logits - logits.max())
        expected /= expected.sum()
        drawn = np.bincount(texts.ids[row::2][:, len(question)], minlength=11) / 1500
        np.testing.assert_allclose(drawn, expected, atol=0.05)


def test_a_stop_ends_an_answer(model):
    rng = np.random.default_rng(0)
    texts = tuning.draw_answers(model, [[1, 2], [4]] * 100, 4, rng, stop=3)
    for ids, counted in zip(texts.ids, texts.counted, strict=True):
        said = ids[counted]
        assert len(said) == 4 or said[-1] == 3
        assert 3 not in said[:-1]
        assert not ids[np.flatnonzero(counted)[-1] + 1 :].any()


def test_preferences_start_at_ln_2_and_push_apart():
    reference = np.array([-3.0, -5.0, -4.0, -2.0])
    assert np.log1p(np.exp(-tuning.margins(reference, reference, 0.3))) == pytest.approx(np.log(2))
    sums = reference + np.array([1.0, 0.0, -2.0, 0.5])
    weights = tuning.prefer(reference, 0.3)(sums)

    def loss(sums):
        return np.log1p(np.exp(-tuning.margins(sums, reference, 0.3))).mean()

    for place in range(4):
        moved = np.eye(4)[place] * 1e-6
        slope = (loss(sums + moved) - loss(sums - moved)) / 2e-6
        assert weights[place] == pytest.approx(-slope, rel=1e-5)


def test_rewards_are_compared_with_the_others():
    weights = tuning.reinforce([1.0, 2.0, 6.0])(np.zeros(3))
    np.testing.assert_allclose(weights * 3, [1 - 4, 2 - 3.5, 6 - 1.5])
    sums, before = np.array([-1.0, -2.0, -3.0]), np.array([-2.0, -2.0, -2.0])
    weights = tuning.reinforce([1.0, 1.0, 1.0], before, 0.5)(sums)
    np.testing.assert_allclose(weights, tuning.reinforce([0.5, 1.0, 1.5])(sums))
