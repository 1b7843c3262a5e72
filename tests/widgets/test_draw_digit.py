"""The drawing widget: what it packs, and that its JavaScript computes what NumPy computes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from bmcourse.widgets import draw_digit
from bmcourse.widgets.packing import pack_dense, pack_images, unpack_dense


@pytest.fixture
def layers() -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    return [
        (rng.normal(0, 0.05, (784, 32)), rng.normal(0, 0.1, 32)),
        (rng.normal(0, 0.3, (32, 10)), rng.normal(0, 0.1, 10)),
    ]


def test_packing_is_off_by_half_a_step_at_most(layers: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for kernel, bias in layers:
        packed = pack_dense(kernel, bias)
        unpacked, offsets = unpack_dense(json.loads(json.dumps(packed)))
        assert np.abs(unpacked - kernel).max() <= packed["scale"] / 2 + 1e-12
        np.testing.assert_allclose(offsets, bias, atol=1e-5)


def test_packing_refuses() -> None:
    with pytest.raises(ValueError, match=r"bias must be an array of shape \(2\)"):
        pack_dense(np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match="images must be an array with 3 dimensions"):
        pack_images(np.zeros((28, 28), dtype=np.uint8))
    assert unpack_dense(pack_dense(np.zeros((2, 2)), np.zeros(2)))[0].max() == 0


def test_the_widget_carries_its_network(layers: list[tuple[np.ndarray, np.ndarray]]) -> None:
    widget = draw_digit.DrawDigit(layers, np.zeros((2, 28, 28), dtype=np.uint8))
    assert [layer["units"] for layer in widget.layers] == [32, 10]
    assert len(widget.examples) == 2
    assert repr(widget) == "DrawDigit(2 layers)"


def softmax(z: np.ndarray) -> np.ndarray:
    raised = np.exp(z - z.max())
    return raised / raised.sum()


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js to run the JavaScript")
def test_the_javascript_computes_the_same(
    layers: list[tuple[np.ndarray, np.ndarray]], tmp_path: Path
) -> None:
    source = Path(draw_digit.__file__).with_name("view.js").read_text(encoding="utf-8")
    rng = np.random.default_rng(1)
    pixels = rng.random(784) * (rng.random(784) < 0.2)
    packed = [pack_dense(*layer) for layer in layers]
    script = tmp_path / "run.mjs"
    script.write_text(
        source.replace("export default { render };", "")
        + f"\nconst layers = {json.dumps(packed)}.map(unpack);"
        + f"\nconst chances = predict(layers, {json.dumps(list(pixels))});"
        + "\nconsole.log(JSON.stringify(Array.from(chances)));",
        encoding="utf-8",
    )
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
    (k1, b1), (k2, b2) = (unpack_dense(layer) for layer in packed)
    expected = softmax(np.maximum(pixels @ k1 + b1, 0) @ k2 + b2)
    np.testing.assert_allclose(json.loads(done.stdout), expected, atol=1e-9)
