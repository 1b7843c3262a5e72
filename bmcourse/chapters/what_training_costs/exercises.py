"""Exercises on what training costs."""

from __future__ import annotations

import math

import numpy as np

from bmcourse.exercises import Exercise


def _flops(
    features: int, blocks: int, context: int, vocabulary: int, *, score: int = 1, logit: int = 1
) -> int:
    """Return the operations of a forward pass, a token."""
    block = 2 * 4 * features**2 + score * 2 * 2 * context * features + 2 * 8 * features**2
    return blocks * block + logit * 2 * vocabulary * features


_ALL = "features, blocks, context, vocabulary"
forward = Exercise(
    "operations of a forward pass",
    reference=lambda features, blocks, context, vocabulary: _flops(
        features, blocks, context, vocabulary
    ),
    cases=lambda _: [
        (8, 1, 4, 10),
        (16, 2, 64, 80),
        (64, 4, 128, 1024),
        (768, 12, 1024, 50257),
    ],
    mistakes={
        f"_flops({_ALL}) // 2": "Each weight costs a product and a sum: two operations.",
        f"3 * _flops({_ALL})": "That is a training step. Here only the forward pass is asked for.",
        f"_flops({_ALL}, score=0)": "The scores are missing: each query meets `context` keys, and the values are mixed with as many weights.",
        f"_flops({_ALL}, logit=0)": "The last layer is missing: `features` numbers to `vocabulary` logits.",
        f"_flops({_ALL}, score=0, logit=0)": "That is 2 N, two for each weight of the blocks. The scores and the logits are missing.",
        f"_flops({_ALL}) - blocks * 2 * context * features": "Half of the scores is missing. They use `context` twice: queries times keys, and then weights times values. If you halved them for the causal mask: count all pairs here, because the usual programs compute them all.",
        f"_flops({_ALL}) + 2 * vocabulary * features": "You counted the table twice. Looking up a row multiplies nothing.",
        f"_flops({_ALL}) - 2 * blocks * features**2": "Attention has four projections: query, key, value, and output.",
        f"_flops({_ALL}) - 8 * blocks * features**2": "The network has two layers: features to 4 features, and back.",
        f"_flops({_ALL}, logit=context)": "Count for one token: it makes one row of logits.",
        f"context * _flops({_ALL})": "Count for one token, not for a whole window.",
        "_flops(features, 1, context, vocabulary)": "That is one block.",
    },
)


def _best(C: float, A: float, B: float, alpha: float, beta: float) -> tuple[float, float]:
    """Return N and D of the least loss."""
    N = (alpha * A / (beta * B) * (C / 6) ** beta) ** (1 / (alpha + beta))
    return N, C / 6 / N


def _bare(C: float, A: float, B: float, alpha: float, beta: float) -> tuple[float, float]:
    """Split with a number in front that leaves out the exponents."""
    N = (A / B * (C / 6) ** beta) ** (1 / (alpha + beta))
    return N, C / 6 / N


best_split = Exercise(
    "the best split of a budget",
    reference=lambda C, A, B, alpha, beta: dict(
        zip("ND", _best(C, A, B, alpha, beta), strict=True)
    ),
    cases=lambda _: [
        (6e4, 1.0, 1.0, 0.5, 0.5),
        (6e6, 2.0, 50.0, 0.5, 0.25),
        (5.76e23, 406.4, 410.7, 0.34, 0.28),
        (5.76e23, 482.01, 2085.43, 0.3478, 0.3658),
    ],
    mistakes={
        "dict(zip('ND', _best(6 * C, A, B, alpha, beta)))": "The six is missing: C = 6 N D, so N D = C / 6.",
        "dict(zip('ND', _best(3 * C, A, B, alpha, beta)))": "You took 2 N D. That is the forward pass; the backward pass costs twice as much again.",
        "dict(zip('ND', _best(C, A, B, beta, alpha)))": "alpha and beta are exchanged: alpha belongs to N, beta to D.",
        "dict(zip('DN', _best(C, A, B, alpha, beta)))": "N and D are exchanged.",
        "dict(zip('ND', _bare(C, A, B, alpha, beta)))": "The derivatives bring the exponents down: alpha A against beta B, not A against B.",
        "dict(zip('ND', _best(C, B, A, alpha, beta)))": "A and B are exchanged: A belongs to the weights.",
        "{'N': (C / 6) ** 0.5, 'D': (C / 6) ** 0.5}": "You gave N and D the same size. The four numbers of the law decide.",
        "{'N': (C / 120) ** 0.5, 'D': 20 * (C / 120) ** 0.5}": "That is the rule of 20 tokens a weight. Derive it for any law.",
        "{'N': _best(C, A, B, alpha, beta)[0], 'D': C / _best(C, A, B, alpha, beta)[0]}": "D: the six is missing. D = C / (6 N).",
        "_best(C, A, B, alpha, beta)": "Return a dictionary with N and D.",
    },
)


