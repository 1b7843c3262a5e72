"""The chapter's trainings: imitation, preferences, and two rewards, one of them badly chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import nn
from bmcourse.chapters.fine_tuning_and_preferences import taste
from bmcourse.chapters.fine_tuning_and_preferences.setting import Setting
from bmcourse.recipes.language import tuning
from bmcourse.recipes.language.tuning import Batch, Tuner

Texts = Callable[[list[str]], npt.ArrayLike]  # from texts to one number each
PROMPT, NEW, RANK = 8, 16, 4  # ids of a prompt, ids written, rank of the corrections


def tuner(model: nn.Sequential, rate: float, rank: int | None = None, seed: int = 0) -> Tuner:
    """Return what changes a model's weights, all or by low rank, with Adam."""
    low = nn.LowRank(tuning.kernels(model), rank, rng=seed) if rank else None
    return Tuner(model, nn.Adam(rate, global_clipnorm=1.0), low)


def imitate(tune: Tuner, texts: Batch, steps: int, seed: int, size: int = 8) -> list[float]:
    """Show questions with answers, `size` a step; return the loss of each step."""
    rng, losses = np.random.default_rng(seed), []
    for _ in range(steps):
        part = texts[rng.integers(len(texts), size=size)]
        sums = tune.step(part, tuning.imitate(part))
        losses.append(float(-sums.sum() / part.counted[:, 1:].sum()))
    return losses


def written(tokenizer: Any, texts: Batch) -> list[str]:
    """Return the texts of the places that count."""
    return [tokenizer.decode(row[kept]) for row, kept in zip(texts.ids, texts.counted, strict=True)]


def pairs(setting: Setting, judge: Texts, n: int, seed: int) -> Batch:
    """Return `n` prompts continued twice by the trained GPT: first what the judge likes better."""
    rng = np.random.default_rng(seed)
    model, source = setting.fresh(), setting.ids("training")
    prompts = taste.prompts(source, n, PROMPT, rng)
    twice = [tuning.draw_answers(model, prompts, NEW, rng) for _ in range(2)]
    scores = [np.asarray(judge(written(setting.tokenizer, texts))) for texts in twice]
    first = (scores[0] >= scores[1])[:, np.newaxis]
    better, worse = (np.where(first == kept, twice[0].ids, twice[1].ids) for kept in (True, False))
    return Batch(np.concatenate([better, worse]), np.tile(twice[0].counted, (2, 1)))


def prefer(
    tune: Tuner, liked: Batch, steps: int, seed: int, beta: float = 0.2, size: int = 8
) -> npt.NDArray[np.float64]:
    """Train by DPO; return loss, and the change of better and worse log-likelihood, by step."""
    rng, n = np.random.default_rng(seed), len(liked) // 2
    reference = tuning.log_likelihoods(tune.model, liked)
    curve = []
    for _ in range(steps):
        rows = rng.integers(n, size=size)
        rows = np.concatenate([rows, rows + n])  # the better, then the worse of the same prompts
        sums = tune.step(liked[rows], tuning.prefer(reference[rows], beta))
        loss = np.log1p(np.exp(-tuning.margins(sums, reference[rows], beta))).mean()
        curve.append((loss, *(sums - reference[rows]).reshape(2, size).mean(axis=1)))
    return np.array(curve)


def chase(
    tune: Tuner,
    setting: Setting,
    reward: Texts,
    steps: int,
    seed: int,
    penalty: float = 0.0,
    size: int = 16,
) -> npt.NDArray[np.float64]:
    """Train by REINFORCE on continuations; return mean reward and distance by step.

    The distance is the mean of log P - log P_before over the drawn texts: 0 without a penalty.
    """
    rng, before, curve = np.random.default_rng(seed), setting.fresh(), []
    source = setting.ids("training")
    for _ in range(steps):
        prompts = taste.prompts(source, size, PROMPT, rng)
        texts = tuning.draw_answers(tune.model, prompts, NEW, rng)
        rewards = np.asarray(reward(written(setting.tokenizer, texts)), float)
        old = tuning.log_likelihoods(before, texts) if penalty else None
        sums = tune.step(texts, tuning.reinforce(rewards, old, penalty))
        curve.append((rewards.mean(), 0.0 if old is None else (sums - old).mean()))
    return np.array(curve)


def try_answers(
    tune: Tuner, setting: Setting, steps: int, seed: int, size: int = 16
) -> list[float]:
    """Train by REINFORCE on questions: 1 for the right name, else 0; return the mean rewards."""
    rng, sentences = np.random.default_rng(seed), setting.sentences["training"]
    questions, answers = (
        make(setting.tokenizer) for make in (sentences.questions, sentences.answers)
    )
    (end,) = setting.tokenizer.encode("\n")
    rewards = []
    for _ in range(steps):
        rows = rng.integers(len(questions), size=size)
        texts = tuning.draw_answers(tune.model, [questions[i] for i in rows], 4, rng, stop=end)
        said = [row[kept].tolist() for row, kept in zip(texts.ids, texts.counted, strict=True)]
        right = np.array([text == answers[i] for text, i in zip(said, rows, strict=True)], float)
        tune.step(texts, tuning.reinforce(right))
        rewards.append(float(right.mean()))
    return rewards


def marks(texts: list[str]) -> list[int]:
    """Return how many quotation marks each text has."""
    return [text.count('"') for text in texts]


def distinct(texts: Batch) -> float:
    """Return the share of different ones among all pairs of neighbouring new ids."""
    found = [
        pair
        for row, kept in zip(texts.ids, texts.counted, strict=True)
        for pair in zip(row[kept][:-1].tolist(), row[kept][1:].tolist(), strict=True)
    ]
    return len(set(found)) / len(found)


def sample(setting: Setting, model: nn.Sequential, n: int = 64, seed: int = 5) -> Batch:
    """Let a model go on with the same `n` prompts from the novels' ends."""
    rng = np.random.default_rng(seed)
    prompts = taste.prompts(setting.ids("ends"), n, PROMPT, rng)
    return tuning.draw_answers(model, prompts, NEW, rng)


def judged(
    setting: Setting, model: nn.Sequential, judges: dict[str, Texts], seed: int = 5
) -> dict[str, float]:
    """Return what judges, marks, distinct pairs and held-out text say of a model."""
    texts = sample(setting, model, seed=seed)
    pages = written(setting.tokenizer, texts)
    row = {name: float(np.mean(np.asarray(judge(pages)))) for name, judge in judges.items()}
    row |= {"marks": float(np.mean(marks(pages))), "distinct pairs": distinct(texts)}
    return {**row, "bits": setting.bits(model)}
