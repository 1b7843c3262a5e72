from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bmcourse.recipes.experiments import curse, digits, search


def test_random_configurations_lie_in_the_space_and_reach_its_ends() -> None:
    rng = np.random.default_rng(0)
    drawn = [search.draw(rng) for _ in range(4000)]
    for name, (kind, low, high) in search.SPACE.items():
        values = np.array([config[name] for config in drawn])
        assert low <= values.min() < low + 0.02 * (high - low)
        assert high - 0.1 * (high - low) < values.max() <= high
        if "log" in kind:
            assert abs(np.log(values).mean() - (math.log(low) + math.log(high)) / 2) < 0.12
        else:
            assert abs(values.mean() - (low + high) / 2) < 0.02 * high
        assert not kind.startswith("whole") or isinstance(drawn[0][name], int)


def test_a_random_search_keeps_its_seed_and_counts_its_trials() -> None:
    seen: list[int] = []

    def objective(config: dict[str, float], number: int) -> float:
        seen.append(number)
        return config["rate"]

    rows = search.at_random(objective, 5, seed=1)
    assert seen == [0, 1, 2, 3, 4]
    assert [row["value"] for row in rows] == [row["rate"] for row in rows]
    again = search.at_random(objective, 5, seed=1)
    assert [row["rate"] for row in again] == [row["rate"] for row in rows]
    assert search.at_random(objective, 5, seed=2)[0]["rate"] != rows[0]["rate"]


def test_optuna_searches_the_same_space_and_finds_a_hill() -> None:
    pytest.importorskip("optuna")

    def hill(config: dict[str, float], number: int) -> float:
        return -((math.log(config["rate"]) + 2) ** 2) - (config["momentum"] - 0.5) ** 2

    rows = search.by_optuna(hill, 30, seed=0)
    assert len(rows) == 30
    assert all(low <= row[k] <= high for row in rows for k, (_, low, high) in search.SPACE.items())
    assert max(row["value"] for row in rows[10:]) > -0.2
    assert [r["rate"] for r in search.by_optuna(hill, 5, 0)] == [r["rate"] for r in rows[:5]]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install optuna" in search.missing()


@pytest.mark.parametrize(("k", "mean"), [(1, 0), (2, 0.564190), (3, 0.846284), (100, 2.507594)])
def test_means_of_the_maximum_are_the_tables(k: int, mean: float) -> None:
    assert curse.mean_of_maximum(k) == pytest.approx(mean, abs=1e-5)


def test_a_planted_lead_is_found_and_divided() -> None:
    rng = np.random.default_rng(0)
    truth, luck, k = 0.01**2, 0.02**2, 20
    runs = rng.normal(0, 0.01, (20_000, k))
    seen = runs + rng.normal(0, 0.02, runs.shape)
    winner = seen.argmax(axis=1)
    rows = np.arange(len(runs))
    lead = runs[rows, winner].mean()
    lucky = (seen - runs)[rows, winner].mean()
    assert curse.expected(k, luck, truth) == pytest.approx((lead, lucky), rel=0.03)


def test_variances_find_what_was_planted() -> None:
    rng = np.random.default_rng(1)
    hard = rng.uniform(0.6, 1, (1, 4000))  # right answers of equally good runs
    equal = rng.random((200, 4000)) < hard
    luck, truth = curse.variances(equal, 100)
    assert luck == pytest.approx((hard * (1 - hard)).mean() / 100, rel=0.02)
    assert truth < 0.15 * luck * 100 / 4000
    shift = rng.normal(0, 0.02, (200, 1))
    _, found = curse.variances(rng.random((200, 4000)) < hard + shift, 100)
    assert found == pytest.approx(0.02**2, rel=0.25)


def test_the_best_of_one_is_no_choice() -> None:
    scores = np.arange(10) / 10
    means = curse.best_of(1, scores, 2 * scores, np.random.default_rng(0), 2000)
    assert means == pytest.approx((0.45, 0.9), abs=0.03)
    assert curse.best_of(10, scores, 2 * scores, np.random.default_rng(0), 5) == (0.9, 1.8)


def test_folds_hold_out_each_row_once() -> None:
    parts = curse.folds(11, 3, np.random.default_rng(0))
    assert sorted(np.concatenate([held for _, held in parts])) == list(range(11))
    assert all(not set(learn) & set(held) and len(learn) + len(held) == 11 for learn, held in parts)


def peeking(config: int, x: Any, y: Any) -> Any:
    """A model that answers with noise of its own: no configuration is better than another."""
    noise = np.random.default_rng([config, len(x), int(1e6 * abs(x.sum()))])
    return lambda rows: noise.integers(0, 2, len(rows))


def test_nested_scores_are_honest_where_flat_ones_are_not() -> None:
    flat, nested = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
        flat.append(curse.flat(peeking, range(20), x, y, rng)[1])
        nested.append(curse.nested(peeking, range(20), x, y, rng))
    assert np.mean(flat) > 0.58
    assert np.mean(nested) == pytest.approx(0.5, abs=0.04)


def test_the_choice_inside_a_fold_never_sees_what_the_fold_holds_out() -> None:
    sizes = set()

    def fit(config: int, x: Any, y: Any) -> Any:
        sizes.add(len(x))
        return lambda rows: np.zeros(len(rows))

    rng = np.random.default_rng(0)
    curse.nested(fit, range(3), rng.normal(size=(60, 1)), np.zeros(60), rng)
    assert sizes == {48, 36}  # four fifths, and three quarters of these


def test_flat_names_the_winner() -> None:
    def fit(config: float, x: Any, y: Any) -> Any:
        return lambda rows: rows[:, 0] > config

    x = np.linspace(-1, 1, 40)[:, np.newaxis]
    winner, score = curse.flat(fit, [-0.5, 0.0, 0.5], x, x[:, 0] > 0, np.random.default_rng(0))
    assert (winner, score) == (1, 1.0)


def test_a_training_is_equal_to_the_bit_and_its_log_changes_nothing() -> None:
    data, seen = digits.load(0), []
    x, y = data.x[data.learn], data.y[data.learn]
    one = digits.train(digits.PLAIN, 0, x, y, epochs=3)
    two = digits.train(digits.PLAIN, 0, x, y, epochs=3, log=lambda *a, **k: seen.append((a, k)))
    other = digits.train(digits.PLAIN, 0, x, y, epochs=3, order=5)
    for name, w in one.params.items():
        np.testing.assert_array_equal(w, two.params[name])
    assert any((w != other.params[name]).any() for name, w in one.params.items())
    assert len(seen) == 3
    assert digits.right(one, data.x[data.test], data.y[data.test]).mean() > 0.7


def test_the_parts_of_the_digits_are_apart() -> None:
    data = digits.load(3)
    parts = [data.learn, data.validate, data.test]
    assert [len(part) for part in parts] == [300, 200, 1297]
    assert len(set(np.concatenate(parts))) == 1797
    assert (digits.load(4).learn != data.learn).any()


def test_a_network_that_overflows_is_as_good_as_a_guess() -> None:
    data = digits.load(0)
    config = {**digits.PLAIN, "rate": 3.0, "momentum": 0.99, "units": 64, "batch": 4}
    model = digits.train(config, 0, data.x[data.learn], data.y[data.learn])
    assert digits.right(model, data.x, data.y).mean() < 0.2