_STATES = {"sgd": 0, "momentum": 1, "adam": 2}


def _memory(optimizer: str, mixed: bool, *, master: int = 4, state: int = 4) -> int:
    """Return bytes a weight."""
    own = 2 + 2 + master if mixed else 4 + 4
    return own + state * _STATES[optimizer]


step_memory = Exercise(
    "bytes that a step keeps",
    reference=lambda weights, optimizer, mixed: weights * _memory(optimizer, mixed),
    cases=lambda _: [
        (weights, optimizer, mixed)
        for weights in (1, 1000)
        for optimizer in _STATES
        for mixed in (False, True)
    ],
    mistakes={
        "weights * _memory(optimizer, mixed, master=0)": "Mixed precision keeps a third copy: the master weights, 4 bytes each. Small steps would be lost in 2 bytes.",
        "weights * _memory(optimizer, mixed, state=2 if mixed else 4)": "The optimizer's numbers stay in single precision, 4 bytes, also when weights and gradients take 2.",
        "weights * (_memory(optimizer, mixed) - (2 if mixed else 4))": "The gradients are missing: one number for each weight.",
        "weights * (_memory(optimizer, mixed) - 4 * (optimizer == 'adam'))": "Adam keeps two numbers for each weight: the mean of the gradients, and of their squares.",
        "weights * (_memory(optimizer, mixed) - 4 * _STATES[optimizer])": "The optimizer's own numbers are missing: momentum keeps one for each weight, Adam two.",
        "weights * (8 if mixed else 16)": "Half of Adam's 16 is not right: only weights and gradients shrink, and a master copy is added.",
        "_memory(optimizer, mixed)": "That is one weight. Multiply by their number.",
        "8 * weights * _memory(optimizer, mixed)": "Those are bits. Count bytes.",
        "weights * (2 if mixed else 4)": "That is what using a model takes. Training keeps gradients and the optimizer's numbers as well.",
    },
)


bits = Exercise(
    "nats a token to bits a character",
    reference=lambda nats, characters: nats / math.log(2) / characters,
    cases=lambda rng: [
        (math.log(2), 1.0),
        (math.log(2), 4.0),
        (3.0, 4.0),
        *((float(a), float(b)) for a, b in 1 + 4 * np.abs(rng.normal(size=(3, 2)))),
    ],
    mistakes={
        "nats * math.log(2) / characters": "Turned around: a bit is the smaller unit, ln 2 = 0.69 nats. The same surprise is more bits than nats, so divide by ln 2.",
        "nats / math.log(2) * characters": "A token's bits are shared by its characters: divide by their number.",
        "nats / characters": "These are nats a character. Divide by ln 2, too.",
        "nats / math.log(2)": "These are bits a token. Its characters share them.",
        "nats / math.log10(2) / characters": "That is a logarithm with base 10. A nat is counted with the natural logarithm.",
        "math.log2(nats) / characters": "Do not take a logarithm of the loss: it is a mean of logarithms already. Change its unit.",
        "math.exp(nats) / characters": "That is the perplexity. Here the unit of the loss is to change.",
    },
)
