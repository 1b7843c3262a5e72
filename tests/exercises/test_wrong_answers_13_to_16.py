"""Natural wrong answers of chapters 13 to 16: each gets a hint, not two numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import (
    class_imbalance,
    metrics,
    three_frameworks,
    thresholds_and_money,
)
from bmcourse.exercises.checker import Exercise

Array = Any


def adam(
    power: int = 2,
    forgotten: Callable[..., float] = lambda beta, t: beta**t,
    mean_of: Callable[..., Any] = lambda m, correction: m / correction,
    kept: bool = True,
    swapped: bool = False,
) -> Any:
    def attempt(w: float, gradients: Array, rate: float, b1: float, b2: float, eps: float) -> float:
        m = v = 0.0
        b1, b2 = (b2, b1) if swapped else (b1, b2)
        for t, g in enumerate(gradients, start=1):
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**power
            first = mean_of(m, 1 - forgotten(b1, t))
            second = v / (1 - forgotten(b2, t))
            w -= rate * first / (np.sqrt(second) + eps)
            if not kept:
                m, v = first, second
        return w

    return attempt


def divided(part: float, whole: float, undefined: Any = 0) -> Any:
    return part / whole if whole else undefined


def ratios(last: Callable[..., Any] | None = None, undefined: Any = 0) -> Any:
    def attempt(tp: int, fp: int, fn: int, tn: int) -> Any:
        precision = divided(tp, tp + fp, undefined)
        recall = divided(tp, tp + fn, undefined)
        f1 = divided(2 * tp, 2 * tp + fp + fn, undefined)
        return precision, recall, last(tp, fp, fn, tn, precision, recall) if last else f1

    return attempt


def wins(y: Array, score: Array) -> tuple[float, int, int, int]:
    won = ties = 0.0
    positives, negatives = score[y == 1], score[y == 0]
    for a in positives:
        won += sum(a > negatives)
        ties += sum(a == negatives)
    return won, int(ties), len(positives), len(negatives)


def auc(share: Callable[..., Any]) -> Any:
    return lambda y, score: share(*wins(y, score))


def down_to(reached: Callable[..., bool]) -> Any:
    def attempt(y: Array, score: Array, target: float) -> Any:
        for threshold in np.sort(score)[::-1]:
            if reached(y, score >= threshold, target):
                return threshold
        return None

    return attempt


def quantile(method: Any) -> Any:
    return lambda y, score, target: np.quantile(score[y == 1], 1 - target, method=method)


def nearest(y: Array, score: Array, target: float) -> float:
    return min(sorted(score)[::-1], key=lambda t: abs(np.mean(score[y == 1] >= t) - target))


def at_place(
    answer: Callable[..., Any],
    enough: Callable[..., Any] = lambda found, recall: found >= recall * found[-1],
) -> Any:
    def attempt(y: Array, score: Array, recall: float) -> Any:
        order = np.argsort(score)[::-1]
        found = np.cumsum(y[order])
        return answer(found, int(np.argmax(enough(found, recall))), score[order])

    return attempt


def precision(found: Array, place: int, score: Array) -> Any:
    return found[place] / (place + 1)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def focal(slope: Callable[..., Any]) -> Any:
    return lambda z, gamma: slope(sigmoid(z), gamma)


def ranked(change: Callable[..., Any], earned: Callable[..., Any] | None = None) -> Any:
    def attempt(y: Array, score: Array, gain: float, cost: float) -> Any:
        hits = y[np.argsort(score)[::-1]]
        each = earned(hits, gain, cost) if earned else np.where(hits == 1, gain, -cost)
        return change(np.concatenate([[0], np.cumsum(each)]))

    return attempt


def loans(
    when: Callable[..., Any] = lambda y, p, saves, check: p * saves >= check,
    whole: bool = False,
    other: Callable[..., Any] = lambda y, saves: 0,
) -> Any:
    def attempt(y: Array, p: Array, amount: Array, share: float, check: float) -> Any:
        saves = share * amount
        checked = when(y, p, saves, check)
        earned = (amount if whole else saves) * y - check
        return np.where(checked, earned, other(y, saves)).mean()

    return attempt


WEIGHTS, FORGOTTEN = three_frameworks.to_pytorch, three_frameworks.without_zero_grad
EPSILON, ADAM = three_frameworks.epsilon_for_pytorch, three_frameworks.pytorch_adam
RATIOS, AUC = metrics.ratios, metrics.auc_by_pairs
RATES, THRESHOLD = metrics.precision_from_rates, metrics.threshold_for_recall
BALANCED, AT = class_imbalance.balanced_weights, class_imbalance.precision_at_recall
THINNED, FOCAL = class_imbalance.after_undersampling, class_imbalance.focal_slope
EVEN, ASK = thresholds_and_money.break_even_precision, thresholds_and_money.ask_between
RANKED, LOANS = thresholds_and_money.profits_by_rank, thresholds_and_money.profit_with_amounts

CHAPTER_13 = [
    (WEIGHTS, lambda w: [x.T for i in range(0, len(w), 2) for x in (w[i + 1], w[i])], "before"),
    (WEIGHTS, lambda w: [k.T for k in w[::2]] + w[1::2], "follows its kernel"),
    (WEIGHTS, lambda w: [x.T if x.ndim == 2 else x.reshape(1, -1) for x in w], "one axis"),
    (WEIGHTS, lambda w: [(w[i].T, w[i + 1]) for i in range(0, len(w), 2)], "without pairs"),
    (WEIGHTS, lambda w: [w[0].T, w[1], w[2].T, w[3]], "use a loop"),
    (WEIGHTS, lambda w: [w[0].T, *w[1:]], "not of the first one only"),
    (FORGOTTEN, lambda g, r: abs(r * np.cumsum(g).sum()), "Keep the sign"),
    (FORGOTTEN, lambda g, r: abs(r * np.cumsum(g)).sum(), "keep their signs"),
    (FORGOTTEN, lambda g, r: -r * sum((k + 1) * x for k, x in enumerate(g)), "in one only"),
    (FORGOTTEN, lambda g, r: -r * np.cumsum(g).mean(), "mean step"),
    (FORGOTTEN, lambda g, r: -r * g[-1], "Add up all steps"),
    (FORGOTTEN, lambda g, r: np.cumsum(g).sum(), "learning rate is missing"),
    (EPSILON, lambda e, b, t: e / np.sqrt(b**t), "not beta_2**t"),
    (EPSILON, lambda e, b, t: e / (1 - np.sqrt(b**t)), "covers all"),
    (EPSILON, lambda e, b, t: np.sqrt(e / (1 - b**t)), "outside the root"),
    (EPSILON, lambda e, b, t: e / np.sqrt((1 - b) ** t), "to beta_2 alone"),
    (EPSILON, lambda e, b, t: e / np.sqrt(1 - b ** (t + 1)), "to the power t"),
    (EPSILON, lambda e, b, t: 1 / np.sqrt(1 - b**t), "Multiply epsilon"),
    (EPSILON, lambda e, b, t: np.sqrt(1 - b**t), "Divide epsilon"),
    (ADAM, adam(forgotten=lambda beta, t: beta), "as if it were the first"),
    (ADAM, adam(forgotten=lambda beta, t: beta * t), "two stars"),
    (ADAM, adam(kept=False), "for the next step"),
    (ADAM, adam(power=1), "mean of squares"),
    (ADAM, adam(mean_of=lambda m, correction: m), "but not the mean."),
    (ADAM, adam(swapped=True), "are swapped"),
    (ADAM, lambda w, g, r, b1, b2, e: adam()(w, g, r, 1 - b1, 1 - b2, e), "gets 1 - beta"),
    (ADAM, lambda w, g, r, *rest: adam()(w, g, 1, *rest), "learning rate is missing"),
    (ADAM, lambda w, g, r, b1, b2, e: adam()(w, g, r, b1, b2, 0), "Epsilon is missing"),
    (ADAM, lambda w, *rest: adam()(w, *rest) - w, "how far w moved"),
    (ADAM, lambda w, g, *rest: adam()(w, g[:1], *rest), "first step only"),
]
CHAPTER_14 = [
    (RATIOS, ratios(lambda tp, fp, fn, tn, p, r: divided(p * r, p + r)), "above the line"),
    (RATIOS, ratios(lambda tp, fp, fn, *_: divided(tp, tp + fp + fn)), "above and below"),
    (RATIOS, ratios(lambda tp, fp, fn, *_: divided(2 * tp, tp + fp + fn)), "below the line, too"),
    (RATIOS, ratios(lambda tp, fp, fn, tn, p, r: (p * r) ** 0.5), "geometric mean"),
    (RATIOS, ratios(lambda tp, fp, fn, tn, *_: (tp + tn) / (tp + fp + fn + tn)), "place of F1"),
    (
        RATIOS,
        lambda tp, fp, fn, tn: ((tp + tn) / (tp + fp + fn + tn), *ratios()(tp, fp, fn, tn)[1:]),
        "place of the precision",
    ),
    (RATIOS, ratios(undefined=np.nan), "not a number"),
    (RATIOS, ratios(undefined=None), "You gave None"),
    (AUC, auc(lambda won, ties, p, n: (2 * won + ties) / (p * n) - 1), "Gini"),
    (AUC, auc(lambda won, ties, p, n: divided(won, p * n - ties)), "A tie is a pair, too"),
    (AUC, auc(lambda won, ties, p, n: (won + ties / 2) / n), "every negative"),
    (AUC, auc(lambda won, ties, p, n: (won + ties / 2) / (p + n)), "number of samples"),
    (RATES, lambda s, r, f: (1 - s) * r / ((1 - s) * r + s * f), "shares are swapped"),
    (RATES, lambda s, r, f: r / (r + (1 - s) * f), "Multiply it by `share`"),
    (RATES, lambda s, r, f: s / (s + (1 - s) * f), "Not all positives are found"),
    (RATES, lambda s, r, f: s * r / (s + (1 - s) * f), "share times recall"),
    (RATES, lambda s, r, f: s * r + (1 - s) * f, "cases called positive"),
    (THRESHOLD, down_to(lambda y, called, t: y[called].mean() >= t), "asked for a precision"),
    (THRESHOLD, down_to(lambda y, called, t: (y & called).mean() >= t), "by all cases"),
    (THRESHOLD, lambda y, score, t: np.quantile(score, 1 - t), "positives only"),
    (THRESHOLD, quantile("lower"), "may be too low"),
    (THRESHOLD, quantile("higher"), "may be too high"),
    (THRESHOLD, quantile("nearest"), "Count the positives found"),
    (THRESHOLD, lambda y, score, t: min(score[y == 1]), "finds all positives"),
    (THRESHOLD, nearest, "at least the target"),
    (
        THRESHOLD,
        lambda y, score, t: list(score).index(
            down_to(lambda y, called, t: called[y == 1].mean() >= t)(y, score, t)
        ),
        "Return the score there",
    ),
]
CHAPTER_15 = [
    (BALANCED, lambda c: (1 / c) / np.mean(1 / c), "not those of the classes"),
    (BALANCED, lambda c: 1 - c / c.sum(), "hardly differs"),
    (BALANCED, lambda c: c.sum() // (len(c) * c), "not //"),
    (BALANCED, lambda c: (c.sum() - c) / c, "rows of the others"),
    (BALANCED, lambda c: c.sum() / len(c) * c, "brackets"),
    (BALANCED, lambda c: c.min() / c, "rarest class"),
    (BALANCED, lambda c: np.repeat(c.sum() / (len(c) * c), c), "not for each row"),
    (AT, at_place(precision, lambda found, r: found > r * found[-1]), "not >"),
    (AT, at_place(precision, lambda found, r: found >= int(r * found[-1])), "too few are found"),
    (
        AT,
        at_place(lambda f, place, s: max(f[i] / (i + 1) for i in range(place, len(f)))),
        "from there on",
    ),
    (AT, at_place(lambda found, place, score: found[place]), "the positives found"),
    (AT, at_place(lambda found, place, score: found[place] / len(found)), "not by all rows"),
    (AT, at_place(lambda found, place, score: score[place]), "the score there"),
    (AT, lambda y, s, r: at_place(precision)(y, -np.arange(len(y)), r), "order of their scores"),
    (AT, lambda *case: 1 - at_place(precision)(*case), "false alarms"),
    (THINNED, lambda q, kept: q / kept, "You divided the probability"),
    (THINNED, lambda q, kept: kept * q / (kept * q + 1 - kept), "is 1 - q"),
    (THINNED, lambda q, k: k * q / (k * q + (1 - k) * (1 - q)), "stays as it is"),
    (THINNED, lambda q, kept: q / (kept * q + 1 - q), "missing above"),
    (THINNED, lambda q, kept: 1 - kept * q / (kept * q + 1 - q), "of a negative"),
    (THINNED, lambda q, kept: kept * q / (1 - q), "Those are the odds"),
    (FOCAL, focal(lambda p, g: (1 - p) ** g * (p * np.log(p) + p - 1)), "has the factor"),
    (FOCAL, focal(lambda p, g: (1 - p) ** (g - 1) * (g * p * np.log(p) + p - 1)), "is missing"),
    (
        FOCAL,
        focal(lambda p, g: g * (1 - p) ** (g - 1) * np.log(p) - (1 - p) ** g * (1 - p)),
        "goes through p, too: multiply it",
    ),
    (
        FOCAL,
        focal(lambda p, g: g * (1 - p) ** g * p * np.log(p) - (1 - p) ** g / p),
        "multiply 1 / p",
    ),
    (FOCAL, focal(lambda p, g: (1 - p) ** g * np.log(p)), "minus the loss"),
    (FOCAL, focal(lambda p, g: (1 - p) ** g * (g * p * np.log10(p) + p - 1)), "np.log."),
]
CHAPTER_16 = [
    (EVEN, lambda gain, cost: cost / (gain - cost), "Add the two"),
    (EVEN, lambda gain, cost: (gain - cost) / gain, "solve for q"),
    (ASK, lambda fp, fn, fee: (1 - fee / fn, fee / fp), "'positive' with 1 - p."),
    (ASK, lambda fp, fn, fee: (fee / fp, 1 - fee / fp), "high is right"),
    (ASK, lambda fp, fn, fee: (fee / fp, fee / fn), "two probabilities"),
    (ASK, lambda fp, fn, fee: fee / fn, "low is right. Return both"),
    (
        ASK,
        lambda fp, fn, fee: (fee / fn, 1 - fee / fp) if fee / fn < 1 - fee / fp else None,
        "all the same",
    ),
    (ASK, lambda fp, fn, fee: (fn / fee, 1 - fp / fee), "Turn the fractions over"),
    (RANKED, ranked(lambda sums: sums / (len(sums) - 1)), "Those are means. Return"),
    (RANKED, ranked(lambda s: s / np.r_[1, 1 : len(s)]), "means of the flagged"),
    (RANKED, ranked(np.array, lambda hits, g, c: np.where(hits, c, -g)), "amounts are swapped"),
    (RANKED, ranked(np.array, lambda hits, g, c: np.where(hits, -c, g)), "for the negatives"),
    (RANKED, ranked(np.flip), "order is reversed"),
    (RANKED, ranked(lambda sums: sums[:-1]), "last one is missing"),
    (RANKED, ranked(np.array, lambda hits, g, c: hits), "Those are the hits"),
    (
        RANKED,
        lambda y, s, g, c: (
            ranked(np.array)(y, s, g, c)
            - g * (y.sum() - ranked(np.array, lambda hits, g, c: hits)(y, s, g, c))
        ),
        "not flagged earns nothing",
    ),
    (LOANS, loans(whole=True), "not all of it"),
    (LOANS, loans(lambda y, p, saves, check: y == 1), "not known before"),
    (LOANS, loans(lambda y, p, saves, check: y * saves >= check), "not known before"),
    (LOANS, loans(lambda y, p, saves, check: np.mean(p) * saves >= check), "mean probability"),
    (LOANS, loans(lambda y, p, saves, check: p * saves < check), "other way round"),
    (LOANS, loans(lambda y, p, saves, check: p * saves >= (1 - p) * check), "for certain"),
    (
        LOANS,
        lambda y, p, amount, share, check: np.mean(
            (p * share * amount >= check) * share * amount * y - check
        ),
        "around the difference",
    ),
    (LOANS, loans(other=lambda y, saves: -y * saves), "counts 0"),
    (LOANS, lambda y, p, a, share, check: np.mean(p * share * a >= check), "are checked"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"), CHAPTER_13 + CHAPTER_14 + CHAPTER_15 + CHAPTER_16
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message
