"""Exercises on GPT."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import text as texts
from bmcourse.exercises import Exercise

Array = npt.NDArray[Any]


def _bits_a_character(probabilities: Array, text: str) -> float:
    return float(-np.log2(probabilities).sum() / len(text))


bits_a_character = Exercise(
    "bits a character of a text",
    reference=_bits_a_character,
    cases=lambda rng: [
        (np.array([1 / 8, 1 / 4, 1 / 2, 1 / 2]), "cat "),
        (np.array([1 / 32, 1 / 2]), "cat "),
        (np.array([0.25, 0.5]), "你好吗"),
        (rng.uniform(0.001, 0.9, size=7), "a longer text"),
        (rng.uniform(1e-4, 0.1, size=400), "x" * 900),
    ],
    mistakes={
        "-np.log2(probabilities).mean()": "That is bits a piece. A tokenizer with longer pieces has fewer of them: divide by the characters of the text.",
        "-np.log(probabilities).sum() / len(text)": "Those are nats. For bits take the logarithm with base 2.",
        "-np.log2(probabilities).sum() / len(text.encode())": "You divided by the bytes. A Chinese character has three of them: divide by len(text).",
        "-np.log2(probabilities).sum()": "That is for the whole text. Divide by its characters.",
        "np.log2(probabilities).sum() / len(text)": "The sign: the logarithm of a probability is negative, and bits count from 0 up.",
        "-np.log2(probabilities.prod()) / len(text)": "The product of many small probabilities becomes 0 in the computer. Add the logarithms.",
        "-np.log2(probabilities.sum()) / len(text)": "First the logarithm of each probability, then the sum.",
        "-np.log2(probabilities.mean())": "The mean of the logarithms is not the logarithm of the mean. And divide by the characters.",
        "2 ** (-np.log2(probabilities).mean())": "That is the perplexity, for each piece. Stay with the logarithms, and divide by the characters.",
    },
)


def _top_p(probabilities: Array, p: float) -> Array:
    return texts.top_p(probabilities, p)


def _cut(probabilities: Array, keep: Array) -> Array:
    kept = np.where(keep, probabilities, 0.0)
    return kept / kept.sum()


def _falling(probabilities: Array, p: float) -> Array:
    """Keep while the sum, this one included, is at most p."""
    order = np.argsort(-probabilities, kind="stable")
    keep = np.zeros(len(probabilities), bool)
    keep[order[np.cumsum(probabilities[order]) <= p]] = True
    return keep


def _one_more(probabilities: Array, p: float) -> Array:
    """Keep while the sum of those before is at most p."""
    order = np.argsort(-probabilities, kind="stable")
    falling = probabilities[order]
    keep = np.zeros(len(probabilities), bool)
    keep[order[np.cumsum(falling) - falling <= p]] = True
    return keep


def _by_number(probabilities: Array, p: float) -> Array:
    """Forget to sort."""
    return np.cumsum(probabilities) - probabilities < p


top_p = Exercise(
    "the likeliest that hold a share p",
    reference=_top_p,
    cases=lambda rng: [
        (np.array([0.1, 0.5, 0.15, 0.25]), 0.6),
        (np.array([0.1, 0.6, 0.3]), 0.5),
        (np.array([0.5, 0.25, 0.25]), 0.5),
        (np.array([0.3, 0.1, 0.35, 0.25]), 0.95),
        (rng.dirichlet(np.full(8, 0.5)), 0.7),
        (np.array([0.2, 0.8]), 1.0),
    ],
    mistakes={
        "_cut(probabilities, _falling(probabilities, p))": "One too few: the id that takes the sum over p belongs to it. Keep an id while the sum of those before it is below p.",
        "_cut(probabilities, _one_more(probabilities, p))": "One too many: where the likelier ones already hold exactly p, stop.",
        "np.where(texts.top_p(probabilities, p) > 0, probabilities, 0.0)": "What is left has to add up to 1 again: divide by its sum.",
        "-np.sort(-texts.top_p(probabilities, p))": "The numbers are right, but they are sorted. Each has to stay at the place of its id.",
        "_cut(probabilities, _by_number(probabilities, p))": "You added in the order of the ids. Take the likeliest first.",
        "_cut(probabilities, probabilities >= p)": "p is a share of the whole, not a bound for each probability.",
        "_cut(probabilities, probabilities > 1 - p)": "p is a share of the whole, not a bound for each probability.",
        "_cut(probabilities, probabilities <= probabilities.max() * p)": "Keep the likely ones, not the unlikely ones.",
        "probabilities": "Nothing was cut. Ids outside the share p get the probability 0.",
    },
    atol=1e-12,
)


def _warmed(logits: Array, temperature: float) -> Array:
    return texts.with_temperature(logits, temperature)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    shares: Array = powers / powers.sum()
    return shares


def _overflowing(logits: Array, temperature: float) -> Array:
    powers = np.exp(logits / temperature)
    shares: Array = powers / powers.sum()
    return shares


warmed = Exercise(
    "softmax with a temperature",
    reference=_warmed,
    cases=lambda rng: [
        (np.array([0.0, 2.0, 1.0]), 0.5),
        (np.array([0.0, 2.0, 1.0]), 2.0),
        (rng.normal(size=9) * 3, 0.7),
        (np.array([300.0, 310.0, -300.0]), 0.1),
    ],
    mistakes={
        "_softmax(logits * temperature)": "You multiplied. Divide: a low temperature makes the differences larger.",
        "_softmax(logits) / temperature": "You divided the probabilities: they no longer add up to 1. Divide the logits.",
        "_softmax(_softmax(logits) / temperature)": "Softmax twice. Divide the logits, then one softmax.",
        "_softmax(logits)": "The temperature is not used.",
        "logits / temperature": "Those are logits. Softmax makes probabilities of them.",
        "np.exp(logits / temperature - (logits / temperature).max())": "The probabilities must add up to 1: divide by their sum.",
        _overflowing: "With large logits, exp overflows to infinity. Subtract the largest first: it changes no probability.",
    },
    atol=1e-12,
)


def _from_perplexity(perplexity: float, characters_a_piece: float) -> float:
    return float(np.log2(perplexity) / characters_a_piece)


from_perplexity = Exercise(
    "bits a character from a perplexity",
    reference=_from_perplexity,
    cases=lambda _: [(16, 4), (20, 2.5), (2, 1), (1024, 3.2)],
    mistakes={
        "np.log(perplexity) / characters_a_piece": "Those are nats a character. Take the logarithm with base 2.",
        "np.log2(perplexity)": "Those are bits a piece. A piece has several characters: divide.",
        "np.log2(perplexity) * characters_a_piece": "You multiplied. The bits of a piece are shared by its characters.",
        "np.log2(perplexity / characters_a_piece)": "First the logarithm, then the division: bits are added along a text, perplexities are multiplied.",
        "perplexity / characters_a_piece": "A perplexity is 2 to the power of the bits. Take its logarithm first.",
        "np.log10(perplexity) / characters_a_piece": "That is the logarithm with base 10. For bits it is base 2.",
        "characters_a_piece / np.log2(perplexity)": "Turned around: bits a character is bits over characters.",
    },
)


def _repeated(words: Sequence[str], n: int) -> float:
    runs = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    seen: set[tuple[str, ...]] = set()
    again = 0
    for run in runs:
        again += run in seen
        seen.add(run)
    return again / len(runs)


def _runs(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def _never_alone(words: Sequence[str], n: int) -> float:
    runs = _runs(words, n)
    return float(np.mean([runs.count(run) > 1 for run in runs]))


def _neighbours(words: Sequence[str], n: int) -> float:
    runs = _runs(words, n)
    return sum(a == b for a, b in itertools.pairwise(runs)) / len(runs)


repeated = Exercise(
    "share of repeated runs",
    reference=_repeated,
    cases=lambda rng: [
        (["to", "be", "or", "not", "to", "be"], 2),
        (["la", "la", "la", "la", "la"], 2),
        (["one", "two", "three", "four"], 1),
        (rng.choice(list("abc"), 30).tolist(), 3),
    ],
    mistakes={
        "len(set(_runs(words, n))) / len(_runs(words, n))": "That is the share of different runs. The rest are repeats: subtract from 1.",
        _never_alone: "You counted the first time, too. A run is a repeat only if it stood before.",
        "len(_runs(words, n)) - len(set(_runs(words, n)))": "That is the number of repeats. Divide by the number of runs.",
        "(len(_runs(words, n)) - len(set(_runs(words, n)))) / len(words)": "Divide by the number of runs: there are n - 1 fewer than words.",
        "1 - len(set(words)) / len(words)": "You looked at single words. A run has n of them.",
        _neighbours: "You compared each run with the one directly before it. Look at all earlier ones.",
    },
)
