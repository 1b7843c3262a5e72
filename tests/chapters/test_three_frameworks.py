"""Wrong answers and quick questions on three frameworks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.three_frameworks import exercises, questions
from bmcourse.chapters.three_frameworks.counting import Tied, count, of_folder, of_notebook
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def adam(
    power: int = 2,
    forgotten: Callable[..., float] = lambda beta, t: beta**t,
    mean_of: Callable[..., Any] = lambda m, correction: m / correction,
    kept: bool = True,
    swapped: bool = False,
) -> Any:
    def attempt(w: float, gradients: Array, rate: float, b1: float, b2: float, eps: float) -> float:
        m = v = 0.0
        b1, b2 = (b2, b1) if swapped else (b1, b2)
        for t, g in enumerate(gradients, start=1):
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**power
            first = mean_of(m, 1 - forgotten(b1, t))
            second = v / (1 - forgotten(b2, t))
            w -= rate * first / (np.sqrt(second) + eps)
            if not kept:
                m, v = first, second
        return w

    return attempt


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.lowest_rate, lambda n: 1 - np.exp(np.log(0.05) / n), "highest rate of errors"),
        (exercises.lowest_rate, lambda n: np.sqrt(0.05), "for two answers"),
        (exercises.to_pytorch, np.transpose, "Transpose each array"),
        (
            exercises.to_pytorch,
            lambda w: [x.T for i in range(0, len(w), 2) for x in (w[i + 1], w[i])],
            "before",
        ),
        (exercises.to_pytorch, lambda w: [k.T for k in w[::2]] + w[1::2], "follows its kernel"),
        (
            exercises.to_pytorch,
            lambda w: [x.T if x.ndim == 2 else x.reshape(1, -1) for x in w],
            "one axis",
        ),
        (
            exercises.to_pytorch,
            lambda w: [(w[i].T, w[i + 1]) for i in range(0, len(w), 2)],
            "without pairs",
        ),
        (exercises.to_pytorch, lambda w: [w[0].T, w[1], w[2].T, w[3]], "use a loop"),
        (exercises.to_pytorch, lambda w: [w[0].T, *w[1:]], "not of the first one only"),
        (exercises.without_zero_grad, lambda g, r: abs(r * np.cumsum(g).sum()), "Keep the sign"),
        (exercises.without_zero_grad, lambda g, r: abs(r * np.cumsum(g)).sum(), "keep their signs"),
        (
            exercises.without_zero_grad,
            lambda g, r: -r * sum((k + 1) * x for k, x in enumerate(g)),
            "in one only",
        ),
        (exercises.without_zero_grad, lambda g, r: -r * np.cumsum(g).mean(), "mean step"),
        (exercises.without_zero_grad, lambda g, r: -r * g[-1], "Add up all steps"),
        (exercises.without_zero_grad, lambda g, r: np.cumsum(g).sum(), "learning rate is missing"),
        (exercises.epsilon_for_pytorch, lambda e, b, t: e / np.sqrt(b**t), "not beta_2**t"),
        (exercises.epsilon_for_pytorch, lambda e, b, t: e / (1 - np.sqrt(b**t)), "covers all"),
        (
            exercises.epsilon_for_pytorch,
            lambda e, b, t: np.sqrt(e / (1 - b**t)),
            "outside the root",
        ),
        (
            exercises.epsilon_for_pytorch,
            lambda e, b, t: e / np.sqrt((1 - b) ** t),
            "to beta_2 alone",
        ),
        (
            exercises.epsilon_for_pytorch,
            lambda e, b, t: e / np.sqrt(1 - b ** (t + 1)),
            "to the power t",
        ),
        (exercises.epsilon_for_pytorch, lambda e, b, t: 1 / np.sqrt(1 - b**t), "Multiply epsilon"),
        (exercises.epsilon_for_pytorch, lambda e, b, t: np.sqrt(1 - b**t), "Divide epsilon"),
        (exercises.pytorch_adam, adam(forgotten=lambda beta, t: beta), "as if it were the first"),
        (exercises.pytorch_adam, adam(forgotten=lambda beta, t: beta * t), "two stars"),
        (exercises.pytorch_adam, adam(kept=False), "for the next step"),
        (exercises.pytorch_adam, adam(power=1), "mean of squares"),
        (exercises.pytorch_adam, adam(mean_of=lambda m, correction: m), "but not the mean."),
        (exercises.pytorch_adam, adam(swapped=True), "are swapped"),
        (
            exercises.pytorch_adam,
            lambda w, g, r, b1, b2, e: adam()(w, g, r, 1 - b1, 1 - b2, e),
            "gets 1 - beta",
        ),
        (
            exercises.pytorch_adam,
            lambda w, g, r, *rest: adam()(w, g, 1, *rest),
            "learning rate is missing",
        ),
        (
            exercises.pytorch_adam,
            lambda w, g, r, b1, b2, e: adam()(w, g, r, b1, b2, 0),
            "Epsilon is missing",
        ),
        (exercises.pytorch_adam, lambda w, *rest: adam()(w, *rest) - w, "how far w moved"),
        (exercises.pytorch_adam, lambda w, g, *rest: adam()(w, g[:1], *rest), "first step only"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(len(exercises.to_pytorch.reference([np.zeros((784, 64))])[0]), rel=1e-9),
        pytest.approx([e + 1 for e in range(1000) if e % 100 == 0][1], rel=1e-9),
        "The defaults: epsilon and where it stands, beta, and the precision they are kept in.",
    ]


SOURCE = """import numpy as np
# keras in a comment is no tie
TEXT = "import keras"


def build():
    from keras import layers

    return layers.Dense(3), tf.constant(1)
"""


def test_a_file_that_imports_anywhere_is_tied_with_all_its_lines() -> None:
    assert count(SOURCE) == Tied(lines=9, tied=9, naming=2)


@pytest.mark.parametrize(
    ("source", "tied"),
    [
        ("import keras\n", 1),
        ("import keras.layers as L\n", 1),
        ("from tensorflow.keras import layers\n", 1),
        ("import numpy, torch\n", 1),
        ("import tensorflow_datasets\n", 0),
        ("from . import keras\n", 0),
        ("text = 'import keras'\n", 0),
        ("", 0),
    ],
)
def test_what_counts_as_an_import(source: str, tied: int) -> None:
    assert count(source).tied == tied


def test_counts_of_a_folder_are_kept_by_room(tmp_path: Path) -> None:
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "a.py").write_text("x = 1\ny = 2\n")
    (tmp_path / "nn" / "b.py").write_text("import keras\n")
    (tmp_path / "top.py").write_text("import torch\n")
    (tmp_path / "nn" / "not.txt").write_text("import keras\n")
    assert of_folder(tmp_path) == {"nn": Tied(3, 1, 1), "top": Tied(1, 1, 1)}


def test_a_notebook_counts_by_its_code(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import keras"]},
        {"cell_type": "code", "source": ["import numpy as np\n", "x = 1"]},
        {"cell_type": "code", "source": "import keras\nkeras.Model"},
        {"cell_type": "code", "source": "def unfinished(:"},
        {"cell_type": "code", "source": "!pip install keras"},
    ]
    path = tmp_path / "some.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert of_notebook(path) == Tied(lines=6, tied=6, naming=2)
