"""Wrong answers, quick questions and planted bugs on an opened language model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.open_a_language_model import exercises, planted, questions
from bmcourse.datasets.formats.gguf import unpack_q4_1
from bmcourse.exercises import Exercise
from bmcourse.nn import rotary_angles, turned
from bmcourse.recipes.language.llama import Cache, Shape

from .answers import message, right_answers

Array = Any


def by_loop(block: Array) -> Array:
    scale, minimum = np.frombuffer(block[:4].tobytes(), "<f2").astype(float)
    halves = [byte & 15 for byte in block[4:].tolist()] + [byte >> 4 for byte in block[4:].tolist()]
    return np.array([scale * half + minimum for half in halves])


def by_signs(network: Any) -> str:
    gaps = planted.gaps(network, [1, 2, 3, 4, 5, 6, 7])
    wrong = {name for name, gap in gaps.items() if gap > 1e-4}
    if "after another text" in wrong:
        return "old text stays"
    if "moved by 7 places" in wrong:
        return "keys turned twice"
    if "one by one" in wrong:
        return "positions start again"
    return "mask forgets the past" if wrong else "none"


def with_a_cache(network: Any, ids: list[int], n: int, end: int) -> list[int]:
    cache, said, new = Cache(network.shape), [], list(ids)
    while len(said) < n and (chosen := int(network.next_logits(new, cache).argmax())) != end:
        said.append(chosen)
        new = [chosen]
    return said


def without_a_cache(network: Any, ids: list[int], n: int, end: int) -> list[int]:
    said: list[int] = []
    while len(said) < n and (chosen := network.forward([*ids, *said])[-1].argmax()) != end:
        said.append(int(chosen))
    return said


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.unpack_block, by_loop),
        (exercises.unpack_block, lambda block: unpack_q4_1(block[None])[0]),
        (
            exercises.turn,
            lambda x, position, base: turned(x, rotary_angles(position, len(x), base)),
        ),
        (exercises.which_bug, by_signs),
        (exercises.cache_bytes, lambda a, b, c, n, s: a * n * s * (b * c + b * c)),
        (exercises.answer, with_a_cache),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.unpack_block,
            lambda block: unpack_q4_1(block[None])[0].reshape(2, 16).T.ravel(),
            "Your halves alternate",
        ),
        (
            exercises.unpack_block,
            lambda block: np.roll(unpack_q4_1(block[None])[0], 16),
            "The low halves come first",
        ),
        (
            exercises.turn,
            lambda x, p, base: turned(x, -rotary_angles(p, len(x), base)),
            "backwards",
        ),
        (exercises.turn, lambda x, p, base: turned(x, np.full(len(x) // 2, p)), "speed of its own"),
        (
            exercises.which_bug,
            lambda network: (
                "mask forgets the past"
                if planted.gaps(network, [1, 2, 3, 4, 5, 6])["in two parts"] > 1e-3
                else by_signs(network)
            ),
            "shows three of the bugs",
        ),
        (exercises.which_bug, lambda network: "none", "do have a bug"),
        (exercises.cache_bytes, lambda a, b, c, n, s: a * b * c * n * s, "both kept"),
        (exercises.cache_bytes, lambda a, b, c, n, s: 2 * a * b * c * n, "numbers"),
        (
            exercises.answer,
            lambda network, ids, n, end: [*ids, *with_a_cache(network, ids, n, end)],
            "without the question",
        ),
        (
            exercises.answer,
            lambda network, ids, n, end: with_a_cache(network, ids, n, -1),
            "do not stop",
        ),
        (exercises.answer, without_a_cache, "ids were read twice"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    block = np.r_[np.array([0.5, -2], np.float16).view(np.uint8), np.full(16, 0x3C, np.uint8)]
    shapes = [Shape(10, 1, 36, 8, 9, heads) for heads in (9, 3)]
    many, few = (Cache(shape).bytes_per_place for shape in shapes)
    assert right_answers(questions) == [
        unpack_q4_1(block[None])[0, 0],
        many / few,
        "That the logits are those of the published model.",
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bug", planted.BUGS)
def test_each_bug_has_its_signs(bug: str, seed: int) -> None:
    ids = np.random.default_rng(seed).integers(0, planted.SMALL.vocabulary, 9).tolist()
    network, right = planted.model(bug, seed), planted.model("none", seed)
    gaps = planted.gaps(network, ids)
    wrong = {name for name, gap in gaps.items() if gap > 1e-3}
    assert all(gap < 1e-4 for name, gap in gaps.items() if name not in wrong)
    assert (
        wrong
        == {
            "none": set(),
            "positions start again": {"one by one", "in two parts"},
            "keys turned twice": {"moved by 7 places"},
            "old text stays": {"after another text"},
            "mask forgets the past": {"in two parts"},
            "other group": set(),
        }[bug]
    )
    same = np.abs(network.forward(ids) - right.forward(ids)).max() < 1e-4
    assert same == (bug not in ("keys turned twice", "other group"))
