"""The two worlds with known tastes: what is drawn, what is shown, and what is extra."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.recommendation import feedback, uplift


def test_the_loop_shows_each_film_to_a_user_once(monkeypatch: pytest.MonkeyPatch) -> None:
    likes = feedback.tastes(30, 60, np.random.default_rng(0))
    seen = np.zeros(likes.shape, int)
    look = feedback._look

    def count(own: np.ndarray, lists: np.ndarray, *rest: np.ndarray) -> feedback.Round:
        assert all(len(set(row)) == 5 for row in lists.tolist())
        np.add.at(seen, (np.arange(30)[:, None], lists), 1)
        return look(own, lists, *rest)

    monkeypatch.setattr(feedback, "_look", count)
    feedback.simulate(likes, learn_from="shown", explore=0.3, rounds=8, rng=0)
    assert seen.max() == 1
    assert (seen.sum(axis=1) == 40).all()


def test_a_round_is_described_by_its_lists() -> None:
    likes = np.array([[0.9, 0.1, 0.5, 0.2], [0.8, 0.3, 0.6, 0.1]])
    log = np.array([[True, False, False, False], [False] * 4])
    own, lists = np.array([[2], [0]]), np.array([[3], [0]])
    found = feedback._look(own, lists, likes, log)
    assert found.films == 0.5
    assert found.liking == pytest.approx((0.2 + 0.8) / 2)
    assert found.model == pytest.approx((0.5 + 0.8) / 2)
    assert found.best == pytest.approx((0.5 + 0.8) / 2)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_loop_narrows_and_the_control_does_not(seed: int) -> None:
    likes = feedback.tastes(150, 300, np.random.default_rng(seed))
    loop, control = (
        feedback.simulate(likes, learn_from=source, rounds=8, rng=seed)
        for source in ("shown", "random")
    )
    assert loop[0] == control[0]  # the same start
    assert control[-1].films > loop[-1].films + 0.08
    assert loop[-1].top > control[-1].top + 0.05


def test_exploring_puts_new_films_into_a_share_of_the_places() -> None:
    rng = np.random.default_rng(0)
    log = rng.random((400, 50)) < 0.2
    own = feedback.top_k(np.where(log, -np.inf, rng.random(log.shape)), 5)
    lists = feedback._explored(own, log, 0.3, rng)
    assert (lists != own).mean() == pytest.approx(0.3, abs=0.03)
    assert not np.take_along_axis(log, lists, axis=1).any()
    assert (feedback._explored(own, log, 0.0, rng) == own).all()


def test_what_is_known_to_nobody_is_all_extra() -> None:
    found = uplift.world(50, 40, 0)
    assert (found.anyway <= found.shown).all()
    np.testing.assert_allclose(found.anyway, found.shown * found.known)
    unknown = uplift.World(found.shown, 0 * found.anyway, 0 * found.known)
    hit, extra = uplift.judge(unknown, found.shown, 5)
    assert hit == extra == pytest.approx(np.sort(found.shown, axis=1)[:, -5:].mean())


def test_hits_and_extra_are_those_of_a_slow_loop() -> None:
    found, scores = uplift.world(6, 9, 0), np.random.default_rng(1).random((6, 9))
    hits, extras = [], []
    for user in range(6):
        for film in np.argsort(-scores[user])[:3]:
            hits.append(found.shown[user, film])
            extras.append(found.shown[user, film] - found.anyway[user, film])
    assert uplift.judge(found, scores, 3) == pytest.approx((np.mean(hits), np.mean(extras)))


def test_a_trial_finds_what_is_extra() -> None:
    found = uplift.world(4000, 60, 0)
    lists = np.argsort(-found.anyway, axis=1)[:, :5]
    treated, watched = uplift.trial(found, lists, 0)
    assert treated.sum() == 2000
    _, extra = uplift.judge(found, found.anyway, 5)
    estimate = watched[treated].mean() - watched[~treated].mean()
    assert estimate == pytest.approx(extra, abs=0.02)


def test_the_share_of_extra_is_found_by_a_random_trial() -> None:
    found = uplift.world(4000, 60, 0)
    share = uplift.extra_by_film(found, 10, 0, prior=1.0)
    assert np.abs(share - (1 - found.known)).mean() < 0.07
    assert ((share >= 0) & (share <= 1)).all()


def test_watching_is_drawn_with_the_chances() -> None:
    drawn = uplift.watch(np.full((200, 200), 0.3), 0)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert drawn.mean() == pytest.approx(0.3, abs=0.01)


def test_bad_settings_are_named() -> None:
    likes = feedback.tastes(5, 40, np.random.default_rng(0))
    with pytest.raises(ValueError, match="learn_from"):
        feedback.simulate(likes, learn_from="all", rng=0)
    with pytest.raises(ValueError, match="explore"):
        feedback.simulate(likes, learn_from="shown", explore=1.0, rng=0)
