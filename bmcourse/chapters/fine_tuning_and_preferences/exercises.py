"""Exercises on fine-tuning and preferences."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _mask_cases(_: np.random.Generator) -> list[Case]:
    return [
        (np.array([3]), np.array([2]), 6),
        (np.array([4, 2, 1]), np.array([1, 3, 2]), 6),
        (np.array([5, 7]), np.array([5, 1]), 10),
    ]


def _mask(asked: Array, answered: Array, steps: int) -> Array:
    places = np.arange(steps - 1)
    first = asked[:, np.newaxis] - 1
    return (places >= first) & (places < first + answered[:, np.newaxis])


def _between(first: Array, last: Array, steps: int) -> Array:
    places = np.arange(steps - 1)
    return (places >= first[:, np.newaxis]) & (places < last[:, np.newaxis])


answer_mask = Exercise(
    "where the loss counts",
    reference=_mask,
    cases=_mask_cases,
    mistakes={
        "_between(asked, asked + answered, steps)": "Shifted by one: place t predicts id t + 1. The first id of the answer is predicted at the last place of the question.",
        "_between(asked - 2, asked - 2 + answered, steps)": "Shifted by one to the left: the first id of the answer stands at place `asked`, and is predicted at `asked - 1`.",
        "_between(asked - 1, asked * 0 + steps, steps)": "You count what fills the row up behind the answer, too. The model would learn to write it.",
        "_between(asked * 0, asked + answered - 1, steps)": "That is the loss on everything: the places of the question count, too.",
        "~_mask(asked, answered, steps)": "Turned around: True where the loss counts.",
        "_between(asked, asked + answered - 1, steps)": "The first id of the answer is missing. It is predicted at the last place of the question, `asked - 1`.",
        "_between(asked - 1, asked + answered, steps)": "One place too many: the last id of the answer has nothing behind it to predict.",
        "_between(asked - 1, asked + answered - 2, steps)": "The last id of the answer is missing: without it, the model never learns to stop.",
        "_between(asked - 1, asked, steps)": "Only the first id of each answer counts there.",
        "_between(asked, asked + answered, steps + 1)": "That marks the ids themselves. There is one place less: the last id predicts nothing. And place t predicts id t + 1.",
    },
)


def _lora_cases(rng: np.random.Generator) -> list[Case]:
    def case(n: int, d: int, u: int, r: int, s: float) -> Case:
        arrays = [rng.normal(size=shape) for shape in ((n, d), (n, u), (d, r), (r, u))]
        return (*arrays, s)

    small = (np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), np.eye(2), np.eye(2), 2.0)
    return [small, case(3, 3, 3, 3, 0.5), case(5, 4, 6, 2, 4.0), case(2, 6, 3, 1, 8.0)]


def _lora_back(X: Array, dZ: Array, A: Array, B: Array, s: float) -> dict[str, Array]:
    return {"dA": s * X.T @ (dZ @ B.T), "dB": s * (X @ A).T @ dZ}


lora_backward = Exercise(
    "LoRA, backward",
    reference=_lora_back,
    cases=_lora_cases,
    mistakes={
        "_lora_back(X, dZ, A, B, 1)": "The factor s stands in front of X A B, so it stands in both gradients.",
        "_lora_back(X, dZ, A, B, s) | {'dA': X.T @ (dZ @ B.T)}": "dA: the factor s is missing.",
        "_lora_back(X, dZ, A, B, s) | {'dB': (X @ A).T @ dZ}": "dB: the factor s is missing.",
        "_lora_back(X, dZ, A, B, s) | {'dB': s * X.T @ dZ}": "dB: that is the gradient of the whole kernel. What stands before B is X A.",
        "_lora_back(X, dZ, A, B, s) | {'dA': s * X.T @ dZ}": "dA: that is the gradient of the whole kernel. On the way back to A, dZ passes through B.",
        "_lora_back(X, dZ, A, B, s) | {'dA': s * X.T @ (dZ @ B)}": "dA: on the way back, B is transposed.",
        "{'dA': _lora_back(X, dZ, A, B, s)['dB'], 'dB': _lora_back(X, dZ, A, B, s)['dA']}": "The two gradients have changed places.",
        "_lora_back(X, dZ, A, B, s**2)": "You have s twice. It stands once in the formula.",
        "_lora_back(X / len(X), dZ, A, B, s)": "Add over the rows; no mean. What a loss divides by is in dZ already.",
    },
)


def _dpo_cases(rng: np.random.Generator) -> list[Case]:
    start = (np.array([-5.0, -7.0]), np.array([-6.0, -9.0]))
    drawn = [
        (*(rng.normal(-20, 5, size=n) for _ in range(4)), beta) for n, beta in ((3, 0.1), (5, 1.0))
    ]
    far = (np.array([-3000.0]), np.array([-10.0]), np.array([-10.0]), np.array([-12.0]), 0.5)
    return [*drawn, (*start, *start, 0.2), far]


def _dpo(better: Array, worse: Array, better_0: Array, worse_0: Array, beta: float) -> float:
    margin = beta * ((better - better_0) - (worse - worse_0))
    return float(np.logaddexp(0, -margin).mean())


def _naive(better: Array, worse: Array, better_0: Array, worse_0: Array, beta: float) -> float:
    margin = beta * ((better - better_0) - (worse - worse_0))
    with np.errstate(all="ignore"):
        return float(-np.log(1 / (1 + np.exp(-margin))).mean())


def _spread_out(better: Array, worse: Array, b_0: Array, w_0: Array, beta: float) -> Array:
    return np.asarray(np.logaddexp(0, -beta * ((better - b_0) - (worse - w_0))))


dpo_loss = Exercise(
    "the loss of DPO",
    reference=_dpo,
    cases=_dpo_cases,
    mistakes={
        "_dpo(worse, better, worse_0, better_0, beta)": "The sign: the loss must fall when the better text becomes likelier. Yours falls when the worse one does.",
        "_dpo(better, worse, better_0, worse_0, 1)": "beta is missing.",
        "_dpo(better, worse, better_0, worse_0, 1 / beta)": "You divided by beta. Multiply.",
        "_dpo(better, worse, 0 * better_0, 0 * worse_0, beta)": "The model before is missing: only what has changed since then counts. With it the loss starts at ln 2.",
        "_dpo(better, worse, -better_0, -worse_0, beta)": "You add the log-likelihoods of the model before, or the two have changed places. From each text subtract its own: it is the logarithm of a ratio.",
        "_dpo(better, 0 * worse, better_0, 0 * worse_0, beta)": "The worse text is missing.",
        "-_dpo(better, worse, better_0, worse_0, beta)": "That is the mean of log σ. A loss has the minus sign.",
        "_spread_out(better, worse, better_0, worse_0, beta)": "Return one number, the mean over the pairs.",
        "_spread_out(better, worse, better_0, worse_0, beta).sum()": "Take the mean over the pairs, not the sum.",
        "_dpo(np.exp(better), np.exp(worse), np.exp(better_0), np.exp(worse_0), beta)": "You were given logarithms. Use them as they are; exp turns them into probabilities.",
        _naive: "Right, until exp overflows: with a margin of -1496 it gives infinity. -log σ(m) is log(1 + exp(-m)); np.logaddexp(0, -m) computes it without overflow.",
    },
)


def _merge_cases(rng: np.random.Generator) -> list[Case]:
    def case(d: int, u: int, r: int, alpha: float) -> Case:
        return *(rng.normal(size=shape) for shape in ((d, u), (d, r), (r, u))), alpha

    return [case(2, 2, 1, 3.0), case(4, 3, 2, 16.0), case(3, 5, 4, 2.0), case(4, 4, 4, 8.0)]


def _merge(W: Array, A: Array, B: Array, alpha: float) -> Array:
    return W + alpha / A.shape[1] * A @ B


merge = Exercise(
    "merge LoRA into its kernel",
    reference=_merge,
    cases=_merge_cases,
    mistakes={
        "W + A @ B": "The factor alpha / r is missing.",
        "W + alpha * A @ B": "You multiplied by alpha alone. The factor is alpha / r.",
        "W + A @ B / A.shape[1]": "You divided by r, but alpha is missing.",
        "W + A.shape[1] / alpha * A @ B": "The factor is turned around: alpha / r, not r / alpha.",
        "W + alpha / np.sqrt(A.shape[1]) * A @ B": "You divided by the root of r. (There is a variant that does, rsLoRA. Here it is r.)",
        "W + alpha / len(A) * A @ B": "You divided by the number of inputs. r is the number of columns of A.",
        "alpha / A.shape[1] * A @ B": "That is the correction alone. Add it to the kernel.",
        "W - alpha / A.shape[1] * A @ B": "The correction is added, not subtracted.",
        "alpha / A.shape[1] * (W + A @ B)": "The factor belongs to the correction alone; the kernel stays whole.",
    },
)


def _advantages(rewards: Array) -> Array:
    others = (rewards.sum() - rewards) / (len(rewards) - 1)
    return np.asarray(rewards - others)


advantages = Exercise(
    "better than the others",
    reference=_advantages,
    cases=lambda rng: [
        (np.array([1.0, 0.0, 0.0, 0.0]),),
        (np.array([2.0, 4.0]),),
        (np.full(3, 7.0),),
        (rng.normal(size=6) * 5,),
    ],
    mistakes={
        "rewards - rewards.mean()": "Your mean holds the text's own reward. Take the mean of the others.",
        "rewards": "The baseline is missing: subtract from each reward the mean of the others.",
        "-_advantages(rewards)": "The sign: a text better than the others must get a number above 0.",
        "(rewards - rewards.mean()) / (rewards.std() + 1e-8)": "You divided by the deviation, as GRPO does. Here only the mean of the others is subtracted.",
        "(rewards - rewards.mean()) / max(rewards.std(), 1e-12)": "You divided by the deviation, as GRPO does. Here only the mean of the others is subtracted.",
        "(rewards.sum() - rewards) / (len(rewards) - 1)": "That is the baseline. Subtract it from the rewards.",
        "rewards - (rewards.sum() - rewards) / len(rewards)": "The others are one fewer: divide by n - 1.",
        "rewards - np.median(rewards)": "Take the mean of the others, not the median.",
        "rewards - rewards.max()": "Take the mean of the others, not the best.",
        "_advantages(rewards) / len(rewards)": "Almost: here, do not divide by the number of texts.",
    },
)
