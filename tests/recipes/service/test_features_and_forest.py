from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

from bmcourse.recipes.service import houses
from bmcourse.recipes.service.features import NAMES, Features
from bmcourse.recipes.service.forest import Forest

SALES = houses.load()
TRAIN, LATER = SALES.between(0, 4), SALES.between(24, 27)


@pytest.fixture(scope="module")
def forest() -> Forest:
    return Forest.trained(TRAIN.rows, TRAIN.prices, trees=12, seed=3)


def test_features_are_what_their_names_say() -> None:
    features = Features.learned(TRAIN.rows, TRAIN.prices)
    row = LATER.rows[0] | {"Lot_Frontage": None, "Neighborhood": "Nowhere", "Year_Sold": 2008}
    found = dict(zip(NAMES, features.of([row])[0], strict=True))
    assert found["Gr_Liv_Area"] == row["Gr_Liv_Area"]
    assert found["age"] == 2008 - row["Year_Built"]
    assert (found["frontage"], found["frontage known"]) == (features.frontage, 0)
    assert found["neighbourhood"] == pytest.approx(np.log(TRAIN.prices).mean())
    assert features.of([]).shape == (0, len(NAMES))
    known = [row["Lot_Frontage"] for row in TRAIN.rows if row["Lot_Frontage"]]
    assert features.frontage == np.median(known)
    place = TRAIN.rows[0]["Neighborhood"]
    there = [r["Neighborhood"] == place for r in TRAIN.rows]
    assert features.places[place] == pytest.approx(np.log(TRAIN.prices[there]).mean())


def test_our_trees_answer_as_those_of_scikit_learn(forest: Forest) -> None:
    theirs = RandomForestRegressor(12, min_samples_leaf=2, max_features=0.4, random_state=3)
    features = forest.features
    theirs.fit(features.of(TRAIN.rows), np.log(TRAIN.prices))
    x = features.of(LATER.rows)
    np.testing.assert_array_equal(forest.logs(x), theirs.predict(x))


def test_an_answer_does_not_depend_on_the_other_rows(forest: Forest) -> None:
    together = forest.prices(LATER.rows)
    alone = [forest.prices([row])[0] for row in LATER.rows]
    np.testing.assert_array_equal(together, alone)


def test_none_and_nan_are_the_same_frontage(forest: Forest) -> None:
    rows = [LATER.rows[0] | {"Lot_Frontage": value} for value in (None, float("nan"))]
    x = forest.features.of(rows)
    np.testing.assert_array_equal(x[0], x[1])
    again = Features.learned([*TRAIN.rows, *rows], [*TRAIN.prices, 1e5, 1e5])
    assert again.frontage == forest.features.frontage


def test_numbers_are_compared_in_single_precision_as_in_training(forest: Forest) -> None:
    stump = {
        "left": np.array([1, -1, -1]),
        "right": np.array([2, -1, -1]),
        "feature": np.array([0, 0, 0]),
        "threshold": np.array([0.1, 0, 0]),
        "value": np.array([0.0, 1.0, 2.0]),
    }
    x = np.full((1, len(NAMES)), 0.1)  # in single precision a little more than 0.1
    assert Forest(forest.features, [stump]).logs(x).tolist() == [2.0]


def test_a_stored_forest_is_the_same_to_the_last_bit(forest: Forest, tmp_path: Path) -> None:
    path = forest.save(tmp_path)
    again = Forest.read(path)
    assert again.version == forest.version == path.stem
    np.testing.assert_array_equal(again.prices(LATER.rows), forest.prices(LATER.rows))


def test_a_file_under_a_wrong_name_is_refused(forest: Forest, tmp_path: Path) -> None:
    path = forest.save(tmp_path)
    with pytest.raises(ValueError, match=f"must hold version 00000000, got {forest.version}"):
        Forest.read(path.rename(tmp_path / "00000000.npz"))


def test_the_version_follows_every_part(forest: Forest) -> None:
    other = Features(forest.features.frontage + 1, forest.features.places, 0.0)
    assert Forest(other, forest.trees).version != forest.version
    assert Forest(forest.features, forest.trees[:-1]).version != forest.version
