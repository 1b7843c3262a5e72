"""N-gram models: what comes next, from the last few symbols alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array

Ids = npt.NDArray[np.int64]


class NGramModel:
    """The probability of the next symbol after the last `order` - 1, by Kneser and Ney's rule.

    Each count loses a discount D; what was saved goes to the model of one symbol less. The shorter
    models count in how many different contexts a symbol stood, not how often. Kneser and Ney,
    "Improved Backing-Off for M-Gram Language Modeling", 1995, in the interpolated form of Chen and
    Goodman, 1999, with D = n₁ / (n₁ + 2 n₂) from the numbers of counts 1 and 2.

    Parameters
    ----------
    order : int
        Symbols looked at, the next one included. 1 knows frequencies alone.
    symbols : int
        How many symbols there are; they are numbered from 0.

    Examples
    --------
    >>> model = NGramModel(2, 3).fit([0, 1, 0, 1, 0, 2, 0, 1, 0, 1])
    >>> float(model.bits([0, 1, 0, 1])) < float(model.bits([1, 1, 2, 2]))
    True
    >>> float(model.next([0]).sum().round(12))
    1.0
    """

    def __init__(self, order: int, symbols: int) -> None:
        self.order = checks.integer("order", order)
        self.symbols = checks.integer("symbols", symbols)
        if self.order * np.log2(self.symbols) >= 63:
            most = int(63 / np.log2(self.symbols))
            checks.fail("order", f"at most {most} for {symbols} symbols", order)
        self._levels: list[_Level] = []

    def fit(self, ids: npt.ArrayLike) -> NGramModel:
        """Count all n-grams of a sequence of symbols; return the model itself."""
        sequence = self._sequence("ids", ids)
        grams = _keys(sequence, self.order, self.symbols)
        found, counts = np.unique(grams, return_counts=True)
        self._levels = [_Level(found, counts, self.symbols)]
        for length in range(self.order - 1, 0, -1):
            # in how many contexts of one symbol more does each shorter n-gram stand?
            longer = _keys(sequence, length + 1, self.symbols)
            shorter = np.unique(longer) % self.symbols**length
            found, counts = np.unique(shorter, return_counts=True)
            self._levels.append(_Level(found, counts, self.symbols))
        self._levels.reverse()  # from one symbol on
        return self

    def probabilities(self, ids: npt.ArrayLike) -> Array:
        """Return the probability of each symbol after those before it, shape (n,).

        The first ones have a shorter context than the others.
        """
        sequence = self._sequence("ids", ids)
        if not self._levels:
            raise RuntimeError("probabilities need fit first")
        result = np.full(len(sequence), 1 / self.symbols)
        for length, level in enumerate(self._levels, start=1):
            grams = _keys(sequence, length, self.symbols)
            result[length - 1 :] = level.mixed(grams, result[length - 1 :])
        return result

    def bits(self, ids: npt.ArrayLike) -> float:
        """Return the mean of -log2 of the probabilities: bits a symbol, lower is better."""
        return float(-np.log2(self.probabilities(ids)).mean())

    def next(self, context: npt.ArrayLike) -> Array:
        """Return the probability of every symbol after a context, shape (symbols,)."""
        given = np.asarray(context, dtype=np.int64).reshape(-1)
        last = given[max(0, len(given) - self.order + 1) :]
        rows = [np.append(last, symbol) for symbol in range(self.symbols)]
        return np.array([self.probabilities(row)[-1] for row in rows])

    def _sequence(self, argument: str, ids: npt.ArrayLike) -> Ids:
        return checks.labels(argument, ids, classes=self.symbols).astype(np.int64)


class _Level:
    """The counts of all n-grams of one length, and of their contexts."""

    def __init__(self, grams: Ids, counts: Array, symbols: int) -> None:
        self.grams, self.counts, self.symbols = grams, counts, symbols
        once, twice = np.sum(counts == 1), np.sum(counts == 2)
        self.discount = float(once / (once + 2 * twice)) if once else 0.5
        self.contexts, starts = np.unique(grams // symbols, return_index=True)  # grams are sorted
        self.totals = np.add.reduceat(counts, starts)
        self.kinds = np.diff(starts, append=len(grams))  # different symbols after each context

    def mixed(self, grams: Ids, shorter: Array) -> Array:
        """Return the probabilities of n-grams, from those of the shorter model."""
        count = _looked_up(self.grams, self.counts, grams)
        total = _looked_up(self.contexts, self.totals, grams // self.symbols)
        kinds = _looked_up(self.contexts, self.kinds, grams // self.symbols)
        seen = total > 0  # an unseen context says nothing: the shorter model decides
        own = np.maximum(count - self.discount, 0) + self.discount * kinds * shorter
        return np.where(seen, own / np.where(seen, total, 1), shorter)


def _keys(sequence: Ids, length: int, symbols: int) -> Ids:
    """Return each run of `length` symbols as one number, its digits in base `symbols`."""
    keys = np.zeros(max(0, len(sequence) - length + 1), np.int64)
    for place in range(length):
        keys = keys * symbols + sequence[place : place + len(keys)]
    return keys


def _looked_up(known: Ids, values: Array, wanted: Ids) -> npt.NDArray[Any]:
    """Return the value of each wanted key, 0 where it is not known."""
    if len(known) == 0:
        return np.zeros(len(wanted))
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[place] == wanted, values[place], 0)
