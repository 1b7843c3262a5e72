"""Factors: gradients by central differences, formulas by Ridge and by direct solves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import Ridge

from bmcourse.recipes.recommendation import als, factorise

RNG = np.random.default_rng(0)
SHAPE = (7, 9)
KNOWN = np.sort(RNG.permutation(63)[:30])
USER, FILM = KNOWN // 9, KNOWN % 9
R = RNG.normal(size=30)
P, Q = RNG.normal(size=(7, 3)), RNG.normal(size=(9, 3))
TABLE = sparse.csr_array((R, (USER, FILM)), shape=SHAPE)
SEEN = sparse.csr_array((np.ones(30), (USER, FILM)), shape=SHAPE)


def test_the_gradient_is_that_of_central_differences() -> None:
    dP, dQ = factorise.gradient(P, Q, USER, FILM, R, 0.3)
    a, b = RNG.normal(size=dP.shape), RNG.normal(size=dQ.shape)
    for x, y, slope in ((a, 0 * b, np.sum(dP * a)), (0 * a, b, np.sum(dQ * b))):
        up, down = (
            factorise.loss(P + step * x, Q + step * y, USER, FILM, R, 0.3) for step in (1e-5, -1e-5)
        )
        assert (up - down) / 2e-5 == pytest.approx(slope, rel=1e-7)


def test_gradient_descent_meets_the_formula() -> None:
    found, other, losses = factorise.descend(P, Q, USER, FILM, R, 0.5, 0.03, 4000)
    assert losses[0] == factorise.loss(P, Q, USER, FILM, R, 0.5)
    assert (np.diff(losses) <= 1e-12).all()
    np.testing.assert_allclose(found, als.solve(TABLE, SEEN, other, 0.5), atol=1e-4)


def test_biases_are_the_ridge_of_two_sets_of_indicators() -> None:
    X = np.zeros((30, 16))
    X[np.arange(30), USER] = X[np.arange(30), 7 + FILM] = 1
    fitted = Ridge(alpha=2.0, fit_intercept=False).fit(X, R - R.mean()).coef_
    mean, b, c = factorise.biases(USER, FILM, R, SHAPE, 2.0, sweeps=300)
    assert mean == pytest.approx(R.mean())
    np.testing.assert_allclose(np.concatenate([b, c]), fitted, atol=1e-8)


def test_a_user_without_ratings_has_no_bias() -> None:
    _, b, c = factorise.biases(USER, FILM, R, (8, 10), 2.0)
    assert b[7] == c[9] == 0


def test_each_user_is_a_ridge_regression() -> None:
    found = als.solve(TABLE, SEEN, Q, 0.7)
    for u in range(7):
        own = u == USER
        fitted = Ridge(alpha=0.7, fit_intercept=False).fit(Q[FILM[own]], R[own]).coef_
        np.testing.assert_allclose(found[u], fitted)


def test_explicit_als_never_raises_its_loss() -> None:
    found, other, losses = als.explicit(TABLE, SEEN, 3, 0.5, rng=0)
    assert len(losses) == 20
    assert (np.diff(losses) <= 1e-12).all()
    assert losses[-1] == pytest.approx(factorise.loss(found, other, USER, FILM, R, 0.5))


def test_implicit_als_is_least_squares_over_all_films() -> None:
    found = als.fold_in(SEEN, Q, penalty=0.7, confidence=4.0)
    X = SEEN.toarray()
    for u in range(7):
        root = np.sqrt(1 + 4.0 * X[u])  # a row for each film, and one for each factor's penalty
        rows = np.vstack([root[:, None] * Q, np.sqrt(0.7) * np.eye(3)])
        wanted = np.linalg.lstsq(rows, np.concatenate([root * X[u], np.zeros(3)]), rcond=None)[0]
        np.testing.assert_allclose(found[u], wanted)


def test_many_factors_give_the_direct_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.random.default_rng(1)
    entries = [0, 1, 2, 2, 3, 4, 5, 9]  # fewer than the four factors, as many, and more
    weight = np.zeros((8, 9))
    for row, n in zip(weight, entries, strict=True):
        row[draws.permutation(9)[:n]] = draws.uniform(0.5, 6, n)
    seen, Q = sparse.csr_array(weight), draws.normal(size=(9, 4))
    R = sparse.csr_array(weight * draws.normal(size=weight.shape))
    monkeypatch.setattr(als, "MANY", 3)
    for everywhere in (0.0, 1.0):
        found = als.solve(R, seen, Q, 0.7, everywhere)
        for p, c, b in zip(found, weight, (R @ Q), strict=True):
            A = everywhere * Q.T @ Q + Q.T @ (c[:, None] * Q) + 0.7 * np.eye(4)
            np.testing.assert_allclose(p, np.linalg.solve(A, b), rtol=1e-10, atol=1e-12)


def test_both_ways_agree_above_and_below_the_limit() -> None:
    draws = np.random.default_rng(2)
    for factors in (als.MANY, als.MANY + 1):
        P, Q = als.implicit(SEEN, factors, 0.7, 4.0, draws, sweeps=3)
        pairs = als.by_entries(4 * SEEN, Q, Q.T @ Q + 0.7 * np.eye(factors), 5 * SEEN @ Q)
        np.testing.assert_allclose(als.fold_in(SEEN, Q, 0.7, 4.0), pairs, atol=1e-12)
        assert P.shape == (7, factors)


def test_more_sweeps_never_raise_the_implicit_loss() -> None:
    losses = [
        als.implicit_loss(SEEN, *als.implicit(SEEN, 3, 0.7, 4.0, 0, sweeps), 0.7, 4.0)
        for sweeps in range(1, 7)
    ]
    assert (np.diff(losses) <= 1e-12).all()
    by_loop = sum((1 + 4.0 * x) * (x - 0.1) ** 2 for x in SEEN.toarray().ravel())
    ones = np.full((7, 1), 0.1), np.ones((9, 1))
    penalty = 0.7 * (7 * 0.01 + 9)
    assert als.implicit_loss(SEEN, *ones, 0.7, 4.0) == pytest.approx((by_loop + penalty) / 2)


def test_bad_settings_are_named() -> None:
    with pytest.raises(ValueError, match="penalty"):
        als.solve(TABLE, SEEN, Q, 0.0)
    with pytest.raises(ValueError, match="steps"):
        factorise.descend(P, Q, USER, FILM, R, 0.5, 0.03, 0)
