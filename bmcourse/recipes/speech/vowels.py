"""A small network that tells eleven vowels apart, on speakers that it knows or never heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.checks import Array
from bmcourse.datasets.tables import vowel

SPEAKERS, VOWELS, WINDOWS = 15, 11, 6
"""Each speaker said each vowel once; six windows were cut from each recording."""


@dataclass(frozen=True)
class Plan:
    """How a network is trained."""

    units: int = 64
    epochs: int = 60


@dataclass(frozen=True)
class Recordings:
    """Windows of recordings: ten numbers a row, with the numbers of its vowel and speaker."""

    x: Array
    vowel: npt.NDArray[np.int64]
    speaker: npt.NDArray[np.int64]

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Recordings:
        """Return some of the rows."""
        return Recordings(self.x[rows], self.vowel[rows], self.speaker[rows])

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.x)


def load() -> Recordings:
    """Return the 990 rows; the vowels count from 0 in the order of the table."""
    frame = vowel().frame
    names = {name: i for i, name in enumerate(frame["Vowel"].unique())}
    return Recordings(
        frame.filter(regex="^F").to_numpy(float),
        frame["Vowel"].map(names).to_numpy(np.int64),
        frame["Speaker"].to_numpy(np.int64),
    )


def centred(rows: Recordings) -> Recordings:
    """Take each speaker's own mean from all rows of this speaker. It needs no label of a vowel."""
    x = rows.x.copy()
    for speaker in np.unique(rows.speaker):
        x[rows.speaker == speaker] -= x[rows.speaker == speaker].mean(axis=0)
    return Recordings(x, rows.vowel, rows.speaker)


def answers(
    learn: Recordings, test: Recordings, seed: int, plan: Plan | None = None, of: str = "vowel"
) -> npt.NDArray[np.int64]:
    """Train on some rows, and return the network's answers for others.

    Parameters
    ----------
    learn, test : Recordings
        Scaled by the mean and deviation of the rows to learn from.
    seed : int
        Fixes the first weights and the order of the rows.
    plan : Plan, optional
    of : str
        "vowel", or "speaker": who speaks?

    Returns
    -------
    ndarray of int64, shape (len(test),)
    """
    labels = {"vowel": learn.vowel, "speaker": learn.speaker}[
        checks.one_of("of", of, ("vowel", "speaker"))
    ]
    plan, rng = plan or Plan(), np.random.default_rng([36, seed])
    mean, deviation = learn.x.mean(axis=0), learn.x.std(axis=0)
    classes = VOWELS if of == "vowel" else SPEAKERS
    model = nn.Sequential(
        [nn.Dense(10, plan.units, rng=rng), nn.ReLU(), nn.Dense(plan.units, classes, rng=rng)]
    )
    model.fit(
        (learn.x - mean) / deviation,
        labels,
        loss=nn.SparseCategoricalCrossentropy(),
        optimizer=nn.Adam(0.02),
        epochs=plan.epochs,
        batch_size=128,
        rng=rng,
    )
    return np.asarray(model.predict((test.x - mean) / deviation, 2000).argmax(axis=1))


def random_folds(rows: Recordings, count: int, seed: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which rows are held out, `count` times; each row once, speakers mixed."""
    part = np.random.default_rng(seed).permutation(len(rows)) % count
    yield from (part == i for i in range(count))


def speaker_folds(rows: Recordings) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which rows are held out: all those of one speaker, for each speaker."""
    yield from (rows.speaker == speaker for speaker in np.unique(rows.speaker))


def recording_folds(rows: Recordings) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which rows are held out: the six windows of one recording, for each recording."""
    recording = rows.speaker * VOWELS + rows.vowel
    yield from (recording == one for one in np.unique(recording))


def right_by_speaker(
    rows: Recordings,
    folds: Iterator[npt.NDArray[np.bool_]],
    seed: int,
    plan: Plan | None = None,
) -> Array:
    """Return for each speaker the share of held-out rows that are answered right."""
    right = np.zeros(len(rows))
    for held in folds:
        right[held] = answers(rows[~held], rows[held], seed, plan) == rows.vowel[held]
    return np.array([right[rows.speaker == who].mean() for who in np.unique(rows.speaker)])


def chosen(rows: Recordings, plans: tuple[Plan, ...], seed: int, folds: int = 3) -> Plan:
    """Return the plan that does best on held-out speakers among these rows."""
    known = np.unique(rows.speaker)
    part = np.random.default_rng([seed, len(known)]).permutation(len(known)) % folds
    score = [
        np.mean(
            [
                np.mean(answers(rows[~held], rows[held], seed, plan) == rows.vowel[held])
                for held in (np.isin(rows.speaker, known[part == i]) for i in range(folds))
            ]
        )
        for plan in plans
    ]
    return plans[int(np.argmax(score))]
