"""Folds of the vowels, and a network that knows its speakers better than others."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.speech import vowels
from bmcourse.recipes.speech.vowels import Plan, Recordings


@pytest.fixture(scope="module")
def rows() -> Recordings:
    return vowels.load()


def test_each_speakers_recording_of_each_vowel_has_six_windows(rows: Recordings) -> None:
    pairs, counts = np.unique(rows.speaker * 11 + rows.vowel, return_counts=True)
    assert len(pairs) == vowels.SPEAKERS * vowels.VOWELS
    assert set(counts) == {vowels.WINDOWS}
    assert len(rows) == 990


def test_each_row_is_held_out_once(rows: Recordings) -> None:
    for folds in (
        vowels.random_folds(rows, 5, 0),
        vowels.speaker_folds(rows),
        vowels.recording_folds(rows),
    ):
        assert (np.sum(list(folds), axis=0) == 1).all()
    for held in vowels.recording_folds(rows):
        assert len(set(zip(rows.speaker[held], rows.vowel[held], strict=True))) == 1
    for held in vowels.speaker_folds(rows):
        assert len(np.unique(rows.speaker[held])) == 1
        assert not set(rows.speaker[held]) & set(rows.speaker[~held])


def test_a_speakers_own_mean_is_taken_away(rows: Recordings) -> None:
    x = vowels.centred(rows).x
    for speaker in range(vowels.SPEAKERS):
        mine = rows.speaker == speaker
        np.testing.assert_allclose(x[mine].mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(x[mine].std(axis=0), rows.x[mine].std(axis=0), rtol=1e-9)
    assert np.abs(rows.x.mean(axis=0)).max() > 1  # the rows that came are as they were


def test_a_known_speaker_is_heard_better(rows: Recordings) -> None:
    small = Plan(units=32, epochs=15)
    known = vowels.right_by_speaker(rows, vowels.random_folds(rows, 3, 0), 0, small)
    few = [list(vowels.speaker_folds(rows))[i] for i in (0, 7, 13)]
    found = [
        np.mean(vowels.answers(rows[~held], rows[held], 0, small) == rows.vowel[held])
        for held in few
    ]
    assert known.mean() > 0.8
    assert np.mean(found) < known.mean() - 0.1


def test_the_plan_is_chosen_on_other_speakers(
    rows: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(learn: Recordings, test: Recordings, seed: int, plan: Plan) -> np.ndarray:
        asked.append((set(learn.speaker), set(test.speaker)))
        return test.vowel if plan.units == 5 else np.full(len(test), -1)

    monkeypatch.setattr(vowels, "answers", answer)
    some = rows[rows.speaker < 7]
    assert vowels.chosen(some, (Plan(4), Plan(5), Plan(6)), seed=0).units == 5
    assert all(not learn & test and learn | test == set(range(7)) for learn, test in asked)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="of must be one of 'vowel', 'speaker', got 'sex'"):
        vowels.answers(rows, rows, 0, of="sex")
