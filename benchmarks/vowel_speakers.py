"""Vowels by known and by unknown speakers: ``python benchmarks/vowel_speakers.py``.

1. Random folds, one speaker left out, one recording left out (there the same fourteen others said
the vowel), all with one plan. 2. One speaker left out with and without each speaker's own mean
taken away: each side chooses its plan on other speakers alone. 3. Networks that learn from 2 to 14
speakers, with all their rows, with as many rows in all as 2 speakers have, or with as many
recordings in all (the six rows of a recording are nearly alike). About five minutes, one thread.
"""

from __future__ import annotations

import numpy as np
from machine import store

from bmcourse.recipes.speech import vowels
from bmcourse.recipes.speech.vowels import Plan

SEEDS = (0, 1, 2)
PLANS = tuple(Plan(units, epochs) for units in (16, 64) for epochs in (20, 60))
SHORT = Plan(64, 30)
COUNTS = (2, 4, 7, 10, 14)


def tuned(rows: vowels.Recordings) -> tuple[list[list[float]], list[dict[str, int]]]:
    """For each seed the share right of each speaker left out, and the plans that were chosen."""
    shares, plans = np.zeros((len(SEEDS), vowels.SPEAKERS)), []
    for who, held in enumerate(vowels.speaker_folds(rows)):
        plan = vowels.chosen(rows[~held], PLANS, seed=0)
        plans.append(vars(plan))
        for i, seed in enumerate(SEEDS):
            found = vowels.answers(rows[~held], rows[held], seed, plan)
            shares[i, who] = np.mean(found == rows.vowel[held])
    return shares.round(4).tolist(), plans


def growing(rows: vowels.Recordings, kind: str) -> dict[str, list[list[float]]]:
    """For each count of speakers and seed the share right of each speaker left out."""
    shares = {}
    for count in COUNTS:
        table = np.zeros((len(SEEDS), vowels.SPEAKERS))
        for i, seed in enumerate(SEEDS):
            for who in range(vowels.SPEAKERS):
                rng = np.random.default_rng([seed, who])  # the same speakers come first each time
                others = np.setdiff1d(np.arange(vowels.SPEAKERS), [who])
                known = np.isin(rows.speaker, rng.permutation(others)[:count])
                at = np.flatnonzero(known)
                if kind == "equal_rows":  # as many as two speakers have, whoever said them
                    at = rng.permutation(at)[: 2 * vowels.VOWELS * vowels.WINDOWS]
                if kind == "equal_recordings":  # of each vowel two, by two of these speakers
                    pairs = [
                        rng.permutation(np.unique(rows.speaker[known]))[:2]
                        for _ in range(vowels.VOWELS)
                    ]
                    at = np.flatnonzero(
                        [s in pairs[v] for s, v in zip(rows.speaker, rows.vowel, strict=True)]
                    )
                test = rows[rows.speaker == who]
                table[i, who] = np.mean(vowels.answers(rows[at], test, seed, SHORT) == test.vowel)
        shares[str(count)] = table.round(4).tolist()
    return shares


def main() -> None:
    """Run everything and store it."""
    rows = vowels.load()
    ways = {
        "random_folds": lambda seed: vowels.random_folds(rows, 5, seed),
        "one_speaker_out": lambda _: vowels.speaker_folds(rows),
        "one_recording_out": lambda _: vowels.recording_folds(rows),
    }
    held_out = {
        way: [vowels.right_by_speaker(rows, folds(seed), seed).round(4).tolist() for seed in SEEDS]
        for way, folds in ways.items()
    }
    plain, plans = tuned(rows)
    centred, centred_plans = tuned(vowels.centred(rows))
    store(
        __file__,
        {
            "seeds": SEEDS,
            **held_out,
            "plain": {"right": plain, "plans": plans},
            "centred": {"right": centred, "plans": centred_plans},
            **{
                kind: growing(rows, kind) for kind in ("all_rows", "equal_rows", "equal_recordings")
            },
        },
    )


if __name__ == "__main__":
    main()
