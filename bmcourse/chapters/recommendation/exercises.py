"""Exercises on recommendation: a gradient, a formula, a discounted gain, what a view costs."""

from __future__ import annotations

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise


def _film_gradient(q: Array, P: Array, r: Array, penalty: float) -> Array:
    return penalty * q - P.T @ (r - P @ q)


def _rated(rng: np.random.Generator) -> list[Case]:
    small = (np.array([1.0]), np.array([[1.0], [2.0]]), np.array([2.0, 1.0]), 0.5)
    return [small, (rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5), 2.0)]


film_gradient = Exercise(
    "the gradient of one film's factors",
    reference=_film_gradient,
    cases=_rated,
    mistakes={
        "penalty * q + P.T @ (r - P @ q)": "The sign: the error is r minus the product, so the product enters with a minus, and so does its derivative.",
        "P.T @ (r - P @ q) - penalty * q": "That is the direction that lowers the loss. The gradient is its opposite.",
        "-P.T @ (r - P @ q)": "Where is the penalty? Half of penalty times the square of q has a derivative, too.",
        "2 * (penalty * q - P.T @ (r - P @ q))": "Both parts of the loss are halved: the 2 of the square is gone.",
        "2 * penalty * q - P.T @ (r - P @ q)": "The penalty is halved, too: the derivative of half of penalty times q squared is penalty times q.",
        "penalty * q - 2 * P.T @ (r - P @ q)": "The squared errors are halved: the 2 of the square is gone.",
        "penalty * q - P.T @ (r - P @ q) / len(r)": "The loss is a sum over the ratings, not a mean.",
        "penalty * q - P.T @ r": "The error is what is left of r after the prediction P @ q.",
    },
)


def _user_formula(Q: Array, r: Array, penalty: float) -> Array:
    return np.linalg.solve(Q.T @ Q + penalty * np.eye(Q.shape[1]), Q.T @ r)


def _films(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[1.0], [1.0], [-1.0]]), np.array([2.0, 1.0, -1.0]), 1.0)
    return [small, (rng.normal(size=(6, 3)), rng.normal(size=6), 0.7)]


user_formula = Exercise(
    "the best factors of one user",
    reference=_user_formula,
    cases=_films,
    mistakes={
        "np.linalg.lstsq(Q, r, rcond=None)[0]": "That is without the penalty: add penalty times the identity matrix to Q'Q.",
        "np.linalg.solve(Q.T @ Q + penalty, Q.T @ r)": "The penalty stands on the diagonal only: penalty times the identity matrix. NumPy has added it to every entry.",
        "np.linalg.solve(Q.T @ Q - penalty * np.eye(Q.shape[1]), Q.T @ r)": "The sign of the penalty: from dp = 0 it comes to the side of Q'Q with a plus.",
        "np.linalg.solve(Q.T @ Q + 2 * penalty * np.eye(Q.shape[1]), Q.T @ r)": "Both parts of the loss are halved: the penalty enters once, not twice.",
        "np.linalg.solve(Q.T @ Q + len(Q) * penalty * np.eye(Q.shape[1]), Q.T @ r)": "Here the penalty does not grow with the number of ratings: the loss is a sum.",
        "Q.T @ r": "That is only the right side of the equation. Solve for p.",
        "(Q.T @ Q + penalty * np.eye(Q.shape[1])) @ (Q.T @ r)": "Solve the equation A p = b: do not multiply b by A.",
        "Q.T @ r / (np.diag(Q.T @ Q) + penalty)": "The factors are not independent: Q'Q has entries beside its diagonal. Solve the whole system.",
    },
)


def _ndcg(hits: Array, relevant: int) -> float:
    discount = 1 / np.log2(np.arange(2, len(hits) + 2))
    return float(hits @ discount / discount[: min(relevant, len(hits))].sum())


ndcg = Exercise(
    "the discounted gain of one list",
    reference=_ndcg,
    cases=lambda rng: [
        (np.array([1, 0, 0, 1, 0]), 3),
        (np.array([0, 1, 1]), 7),
        (np.array([0, 1, 0, 0]), 1),
    ],
    mistakes={
        "float(hits @ (1 / np.log2(np.arange(2, len(hits) + 2))))": "That is the gain of this list. Divide it by the gain of the best list.",
        "float(hits @ (1 / np.log2(np.arange(2, len(hits) + 2))) / (1 / np.log2(np.arange(2, len(hits) + 2))).sum())": "The best list cannot have more hits than there are relevant films.",
        "float(hits @ (1 / np.log2(np.arange(2, len(hits) + 2))) / (1 / np.log2(np.arange(2, relevant + 2))).sum())": "The best list has no more places than this one: with more relevant films than places, stop at the last place.",
        "float(hits @ (1 / np.log2(np.arange(2, len(hits) + 2))) / (1 / np.log2(np.arange(2, hits.sum() + 2))).sum())": "The best list holds all relevant films that fit, not only those which this list found.",
        "float(hits.sum() / min(relevant, len(hits)))": "That is the recall: it does not ask at which place a hit stands.",
        "float(hits @ (1 / np.arange(1, len(hits) + 1)) / (1 / np.arange(1, min(relevant, len(hits)) + 1)).sum())": "The discount is a logarithm: place t counts 1 over log2(t + 1), not 1 over t.",
        "float(hits @ (1 / np.log2(np.arange(2, len(hits) + 2))) / min(relevant, len(hits)))": "The hits of the best list are discounted, too: its second place counts less than its first.",
    },
)


def _cost(shown: int, watched: int, held_back: int, watched_anyway: int, price: float) -> float:
    return price / (watched / shown - watched_anyway / held_back)


cost_of_extra = Exercise(
    "the price of an extra view",
    reference=_cost,
    cases=lambda rng: [(1000, 400, 500, 150, 0.02), (5000, 900, 1000, 130, 0.01)],
    mistakes={
        "price * shown / watched": "That is the price of a view. Some of them would have happened anyway: take their rate off.",
        "price * shown / (watched - watched_anyway)": "The two groups differ in size: divide the views without a recommendation by the users who were held back.",
        "price * (watched / shown - watched_anyway / held_back)": "That is the price times the extra views per recommendation. How much is paid for one extra view?",
        "watched / shown - watched_anyway / held_back": "Those are the extra views per recommendation. What does one of them cost?",
        "price / (watched_anyway / held_back - watched / shown)": "The difference the other way round: extra is with us, minus without us.",
        "price / ((watched + watched_anyway) / (shown + held_back))": "That mixes the two groups. Extra is the difference of their rates.",
        "price / (watched / shown / (watched_anyway / held_back) - 1)": "That is the relative growth. A cost needs the number of extra views: the difference of the rates.",
        "price * shown / (watched / shown - watched_anyway / held_back)": "`price` is for one recommendation, and the difference of the rates is per recommendation, too.",
    },
)
