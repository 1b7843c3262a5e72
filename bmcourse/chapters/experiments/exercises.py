"""Exercises on experiments: a search's chance, the parts of a lead, nested scores, a speed-up."""

from __future__ import annotations

import math

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise


def _chance(share: float, k: int) -> float:
    return 1 - (1 - share) ** k


chance_of_top = Exercise(
    "chance that a random search meets the top share",
    reference=_chance,
    cases=lambda rng: [(0.05, 60), (0.5, 2), (0.1, 5)],
    mistakes={
        "share * k": "Above 1 that is no chance. Two tries can both lie in the top share: ask for the chance that none does.",
        "min(1.0, share * k)": "Two tries can both lie in the top share, and you counted them twice: ask for the chance that none does.",
        "(1 - share) ** k": "That is the chance that no try lies in the top share. Take the rest.",
        "k * share * (1 - share) ** (k - 1)": "That is the chance of exactly one. Two or more are welcome, too.",
        "share**k": "That is the chance that all k tries lie in the top share. One is enough.",
        "1 - share**k": "That is the chance that not all tries lie in the top share. Start from the chance that none does.",
        "1 - (1 - share) * k": "The tries are independent: their chances are multiplied, so k is a power.",
    },
)


def _parts(highest: float, luck: float, truth: float) -> tuple[float, float]:
    lead = highest * math.sqrt(luck + truth)
    return lead * truth / (luck + truth), lead * luck / (luck + truth)


parts_of_lead = Exercise(
    "the true and the lucky part of a lead",
    reference=_parts,
    cases=lambda rng: [(1.0, 9.0, 16.0), (2.5, 4e-4, 1e-4), (1.5, 1.0, 0.0)],
    mistakes={
        "(highest * math.sqrt(truth), highest * math.sqrt(luck))": "The run with the highest sum has neither the highest truth nor the highest luck. The lead is `highest` times the root of the sum, and is then divided in two.",
        "_parts(highest, luck, truth)[::-1]": "The order: first the true part, then the lucky one.",
        "_parts(highest, luck**2, truth**2)": "`luck` and `truth` are variances already.",
        "(highest * truth / (luck + truth), highest * luck / (luck + truth))": "`highest` counts in standard deviations of the score. Multiply by the root of the sum of the variances.",
        "(truth / (luck + truth), luck / (luck + truth))": "Those are the shares. Multiply them by the lead: `highest` times the root of the sum.",
        "(highest * math.sqrt(luck + truth) * math.sqrt(truth) / (math.sqrt(luck) + math.sqrt(truth)), highest * math.sqrt(luck + truth) * math.sqrt(luck) / (math.sqrt(luck) + math.sqrt(truth)))": "Each part has the share of its *variance*, not of its standard deviation.",
        "(highest * truth, highest * luck)": "The lead is `highest` times a standard deviation: the root of the sum. Each part has the share of its variance.",
        "(highest * math.sqrt(luck + truth), highest * math.sqrt(luck + truth))": "That is the whole lead. Divide it: each part has the share of its variance.",
    },
)


def _nested(inner: Array, outer: Array) -> float:
    chosen = inner.argmax(axis=1)
    return float(outer[np.arange(len(outer)), chosen].mean())


def _tables(rng: np.random.Generator) -> list[Case]:
    inner = np.array([[0.8, 0.9, 0.7], [0.9, 0.6, 0.8]])
    outer = np.array([[0.9, 0.6, 0.7], [0.7, 0.5, 0.8]])
    return [(inner, outer), *((rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))) for _ in "ab")]


nested_score = Exercise(
    "the nested score",
    reference=_nested,
    cases=_tables,
    mistakes={
        "float(inner.max(axis=1).mean())": "Those are the scores by which you chose: the winner's curse is in them. Score the choice on the held-out fold.",
        "float(outer.max(axis=1).mean())": "You chose on the held-out fold. Choose by `inner`, then look into `outer`.",
        "float(outer.mean(axis=0).max())": "That is the best mean on the held-out folds: a choice by the folds that should judge.",
        "float(outer[:, inner.mean(axis=0).argmax()].mean())": "One choice for all folds has seen them all, the held-out one too. Choose anew for each fold.",
        "float(outer[inner.argmax(axis=0)].mean())": "Rows are folds, columns are configurations: choose along the columns, `axis=1`.",
        "float(outer.mean())": "That is the mean over all configurations. Of each fold only the chosen one counts.",
        "float(outer[:, inner.argmax(axis=1)].mean())": "That takes for each fold the choices of all the others, too. Pair each row with its own choice.",
        "float(inner[np.arange(len(outer)), outer.argmax(axis=1)].mean())": "The tables are exchanged: `inner` chooses, `outer` judges.",
    },
)


def _speed_up(wait: float, work: float, faster: float) -> float:
    return (wait + work) / (wait / faster + work)


speed_up = Exercise(
    "the speed-up of a mended pipeline",
    reference=_speed_up,
    cases=lambda rng: [(9.0, 2.0, 3.0), (1.0, 3.0, 100.0), (5.0, 5.0, 2.0)],
    mistakes={
        "faster": "Only the waiting becomes faster. The work takes as long as before.",
        "wait / faster + work": "That is the new time in seconds. How many times does it go into the old one?",
        "wait - wait / faster": "Those are the seconds that are saved. Divide the old time by the new one.",
        "(wait + work) / work": "That is the limit, for a wait of 0. Here the wait is divided by `faster`.",
        "(wait / faster + work) / (wait + work)": "That is the share of the time that is left. The speed-up is its inverse.",
        "wait / (wait / faster + work)": "Before the mending the work took time, too.",
        "(wait + work) / (wait / faster)": "The work is still to be done: add it to the time after the mending.",
        "(wait + work) / max(wait / faster, work)": "That is for waiting and working at the same time. Here one follows the other.",
        "(wait + work) / (wait - wait / faster + work)": "`wait / faster` is what is left of the wait, not what goes away.",
    },
)


def _images(highest: float, differ: float, most: float) -> int:
    return math.ceil(differ * highest**2 / (2 * most**2) - 1e-9)


images_needed = Exercise(
    "validation images for a small lucky lead",
    reference=_images,
    cases=lambda rng: [(2.0, 0.03, 0.007), (2.75, 0.03, 0.005), (1.0, 0.5, 0.3)],
    mistakes={
        "math.ceil(differ * highest / (2 * most))": "Luck goes down with the root of the number of images: `highest` and `most` come squared.",
        "math.ceil(differ * highest**2 / most**2)": "`differ / n` is the variance of the gap of two runs. The luck of one has half of it.",
        "math.ceil(differ * highest**2 / (2 * most))": "Square `most`, too: it is a lead, not a variance.",
        "math.ceil(differ**2 * highest**2 / (2 * most**2))": "`differ` is in the variance already: do not square it.",
        "int(differ * highest**2 / (2 * most**2))": "Round up: with fewer images the lucky lead is larger than allowed.",
        "round(differ * highest**2 / (2 * most**2))": "Round up: the nearest whole number can be too few.",
        "differ * highest**2 / (2 * most**2)": "There is no part of an image: round up.",
        "math.ceil(differ / (2 * most**2))": "Where is `highest`? The best of many leads by more than one standard deviation.",
        "2 * most**2 / (differ * highest**2)": "Upside down: a smaller lead needs more images.",
    },
)
