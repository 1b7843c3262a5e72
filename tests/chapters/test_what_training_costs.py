"""Wrong answers, quick questions, laws and counted products of the chapter on costs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from bmcourse.chapters.what_training_costs import exercises, questions
from bmcourse.chapters.what_training_costs.counted import products
from bmcourse.chapters.what_training_costs.laws import (
    BESIROGLU,
    HOFFMANN,
    Law,
    fit,
    interval,
    parabola,
    redrawn,
)
from bmcourse.exercises import Exercise
from bmcourse.recipes.language import costs

from .answers import message, right_answers


def by_parts(features: int, blocks: int, context: int, vocabulary: int) -> int:
    shape = costs.Shape(vocabulary, context, features, blocks)
    return sum(costs.forward_flops(shape).values())


def by_search(C: float, A: float, B: float, alpha: float, beta: float) -> dict[str, float]:
    law = Law(0, A, B, alpha, beta)
    product = C / 6
    found = minimize_scalar(
        lambda u: float(law.loss(np.exp(u), product / np.exp(u))),
        bounds=(0, np.log(product)),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return {"N": float(np.exp(found.x)), "D": product / float(np.exp(found.x))}


def by_table(weights: int, optimizer: str, mixed: bool) -> int:
    return weights * costs.bytes_a_weight(optimizer, "mixed" if mixed else "single").total


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.forward, by_parts),
        (exercises.step_memory, by_table),
        (exercises.bits, lambda nats, characters: nats * math.log2(math.e) / characters),
        (
            exercises.best_split,
            lambda C, A, B, alpha, beta: dict(
                zip("ND", map(float, Law(1, A, B, alpha, beta).best(C)), strict=True)
            ),
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.forward, lambda *shape: by_parts(*shape) / 2, "a product and a sum"),
        (exercises.forward, lambda *shape: 3 * by_parts(*shape), "training step"),
        (exercises.forward, lambda d, b, t, v: 24 * b * d * d, "scores and the logits"),
        (exercises.forward, lambda d, b, t, v: by_parts(d, b, t, v) - 2 * v * d, "last layer"),
        (exercises.best_split, lambda C, *law: by_formula(6 * C, *law), "six is missing"),
        (exercises.best_split, lambda C, *law: by_formula(3 * C, *law), "2 N D"),
        (
            exercises.best_split,
            lambda C, A, B, alpha, beta: by_formula(C, A, B, beta, alpha),
            "exchanged",
        ),
        (
            exercises.step_memory,
            lambda n, o, mixed: by_table(n, o, mixed) - 4 * n * mixed,
            "third copy",
        ),
        (exercises.step_memory, lambda n, o, mixed: by_table(1, o, mixed), "by their number"),
        (exercises.bits, lambda nats, characters: nats * math.log(2) / characters, "around"),
        (exercises.bits, lambda nats, characters: nats / math.log(2), "share them"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def by_formula(C: float, A: float, B: float, alpha: float, beta: float) -> dict[str, float]:
    N, D = Law(0, A, B, alpha, beta).best(C)
    return {"N": float(N), "D": float(D)}


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(6 * 1e9 * 2e10 / 1e20),
        "A model 1.4 times as large, on 1.4 times as many tokens.",
        "It should be smaller, and trained on more tokens.",
    ]


@pytest.mark.parametrize("law", [HOFFMANN, BESIROGLU, Law(1, 2, 50, 0.5, 0.25)])
def test_the_best_split_is_the_best(law: Law) -> None:
    C = 6e20
    N, D = (float(x) for x in law.best(C))
    assert pytest.approx(C) == 6 * N * D
    searched = by_search(C, law.A, law.B, law.alpha, law.beta)
    assert pytest.approx(N, rel=1e-4) == searched["N"]
    assert pytest.approx(float(law.tokens_for(N))) == D
    other, _ = law.best(C, a_weight_and_token=12)
    assert pytest.approx(float(law.best(C / 2)[0])) == float(other)


def test_the_published_numbers_do_not_fit_the_published_model() -> None:
    """Chinchilla has 70 billion weights and 20 tokens for each."""
    ratios = [float(D / N) for N, D in (law.best(5.76e23) for law in (HOFFMANN, BESIROGLU))]
    assert ratios == [pytest.approx(92.6, abs=0.5), pytest.approx(18.4, abs=0.5)]


@pytest.mark.parametrize("law", [Law(1.2, 30, 60, 0.4, 0.35), BESIROGLU])
def test_a_fit_finds_the_law_that_made_the_losses(law: Law) -> None:
    N, D = (a.ravel() for a in np.meshgrid([1e7, 1e8, 1e9, 1e10], [1e9, 1e10, 1e11]))
    found = fit(N, D, law.loss(N, D))
    for name, value in vars(law).items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-3)


def test_a_parabola_needs_no_even_steps() -> None:
    N = np.array([10.0, 30, 500, 2000])
    loss = 2 + 0.3 * (np.log(N) - np.log(200)) ** 2
    lowest, least, _ = parabola(N, loss)
    assert (lowest, least) == (pytest.approx(200), pytest.approx(2))


def test_runs_are_drawn_by_cells_and_seeds() -> None:
    runs = [
        {"size": size, "budget": budget, "seed": seed}
        for size in range(5)
        for budget in (1.0, 2.0)
        for seed in range(3)
    ]
    rng = np.random.default_rng(0)
    sizes, seeds = set(), set()
    for _ in range(20):
        drawn = redrawn(runs, rng)
        assert len(drawn) == len(runs)
        sizes.add(len({(run["size"], run["budget"]) for run in drawn}))
        seeds.add(tuple(run["seed"] for run in drawn[:3]))
        assert len({(run["size"], run["budget"]) for run in drawn[:3]}) == 1
    assert min(sizes) < 10
    assert len(seeds) > 5


def test_an_interval_holds_the_middle() -> None:
    assert interval(np.arange(1001)) == (pytest.approx(25), pytest.approx(975))


def test_products_of_many_axes() -> None:
    program = """
ENTRY %step (x: f32[2,3,4,5], y: f32[2,3,5,6]) -> f32[2,3,4,6] {
  %x.1 = f32[2,3,4,5]{3,2,1,0} parameter(0)
  %y.1 = f32[2,3,5,6]{3,2,1,0} parameter(1)
  %z = f32[2,3,4,6]{3,2,1,0} dot(f32[2,3,4,5]{3,2,1,0} %x.1, f32[2,3,5,6]{3,2,1,0} %y.1), lhs_batch_dims={0,1}, lhs_contracting_dims={3}, rhs_batch_dims={0,1}, rhs_contracting_dims={2}
  ROOT %s = f32[2,3,4,6]{3,2,1,0} add(%z, %z)
}"""
    assert products(program) == [2 * 2 * 3 * 4 * 6 * 5]
    assert products(program.replace("f32[2,3,4,5]{3,2,1,0} %x.1, f32[2,3,5,6]{3,2,1,0} %y.1", "x.1, y.1")) == [1440]  # fmt: skip
