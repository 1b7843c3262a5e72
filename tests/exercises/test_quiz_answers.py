"""Quick questions: their form, and every numeric answer computed rather than typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bmcourse import metrics
from bmcourse.exercises import (
    class_imbalance,
    generalisation,
    gradient_descent,
    house_prices,
    losses,
    mnist_with_keras,
    progress,
    quiz,
    three_frameworks,
    welcome,
)
from bmcourse.metrics import precision_score
from bmcourse.widgets.quick_questions import QuickQuestions

# (chapter, index of the question) -> the answer, computed
COMPUTED: dict[tuple[str, int], Callable[[], float]] = {
    ("00_welcome", 1): lambda: welcome.dense_parameters.reference([100, 20]),
    ("01_from_neuron_to_mlp", 1): lambda: np.zeros((32, 784)).dot(np.zeros((784, 64))).size,
    ("06_backprop_through_convolution", 0): lambda: sum(1 for _ in np.ndindex(28 - 2, 28 - 2)),
    ("05_convolution_and_pooling", 0): lambda: len(range(0, 32, 2)),
    ("07_numpy_cnn_on_mnist", 0): lambda: len(range(0, 55_000, 32)),
    ("03_backprop_by_hand", 0): lambda: 4 * 0.5 * (1 - 0.5) * 3,
    ("02_losses", 0): lambda: losses.mean_squared_error.reference(0.0, np.array([1.0, -3.0])),
    ("02_losses", 1): lambda: losses.cross_entropy_gradient.reference(  # softmax of (log 4, 0): 0.8
        np.log([[4.0, 1.0]]), np.array([0])
    )[0, 0],
    ("04_gradient_descent", 0): lambda: gradient_descent.largest_rate.reference(np.diag([1, 50])),
    ("04_gradient_descent", 1): lambda: (1 / 0.25) ** 2,
    ("08_mnist_with_keras", 1): lambda: len(range(28 - 5 + 1)),
    ("10_generalisation", 1): lambda: 2 * 0.25 * 10 / 50,
    ("10_generalisation", 2): lambda: generalisation.inverted_dropout.reference(
        np.ones(1), np.array([0.5]), 0.2
    )[0],
    ("11_faster_and_better", 0): lambda: 0.8 * np.eye(10)[3, 3] + 0.2 * np.full(10, 0.1)[3],
    ("13_three_frameworks", 0): lambda: three_frameworks.to_pytorch.reference(
        [np.zeros((784, 64))]
    )[0].shape[0],
    ("13_three_frameworks", 1): lambda: [e + 1 for e in range(1000) if e % 100 == 0][1],
    ("12_house_prices", 0): lambda: house_prices.r_squared.reference(
        np.array([100.0, 200, 300]), np.array([110.0, 190, 330])
    ),
    ("12_house_prices", 2): lambda: next(  # the smallest rank that covers nine in ten of 100
        rank for rank in range(1, 100) if rank / (99 + 1) >= 0.9
    ),
    ("09_cifar10_with_keras", 0): lambda: mnist_with_keras.conv_parameters.reference(3, 3, 32),
    ("14_metrics", 0): lambda: precision_score(
        [1] * 10 + [0] * 990, [0] * 4 + [1] * 30 + [0] * 966
    ),
    ("15_class_imbalance", 1): lambda: class_imbalance.balanced_weights.reference([980, 20])[1],
    ("15_class_imbalance", 2): lambda: class_imbalance.after_undersampling.reference(0.9, 1 / 9),
    ("16_thresholds_and_money", 0): lambda: (
        100 * metrics.cost_sensitive_threshold(gain_tp=90, cost_fp=30)
    ),
}
NUMERIC = [
    (chapter, index)
    for chapter in quiz.chapters()
    for index, question in enumerate(quiz.questions(chapter))
    if question["type"] == "numeric"
]


@pytest.mark.parametrize("chapter", quiz.chapters())
def test_form(chapter: str) -> None:
    asked = quiz.questions(chapter)
    assert len(asked) == 3
    for question in asked:
        assert question["type"] in ("multiple_choice", "numeric")
        right = [a for a in question["answers"] if a.get("correct")]
        assert len(right) == 1
        assert all(len(a["feedback"]) > 10 for a in question["answers"])
        assert "$" not in question["question"]


@pytest.mark.parametrize("chapter", quiz.chapters())
def test_every_chapter_exists(chapter: str) -> None:
    assert Path("notebooks", f"{chapter}.ipynb").exists()


@pytest.mark.parametrize(("chapter", "index"), NUMERIC)
def test_numeric_answers_are_computed(chapter: str, index: int) -> None:
    answers = quiz.questions(chapter)[index]["answers"]
    stated = next(a["value"] for a in answers if a.get("correct"))
    assert stated == pytest.approx(COMPUTED[chapter, index](), rel=1e-9)


def test_no_computed_answer_without_its_question() -> None:
    assert set(COMPUTED) == set(NUMERIC)


def test_unknown_chapter() -> None:
    with pytest.raises(ValueError, match="chapter must be one of"):
        quiz.questions("99_nothing")


def test_order_of_choices_is_steady_and_tells_nothing() -> None:
    places = []
    for chapter in quiz.chapters():
        assert quiz.questions(chapter) == quiz.questions(chapter)
        for question in quiz.questions(chapter):
            if question["type"] == "multiple_choice":
                places.append([bool(a.get("correct")) for a in question["answers"]].index(True))
    assert {0, 1, 2} <= set(places)
    assert max(places.count(place) for place in places) < 0.6 * len(places)


def test_right_answers_reach_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(tmp_path / "progress.jsonl"))
    shown: list[QuickQuestions] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    quiz.ask("02_losses")
    assert "3 quick questions" in capsys.readouterr().out
    shown[0].solved = [0]
    shown[0].solved = [0, 2]
    assert progress.solved() == {"02_losses, question 1", "02_losses, question 3"}
