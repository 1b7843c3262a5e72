"""A random forest as plain arrays: trained by scikit-learn, stored without pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.recipes.service.contract import Row
from bmcourse.recipes.service.features import Features

PARTS = ("left", "right", "feature", "threshold", "value")


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees, and the features that they were trained on.

    Attributes
    ----------
    features : Features
    trees : list of dict
        For each tree the arrays ``left``, ``right`` (number of the next node, -1 in a leaf),
        ``feature``, ``threshold`` and ``value``: one entry for each node.
    version : str
        First characters of the SHA-256 of all of it.
    """

    features: Features
    trees: list[dict[str, Array]]

    @classmethod
    def trained(
        cls, rows: Sequence[Row], prices: npt.ArrayLike, *, trees: int = 100, seed: int = 0
    ) -> Forest:
        """Train on the logarithm of the price."""
        from sklearn.ensemble import RandomForestRegressor

        features = Features.learned(rows, prices)
        model = RandomForestRegressor(
            trees, min_samples_leaf=2, max_features=0.4, random_state=seed, n_jobs=1
        )
        model.fit(features.of(rows), np.log(np.asarray(prices, float)))
        return cls(features, [_arrays(tree.tree_) for tree in model.estimators_])

    def logs(self, x: Array) -> Array:
        """Return the mean answer of the trees, shape (n,). Each row is computed by itself.

        Trees are added up in their order, so an answer does not depend on the other rows.
        """
        x = x.astype(np.float32)  # as scikit-learn does it
        total = np.zeros(len(x))
        for tree in self.trees:
            total += _leaf_values(tree, x)
        return total / len(self.trees)

    def prices(self, rows: Sequence[Row]) -> Array:
        """Return a price in US dollars for each house, shape (n,)."""
        return np.exp(self.logs(self.features.of(rows)))

    @property
    def version(self) -> str:
        """Name that follows from the content."""
        total = hashlib.sha256(json.dumps(self.features.as_dict(), sort_keys=True).encode())
        for tree in self.trees:
            for part in PARTS:
                total.update(tree[part].tobytes())
        return total.hexdigest()[:8]

    def save(self, folder: Path) -> Path:
        """Write the forest into `folder`, under its version; return the path."""
        path = folder / f"{self.version}.npz"
        sizes = np.array([len(tree["left"]) for tree in self.trees])
        joined = {part: np.concatenate([tree[part] for tree in self.trees]) for part in PARTS}
        learned = np.frombuffer(json.dumps(self.features.as_dict()).encode(), np.uint8)
        np.savez_compressed(path, allow_pickle=False, sizes=sizes, learned=learned, **joined)
        return path

    @classmethod
    def read(cls, path: Path) -> Forest:
        """Read a forest.

        Raises
        ------
        ValueError
            If the content does not belong to the name of the file.
        """
        with np.load(path, allow_pickle=False) as file:
            learned = json.loads(file["learned"].tobytes())
            cuts = np.cumsum(file["sizes"])[:-1]
            parts = {part: np.split(file[part], cuts) for part in PARTS}
        trees = [{part: parts[part][i] for part in PARTS} for i in range(len(cuts) + 1)]
        forest = cls(Features(**learned), trees)
        if forest.version != path.stem:
            raise ValueError(f"{path.name} must hold version {path.stem}, got {forest.version}")
        return forest


def _arrays(tree: object) -> dict[str, Array]:
    names = ("children_left", "children_right", "feature", "threshold", "value")
    taken = [np.asarray(getattr(tree, name)) for name in names]
    kinds = (np.int32, np.int32, np.int32, np.float64, np.float64)
    return {
        part: array.reshape(len(array)).astype(kind)
        for part, array, kind in zip(PARTS, taken, kinds, strict=True)
    }


def _leaf_values(tree: dict[str, Array], x: Array) -> Array:
    node = np.zeros(len(x), np.intp)
    every = np.arange(len(x))
    while True:
        inside = tree["left"][node] >= 0
        if not inside.any():
            return tree["value"][node]
        goes_left = x[every, tree["feature"][node]] <= tree["threshold"][node]
        following = np.where(goes_left, tree["left"][node], tree["right"][node])
        node = np.where(inside, following, node)
