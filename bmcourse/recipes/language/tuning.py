"""Make some texts likelier and others less likely: the one step that all fine-tuning takes.

A text has places that count: those of an answer. Its log-likelihood is the sum of the logarithms
of what the model gives to the ids at these places. Imitation, preferences and rewards differ in
one thing only: the weight by which each text's log-likelihood is pushed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.recipes.language import windows
from bmcourse.text import sampling

Array = npt.NDArray[Any]
KERNELS = ("query_kernel", "key_kernel", "value_kernel", "output_kernel", "hidden.kernel",
           "output.kernel")  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Texts of ids, filled up with 0 at the right.

    Attributes
    ----------
    ids : ndarray of shape (texts, steps)
    counted : ndarray of bool, shape (texts, steps)
        True at the places of the answers.
    """

    ids: Array
    counted: Array

    def __getitem__(self, rows: Any) -> Batch:
        """Return some of the texts, without columns that none of them uses."""
        ids, counted = self.ids[rows], self.counted[rows]
        used = int(np.flatnonzero(counted.any(axis=0))[-1]) + 1
        return Batch(ids[:, :used], counted[:, :used])

    def __len__(self) -> int:
        return len(self.ids)


def batch(questions: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]) -> Batch:
    """Join questions and answers; only the answers count.

    Examples
    --------
    >>> both = batch([[5, 6], [7]], [[8], [9, 9]])
    >>> both.ids.tolist(), both.counted.astype(int).tolist()
    ([[5, 6, 8], [7, 9, 9]], [[0, 0, 1], [0, 1, 1]])
    """
    checks.same_length(questions=np.empty(len(questions)), answers=np.empty(len(answers)))
    lengths = [len(q) + len(a) for q, a in zip(questions, answers, strict=True)]
    ids = np.zeros((len(lengths), max(lengths)), np.int64)
    counted = np.zeros(ids.shape, bool)
    for row, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        ids[row, : lengths[row]] = [*question, *answer]
        counted[row, len(question) : lengths[row]] = True
    return Batch(ids, counted)


def everywhere(texts: Batch) -> Batch:
    """Return the same texts, of which all places count: a usual mistake in fine-tuning."""
    last = texts.ids.shape[1] - texts.counted[:, ::-1].argmax(axis=1)  # behind each answer
    return Batch(texts.ids, np.arange(texts.ids.shape[1]) < last[:, np.newaxis])


def imitate(texts: Batch) -> Callable[[Array], Array]:
    """Return the weights of imitation: the same for all, so that the loss is a mean over places."""
    return lambda sums: np.full(len(sums), 1 / texts.counted[:, 1:].sum())


def prefer(reference: npt.ArrayLike, beta: float) -> Callable[[Array], Array]:
    """Return the weights of direct preference optimisation, DPO.

    The first half of the texts are the better answers, the second half the worse ones, in the
    same order. With m = β ((log P - log P_reference) of the better - the same of the worse), the
    loss of a pair is -log σ(m), and its slope pushes the two by β σ(-m) up and down.

    Parameters
    ----------
    reference : array_like of shape (texts,)
        Log-likelihoods of the same texts under the model before.
    beta : float
        How soon a difference to the reference is enough.

    References
    ----------
    Rafailov et al., "Direct Preference Optimization", 2023, section 4.

    Examples
    --------
    >>> prefer([-5.0, -6.0], beta=0.2)(np.array([-5.0, -6.0]))
    array([ 0.1, -0.1])
    """

    def weigh(sums: Array) -> Array:
        push = beta / (1 + np.exp(margins(sums, reference, beta)))  # β σ(-m)
        return np.concatenate([push, -push]) / len(push)

    return weigh


def margins(sums: Array, reference: npt.ArrayLike, beta: float) -> Array:
    """Return m of each pair, as in `prefer`; the loss is the mean of log(1 + exp(-m))."""
    better, worse = np.split(np.asarray(sums, float) - np.asarray(reference, float), 2)
    gap: Array = beta * (better - worse)
    return gap


def reinforce(
    rewards: npt.ArrayLike, reference: npt.ArrayLike | None = None, penalty: float = 0.0
) -> Callable[[Array], Array]:
    """Return the weights of REINFORCE: how much better each text did than the others' mean.

    Parameters
    ----------
    rewards : array_like of shape (texts,)
        Of texts that the model itself has drawn.
    reference : array_like of shape (texts,), optional
        Their log-likelihoods under the model before.
    penalty : float
        Taken from each reward for each unit of log P - log P_reference. On average that is the
        Kullback-Leibler divergence from the model before.

    References
    ----------
    Williams, "Simple statistical gradient-following algorithms", 1992. The mean of the others as
    a baseline: Kool, van Hoof and Welling, "Buy 4 REINFORCE samples, get a baseline for free!",
    2019.

    Examples
    --------
    >>> reinforce([1.0, 0.0, 0.0])(np.zeros(3)).round(3)
    array([ 0.333, -0.167, -0.167])
    """

    def weigh(sums: Array) -> Array:
        gained = np.asarray(rewards, float)
        if reference is not None:
            gained = gained - penalty * (sums - np.asarray(reference, float))
        others = (gained.sum() - gained) / (len(gained) - 1)
        return (gained - others) / len(gained)

    return weigh


