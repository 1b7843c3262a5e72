"""Masks by magnitude, against a slow loop; what is cut stays cut."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.compression import pruning

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99, 1.0])
def test_the_smallest_of_all_kernels_go(share: float) -> None:
    params = {"a.kernel": RNG.normal(size=(4, 5)), "a.bias": np.zeros(5)}
    params["b.kernel"] = 3 * RNG.normal(size=(5, 2))
    masks = pruning.magnitude_masks(params, share)
    assert set(masks) == {"a.kernel", "b.kernel"}
    sizes = [(abs(w), n, i) for n in masks for i, w in np.ndenumerate(params[n])]
    gone = {(n, i) for _, n, i in sorted(sizes)[: round(share * 30)]}
    for name, mask in masks.items():
        for i, keep in np.ndenumerate(mask):
            assert keep == ((name, i) not in gone)


def test_of_equal_weights_exactly_the_share_goes() -> None:
    masks = pruning.magnitude_masks({"kernel": np.ones((4, 5))}, 0.5)
    assert masks["kernel"].sum() == 10


def test_schedule() -> None:
    curve = [pruning.share_at(s, first=10, last=20, final=0.8) for s in range(0, 31)]
    assert curve[:11] == [0.0] * 11
    assert curve[20:] == [0.8] * 11
    assert (np.diff(curve) >= 0).all()
    assert curve[15] == pytest.approx(0.8 * (1 - 0.5**3))


def test_training_ends_with_the_share_asked_for() -> None:
    model = pruning.perceptron([6, 20, 2], 0)
    x = RNG.normal(size=(400, 6)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    loss = nn.SparseCategoricalCrossentropy()
    before = loss.forward(model.forward(x), y)
    masks = pruning.train_pruned(
        model,
        x,
        y,
        loss=loss,
        optimizer=nn.Adam(0.01),
        steps=120,
        batch=50,
        rng=np.random.default_rng(0),
        share=lambda step: 0.75,
        every=1000,  # the mask is chosen once at the start, and once at the end
    )
    kept = sum((w != 0).sum() for n, w in model.params.items() if n.endswith("kernel"))
    assert kept == 40
    assert sum(mask.sum() for mask in masks.values()) == 40
    assert loss.forward(model.forward(x), y) < before / 2


def test_bytes() -> None:
    assert pruning.sparse_bytes(266_200, 26_620) == 33_275 + 4 * 26_620
    assert pruning.sparse_bytes(9, 1, 4) == 3
