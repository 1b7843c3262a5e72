"""When to refuse: a threshold on the best passage's score, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


@dataclass(frozen=True)
class Prices:
    """What each outcome costs, in any unit of money.

    Attributes
    ----------
    wrong : float
        An answer from a wrong passage, or to a question that the book does not answer.
    refused : float
        A question handed to a person, whether the book answers it or not.
    right : float
        A right answer; negative if it earns something.
    """

    wrong: float = 10.0
    refused: float = 2.0
    right: float = 0.0


def each(best: npt.ArrayLike, correct: npt.ArrayLike, threshold: float, prices: Prices) -> Array:
    """Return what each question costs.

    Parameters
    ----------
    best : array_like of shape (questions,)
        The score of what would be answered, such as a probability.
    correct : array_like of shape (questions,)
        Whether it is right; never, where the book does not answer.
    threshold : float
        Below it the question is refused.

    Examples
    --------
    >>> each([0.9, 0.8, 0.2], [True, False, False], 0.5, Prices(10, 2)).tolist()
    [0.0, 10.0, 2.0]
    """
    best, correct = checks.array("best", best, ndim=1), checks.plain("correct", correct)
    checks.same_length(best=best, correct=correct)
    answered = np.where(correct.astype(bool), prices.right, prices.wrong)
    return np.where(best >= threshold, answered, prices.refused)


def cost(best: npt.ArrayLike, correct: npt.ArrayLike, threshold: float, prices: Prices) -> float:
    """Return the mean cost of a question: see `each`.

    Examples
    --------
    >>> cost([0.9, 0.8, 0.2], [True, False, False], 0.5, Prices(10, 2))
    4.0
    """
    return float(each(best, correct, threshold, prices).mean())


def cheapest(best: Array, correct: Array, prices: Prices) -> float:
    """Return the threshold with the lowest mean cost; of equal ones the highest.

    Candidates lie in the middle between neighbouring scores, and outside all of them: answer
    everything (-inf) and refuse everything (inf).
    """
    found = np.unique(checks.array("best", best, ndim=1))
    tries = [np.inf, *((found[1:] + found[:-1]) / 2)[::-1], -np.inf]
    return float(min(tries, key=lambda limit: cost(best, correct, limit, prices)))


def shares(best: Array, correct: Array, answerable: Array, threshold: float) -> dict[str, float]:
    """Return what becomes of the questions at a threshold, as shares of each kind."""
    said = np.asarray(best) >= threshold
    right, known = np.asarray(correct, bool), np.asarray(answerable, bool)
    return {
        "answerable: right passage": float((said & right)[known].mean()),
        "answerable: wrong passage": float((said & ~right)[known].mean()),
        "answerable: refused": float((~said)[known].mean()),
        "unanswerable: answered": float(said[~known].mean()),
        "unanswerable: refused": float((~said)[~known].mean()),
    }


def least_probability(prices: Prices) -> float:
    """Return from which probability of being right an answer is worth more than a refusal.

    Examples
    --------
    >>> least_probability(Prices(wrong=10, refused=2))
    0.8
    """
    if not prices.right < prices.refused < prices.wrong:
        checks.fail("prices", "right below refused, and refused below wrong", prices)
    return (prices.wrong - prices.refused) / (prices.wrong - prices.right)