def log_likelihoods(model: nn.Sequential, texts: Batch, size: int = 32) -> Array:
    """Return for each text the sum of log P(id | ids before it) over the places that count."""
    found = [_summed(model.forward(part.ids[:, :-1]), part)[0] for part in _parts(texts, size)]
    return np.concatenate(found)


def all_right(model: nn.Sequential, texts: Batch, size: int = 32) -> npt.NDArray[np.bool_]:
    """Say for each text whether the likeliest id is the right one at all places that count.

    That is so exactly where the model, asked for its likeliest answer, gives this one.
    """
    found = []
    for part in _parts(texts, size):
        right = model.forward(part.ids[:, :-1]).argmax(axis=-1) == part.ids[:, 1:]
        found.append((right | ~part.counted[:, 1:]).all(axis=1))
    return np.concatenate(found)


class Tuner:
    """Change a GPT's weights, all of them or corrections of low rank.

    Parameters
    ----------
    model : Sequential
        From `numpy_gpt`. It is changed in place. Its table of ids serves both ends from now on.
    optimizer : Optimizer
    low_rank : LowRank, optional
        Corrections to the kernels of `model`; then nothing else is changed.
    """

    def __init__(
        self, model: nn.Sequential, optimizer: nn.Optimizer, low_rank: nn.LowRank | None = None
    ) -> None:
        self.model, self.optimizer, self.low_rank = model, optimizer, low_rank
        self.table = model.layers[0].params["embeddings"]
        model.layers[-1].params["kernel"] = self.table.T  # a view: one table, both ends

    def step(self, texts: Batch, weigh: Callable[[Array], npt.ArrayLike]) -> Array:
        """Push each text's log-likelihood by its weight; return what they were before.

        Parameters
        ----------
        texts : Batch
        weigh : callable
            From the log-likelihoods of the texts, shape (texts,), to their weights: above 0
            makes a text likelier, below 0 less likely. Minus the sum of weight times
            log-likelihood has the gradient that the optimizer gets.
        """
        logits = self.model.forward(texts.ids[:, :-1])
        sums, shares = _summed(logits, texts)
        weights = np.asarray(weigh(sums), logits.dtype)[:, np.newaxis] * texts.counted[:, 1:]
        chosen = texts.ids[:, 1:, np.newaxis]
        gradient = shares * weights[..., np.newaxis]  # w (p - onehot): (texts, steps, ids)
        at_chosen = np.take_along_axis(gradient, chosen, axis=-1) - weights[..., np.newaxis]
        np.put_along_axis(gradient, chosen, at_chosen, axis=-1)
        self.model.backward(gradient)
        self.optimizer.step(self._pairs())
        if self.low_rank:
            self.low_rank.write()
        return sums

    def _pairs(self) -> list[tuple[Array, Array]]:
        params, grads = self.model.params, self.model.grads
        if self.low_rank:
            return list(self.low_rank.params_and_grads(grads))
        names = list(params)
        both_ends = grads[names[0]] + grads[names[-2]].T  # the table reads and writes
        rest = [(params[name], grads[name]) for name in names[1:-2]]
        return [(self.table, both_ends), *rest]


def kernels(model: nn.Sequential) -> dict[str, Array]:
    """Return the kernels of a GPT's blocks, which `LowRank` corrects: all but tables and norms."""
    return {name: values for name, values in model.params.items() if name.endswith(KERNELS)}


def draw_answers(
    model: nn.Sequential,
    questions: Sequence[Sequence[int]],
    n: int,
    rng: np.random.Generator,
    stop: int | None = None,
    temperature: float = 1.0,
) -> Batch:
    """Draw an answer of `n` ids to each question, or fewer where the id `stop` ends it."""
    lengths = np.array([len(question) for question in questions])
    ids = batch(questions, [[0] * n] * len(questions)).ids
    rows, going = np.arange(len(ids)), np.ones(len(ids), bool)
    counted = np.zeros(ids.shape, bool)
    for step in range(checks.integer("n", n)):
        places = lengths + step
        logits = model.forward(ids[:, : places.max()])[rows, places - 1]  # (questions, ids)
        drawn = sampling.draw(sampling.with_temperature(logits, temperature), rng)
        ids[rows[going], places[going]] = drawn[going]
        counted[rows[going], places[going]] = True
        going &= drawn != (-1 if stop is None else stop)
        if not going.any():
            break
    return Batch(ids, counted)


def bits_a_character(
    model: nn.Sequential, tokenizer: Any, ids: npt.ArrayLike, context: int = 128
) -> float:
    """Return how many bits a character of held-out text takes, in windows of `context` ids."""
    text = np.asarray(ids)
    bits = windows.joined(windows.surprises(model.forward, text, context))
    return float(bits.sum()) / len(tokenizer.decode(text[1:]))


def _parts(texts: Batch, size: int) -> list[Batch]:
    return [texts[first : first + size] for first in range(0, len(texts), size)]


def _summed(logits: Array, texts: Batch) -> tuple[Array, Array]:
    """Return log-likelihoods (texts,) and probabilities (texts, steps, ids)."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    shares = np.exp(shifted)
    total = shares.sum(axis=-1, keepdims=True)
    shares /= total
    chosen = np.take_along_axis(shifted, texts.ids[:, 1:, np.newaxis], axis=-1)
    logs = (chosen - np.log(total))[..., 0]
    return (logs * texts.counted[:, 1:]).sum(axis=1), shares
