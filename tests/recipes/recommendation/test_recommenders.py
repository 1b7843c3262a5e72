"""Baselines against dense films x films, splits, sampled hits and cold start against loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from bmcourse.datasets import FilmRatings, film_ratings
from bmcourse.recipes.recommendation import cold_start, methods, neighbours, sampled, splits

RNG = np.random.default_rng(1)
X = (RNG.random((12, 20)) < 0.3).astype(float)
X[:, 19] = 0  # a film that nobody watched
SEEN = sparse.csr_array(X)
NEW = sparse.csr_array((RNG.random((4, 20)) < 0.3).astype(float))


@pytest.fixture(scope="module")
def ratings() -> FilmRatings:
    """Return the rows of the first 60 users."""
    whole = film_ratings()
    rows = whole.user < 60
    parts = {name: getattr(whole, name)[rows] for name in ("user", "film", "stars", "time")}
    return replace(whole, **parts)


def test_popularity_counts_watchers() -> None:
    np.testing.assert_array_equal(neighbours.popularity(SEEN, 3), np.tile(X.sum(0), (3, 1)))


@pytest.mark.parametrize("new", [None, NEW])
@pytest.mark.parametrize("damping", [0.0, 0.5, 0.8])
def test_item_neighbours_sum_similarities(new: sparse.csr_array | None, damping: float) -> None:
    both, n = X.T @ X, np.maximum(X.sum(0), 1)
    alike = both / np.outer(n, n) ** damping
    served = X if new is None else new.toarray()
    np.testing.assert_allclose(neighbours.item_neighbours(SEEN, new, damping), served @ alike)


@pytest.mark.parametrize("new", [None, NEW])
def test_ease_is_the_formula_over_films(new: sparse.csr_array | None) -> None:
    P = np.linalg.inv(X.T @ X + 3.0 * np.eye(20))
    B = np.eye(20) - P / np.diag(P)
    np.testing.assert_allclose(np.diag(B), 0, atol=1e-12)
    served = X if new is None else new.toarray()
    np.testing.assert_allclose(neighbours.ease(SEEN, new, 3.0), served @ B, atol=1e-12)


def test_watched_films_are_left_out_and_the_tail_is_counted() -> None:
    found = neighbours.without(np.zeros(X.shape), SEEN)
    np.testing.assert_array_equal(np.isneginf(found), X > 0)
    counts = np.array([9, 1, 5, 7])
    assert neighbours.share_of_tail(np.array([[0, 1], [2, 3]]), counts, head=2) == 0.5


def test_each_split_holds_out_a_fifth(ratings: FilmRatings) -> None:
    rows = np.arange(len(ratings.user))
    for split in splits.SPLITS.values():
        assert split(ratings, rows, 0.2, 0).mean() == pytest.approx(0.2, abs=0.005)
    last = splits.last_of_each(ratings, rows, 0.2)
    late = splits.by_date(ratings, rows, 0.2)
    assert ratings.time[late].min() > ratings.time[~late].max()
    for user in range(60):
        own = ratings.user == user
        held = last[own]
        assert held.sum() == round(0.2 * own.sum())
        assert (np.diff(held.astype(int)) >= 0).all()  # first all False, then all True
    some = splits.at_random(ratings, rows, 0.2, 0)
    assert (some == splits.at_random(ratings, rows, 0.2, 0)).all()
    assert (some != splits.at_random(ratings, rows, 0.2, 1)).any()


def test_three_parts_share_no_row(ratings: FilmRatings) -> None:
    for split in splits.SPLITS.values():
        learn, valid, test = splits.three_parts(split, ratings)
        together = np.concatenate([learn, valid, test])
        assert sorted(together) == list(range(len(ratings.user)))
        assert len(learn) / len(together) == pytest.approx(0.64, abs=0.01)
    learn, valid, test = splits.three_parts(splits.by_date, ratings)
    assert ratings.time[learn].max() < ratings.time[valid].min()
    assert ratings.time[valid].max() < ratings.time[test].min()


@pytest.mark.parametrize("method", methods.RANKING)
def test_no_method_sees_the_held_out_rows(ratings: FilmRatings, method: str) -> None:
    rows = np.arange(0, len(ratings.user), 2)
    setting = methods.RANKING[method][2]
    found = methods.rank(method, ratings, rows, setting, 0)
    changed = replace(ratings, film=ratings.film.copy())
    changed.film[1::2] = 0
    np.testing.assert_array_equal(found, methods.rank(method, changed, rows, setting, 0))
    assert np.isneginf(found[ratings.user[rows], ratings.film[rows]]).all()
    assert np.isfinite(found).sum() == found.size - len(rows)


def test_recent_popularity_counts_late_rows_only(ratings: FilmRatings) -> None:
    rows = np.arange(len(ratings.user))
    found = methods.rank("popularity", ratings, rows, 365)
    late = ratings.time > ratings.time.max() - 365 * 86_400
    free = np.isfinite(found[5])
    counts = np.bincount(ratings.film[late], minlength=9066)
    np.testing.assert_array_equal(found[5][free], counts[free])


def test_stars_stay_within_the_scale_and_biases_help(ratings: FilmRatings) -> None:
    learn, valid, _ = splits.three_parts(splits.at_random, ratings)
    errors = {}
    for method, grid in methods.STARS.items():
        expected = methods.stars(method, ratings, learn, grid[-1])
        assert expected.min() >= 0.5
        assert expected.max() <= 5
        errors[method] = methods.squared_errors(ratings, expected, valid).mean()
    assert errors["biases"] < errors["mean"] - 0.05


def test_judged_users_have_rows_on_both_sides(ratings: FilmRatings) -> None:
    learn = np.flatnonzero(ratings.user < 30)
    test = np.flatnonzero(ratings.user >= 20)
    assert methods.judged(ratings, learn[learn % 2 == 0], test[test % 2 == 1]).tolist() == list(
        range(20, 30)
    )
    users = np.arange(20, 30)
    scores = RNG.random(ratings.shape)
    found = methods.by_user(ratings, scores, test, users, k=5)
    best = np.argsort(-scores[20])[:5]
    mine = set(ratings.film[ratings.user == 20].tolist())
    assert found["recall"][0] == pytest.approx(len(mine & set(best.tolist())) / min(5, len(mine)))


def test_places_and_drawn_hits_are_those_of_a_slow_loop() -> None:
    scores = RNG.integers(0, 5, (3, 40)).astype(float)
    scores[:, 30:] = -np.inf
    user, film = np.array([0, 0, 2]), np.array([4, 17, 9])
    place, others = sampled.places(scores, user, film)
    for row in range(3):
        mine = set(film[user == user[row]].tolist())
        rivals = [i for i in range(30) if i not in mine]
        key = (-scores[user[row], film[row]], film[row])
        ahead = [(-scores[user[row], i], i) < key for i in rivals]
        assert (place[row], others[row]) == (sum(ahead) + 1, len(rivals))
        hits = [sum(RNG.permutation(ahead)[:10]) < 2 for _ in range(4000)]
        chance = sampled.expected_hits(place, others, 2, 10)[row]
        assert np.mean(hits) == pytest.approx(chance, abs=0.03)
    drawn = np.mean([sampled.drawn_hits(place, others, 2, 10, RNG) for _ in range(4000)], axis=0)
    np.testing.assert_allclose(drawn, sampled.expected_hits(place, others, 2, 10), atol=0.03)


def test_with_all_negatives_the_sampled_hit_is_the_true_one() -> None:
    place, others = np.arange(1, 21), np.full(20, 25)
    np.testing.assert_array_equal(sampled.expected_hits(place, others, 7, 25), place <= 7)
    np.testing.assert_array_equal(sampled.drawn_hits(place, others, 7, 25, 0), place <= 7)
    assert sampled.mean_by_user(np.array([1.0, 0, 1]), np.array([2, 2, 5])).tolist() == [0.5, 1]


def test_newcomers_are_in_no_row_to_learn_from(ratings: FilmRatings) -> None:
    found = cold_start.newcomers(ratings.user, 8, 20, 10, 0)
    new = set(ratings.user[found.test].ravel().tolist())
    assert len(new) == 8
    assert not new & set(ratings.user[found.old].tolist())
    assert (ratings.user[found.first] == ratings.user[found.test[:, :1]]).all()
    assert len(np.unique(np.hstack([found.first, found.test]))) == 8 * 30


def test_what_is_known_of_newcomers_is_used_and_no_more(ratings: FilmRatings) -> None:
    found = cold_start.newcomers(ratings.user, 10, 20, 10, 0)
    settings = {"item neighbours": 0.4, "EASE": 50.0, "ALS": (4, 10, 5)}
    whole = cold_start.recall_of_new_users(ratings, found, (0, 5, 20), settings)
    alone = cold_start.recall_of_new_users(ratings, found, (5,), settings)
    for method, by_known in whole.items():
        np.testing.assert_allclose(by_known[5], alone[method][5])
        assert by_known[0].shape == (10,)
    errors = cold_start.errors_of_new_users(ratings, found, (0, 20), 12.0, 4)
    for by_known in errors.values():  # nothing known: nobody differs
        np.testing.assert_allclose(by_known[0], errors["film"][0])
    assert errors["and bias"][20].mean() < errors["film"][20].mean()


def test_a_new_film_starts_from_its_genres(ratings: FilmRatings) -> None:
    assert cold_start.traits(ratings).shape == (9066, 29)
    found = cold_start.newcomers(ratings.film, 30, 5, 5, 0)
    errors = cold_start.errors_of_new_films(ratings, found, (0, 5))
    gap = {k: errors["ratings"][k] - errors["ratings and genres"][k] for k in (0, 5)}
    assert np.abs(gap[0]).mean() > np.abs(gap[5]).mean() > 0
